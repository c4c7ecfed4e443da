// My records as the server last said: to look at without a network, and to count this week's.

const { fetchMyRecords } = require('./activities.js')

const KEY = 'last-records'
const COUNT = 'week-count'

/** @typedef {{weeks: ActivityWeek[], records: ActivityCard[], returned: ActivityCard[], at: string}} Known */

/** @returns {Known | null} */
const knownRecords = () => wx.getStorageSync(KEY) || null

/** @param {Known} known */
function noteRecords(known) {
  wx.setStorageSync(KEY, known)
  return known
}

/** @typedef {{monday: string, records: number, returned: number}} WeekCount */

/** How many of mine a week has, as last said. @param {string} monday @returns {WeekCount | null} */
function knownCount(monday) {
  const known = wx.getStorageSync(COUNT)
  return known && known.monday === monday ? known : null
}

/** @param {string} monday @param {string} sunday @returns {Promise<WeekCount>} */
async function countWeek(monday, sunday) {
  const [week, returned] = await Promise.all([fetchMyRecords({ from: monday, to: sunday, page_size: 1 }), fetchMyRecords({ status: 'returned', page_size: 1 })])
  const count = { monday, records: week.total, returned: returned.total }
  wx.setStorageSync(COUNT, count)
  return count
}

/** What one person wrote is not shown to the next. */
function forgetRecords() {
  wx.removeStorageSync(KEY)
  wx.removeStorageSync(COUNT)
}

module.exports = { knownRecords, noteRecords, knownCount, countWeek, forgetRecords }
