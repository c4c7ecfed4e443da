// Spot checks (查岗): the one that is open, how it is answered, and what was missed.

const { request } = require('./request.js')
const { noteServerTime } = require('./clock.js')
const { oneLine } = require('./typing.js')

/** Reading it tells the server that it has arrived, and begins the time for the answer. @returns {Promise<SpotCheck | null>} */
async function fetchOpenCheck() {
  const { spot_check, server_time } = await request({ path: '/spot-checks/open' })
  noteServerTime(server_time)
  return spot_check
}

/** @param {number} page @returns {Promise<Listed<SpotCheck>>} */
const fetchChecks = (page) => request({ path: '/spot-checks', query: { page } })

/**
 * @typedef {{means: 'location', location: Place | null, location_denied: boolean}
 *   | {means: 'code', code: string, location: Place | null}
 *   | {means: 'surgery' | 'clinic'}} Answer
 */

/** @param {string} id @param {Answer} answer @returns {Promise<SpotCheck>} */
const answerCheck = (id, answer) => request({ method: 'POST', path: `/spot-checks/${id}/answer`, body: answer })

/** @param {string} id @param {string} text @returns {Promise<SpotCheck>} */
const explainCheck = (id, text) => request({ method: 'POST', path: `/spot-checks/${id}/explain`, body: { text: oneLine(text) } })

module.exports = { fetchOpenCheck, fetchChecks, answerCheck, explainCheck }
