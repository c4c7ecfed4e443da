// Records that wait for a countersignature: read with what is beside each, signed one by one or many, given back.

const { request } = require('./request.js')
const { oneLine } = require('./typing.js')

/** The server signs as many at once, and lists as many. */
const MOST_AT_ONCE = 100

/** @type {string[]} what was last seen to need an eye, in its order: so that one leads to the next */
let toOpen = []

/** @param {number} page @returns {Promise<Listed<WaitingActivity>>} */
const fetchWaitingPage = (page) => request({ path: '/activities/waiting', query: { page, page_size: MOST_AT_ONCE } })

/** @returns {Promise<WaitingActivity[]>} all that wait */
async function fetchWaiting() {
  /** @type {WaitingActivity[]} */
  const records = []
  for (let page = 1; ; page += 1) {
    const { items, total } = await fetchWaitingPage(page)
    records.push(...items)
    if (!items.length || records.length >= total) break
  }
  toOpen = records.filter(({ odd }) => odd.length).map(({ id }) => id)
  return records
}

/** @param {string} id what is open now @returns {{id: string, count: number}} which comes next, and how many are left */
function nextToOpen(id) {
  const place = toOpen.indexOf(id)
  const left = toOpen.filter((other) => other !== id)
  return { id: toOpen.slice(place + 1)[0] || left[0] || '', count: left.length }
}

/** @param {string} id it is decided */
function forgetToOpen(id) {
  toOpen = toOpen.filter((other) => other !== id)
}

/** @typedef {{id: string, version: number}} SignedOne */

/**
 * Signs those of these that are clean; what is left comes with the reason.
 * @param {SignedOne[]} records
 * @returns {Promise<{done: string[], left: {id: string, code: string, message: string}[]}>}
 */
function countersignTogether(records) {
  const named = records.slice(0, MOST_AT_ONCE).map(({ id, version }) => ({ id, version }))
  return request({ method: 'POST', path: '/activities/countersign', body: { records: named } })
}

/** @param {SignedOne} record @returns {Promise<Activity>} */
const countersignRecord = ({ id, version }) => request({ method: 'POST', path: `/activities/${id}/countersign`, body: { version } })

/** @param {SignedOne} record @param {string} reason @returns {Promise<Activity>} */
const returnRecord = ({ id, version }, reason) => request({ method: 'POST', path: `/activities/${id}/return`, body: { version, reason: oneLine(reason) } })

module.exports = { MOST_AT_ONCE, fetchWaiting, nextToOpen, forgetToOpen, countersignTogether, countersignRecord, returnRecord }
