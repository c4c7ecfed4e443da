// Weeks from Monday to Sunday.

const { isoOf } = require('./clock.js')

const DAY_MS = 24 * 3600 * 1000

/** @param {string} day YYYY-MM-DD @param {number} days @returns {string} */
const dayAfter = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** @param {string} day YYYY-MM-DD @returns {string} the Monday of its week */
function mondayOf(day) {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return dayAfter(day, -weekday)
}

const thisMonday = () => mondayOf(isoOf().slice(0, 10))

module.exports = { dayAfter, mondayOf, thisMonday }
