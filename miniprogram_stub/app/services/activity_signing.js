// Records that wait for a countersignature: read with what is beside each, signed one by one or many, given back.

const { request } = require('./request.js')
const { fetchAll, MOST_AT_ONCE, namesOf, newRound } = require('./signing.js')
const { oneLine } = require('./typing.js')

/** What was last seen to need an eye. */
const round = newRound()

/** @param {number} page @returns {Promise<Listed<WaitingActivity>>} */
const fetchWaitingPage = (page) => request({ path: '/activities/waiting', query: { page, page_size: MOST_AT_ONCE } })

/** @returns {Promise<WaitingActivity[]>} all that wait */
async function fetchWaiting() {
  const { items } = await fetchAll(fetchWaitingPage)
  round.begin(items.filter(({ odd }) => odd.length).map(({ id }) => id))
  return items
}

/** @typedef {{id: string, version: number}} SignedOne */

/**
 * Signs those of these that are clean; what is left comes with the reason.
 * @param {SignedOne[]} records
 * @returns {Promise<import('./signing.js').Outcome>}
 */
async function countersignTogether(records) {
  const { done, left } = await request({ method: 'POST', path: '/activities/countersign', body: { records: namesOf(records) } })
  return { done: done.length, left }
}

/** @param {SignedOne} record @returns {Promise<Activity>} */
const countersignRecord = ({ id, version }) => request({ method: 'POST', path: `/activities/${id}/countersign`, body: { version } })

/** @param {SignedOne} record @param {string} reason @returns {Promise<Activity>} */
const returnRecord = ({ id, version }, reason) => request({ method: 'POST', path: `/activities/${id}/return`, body: { version, reason: oneLine(reason) } })

module.exports = { fetchWaiting, nextToOpen: round.next, forgetToOpen: round.forget, countersignTogether, countersignRecord, returnRecord }
