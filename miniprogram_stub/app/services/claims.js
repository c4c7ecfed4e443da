// Claims of subsidies (下乡补贴): read, explained line by line, handed in, decided one by one or many.

const { request } = require('./request.js')
const { fetchAll, MOST_AT_ONCE, namesOf, newRound } = require('./signing.js')
const { oneLine } = require('./typing.js')

/** @typedef {{id: string, version: number}} Versioned */

/** More than these nobody goes through on a phone; the next ones come once these are decided. */
const MOST_WAITING = 300

/** @param {Record<string, string | number>} query @returns {Promise<Listed<ClaimCard>>} */
const fetchMyClaims = (query) => request({ path: '/subsidy-claims', query: { mine: 'true', ...query } })

/** @param {string} id @returns {Promise<Claim>} */
const fetchClaim = (id) => request({ path: `/subsidy-claims/${id}` })

/** @param {string} claimId @param {string} lineId @returns {Promise<ExplainedLine>} */
const explainLine = (claimId, lineId) => request({ path: `/subsidy-claims/${claimId}/lines/${lineId}` })

/** What was last seen to need an eye. */
const round = newRound()

/** @param {number} page @returns {Promise<Listed<ClaimCard>>} */
const fetchWaitingPage = (page) => request({ path: '/subsidy-claims', query: { waiting: 'true', page, page_size: MOST_AT_ONCE } })

/** @returns {Promise<{items: ClaimCard[], total: number}>} those whose step is mine */
async function fetchWaiting() {
  const { items, total } = await fetchAll(fetchWaitingPage, MOST_WAITING)
  round.begin(items.filter(({ exceptions }) => exceptions.length).map(({ id }) => id))
  return { items, total }
}

/** @param {string} id @param {string} action @param {object} body @returns {Promise<Claim>} */
const act = (id, action, body) => request({ method: 'POST', path: `/subsidy-claims/${id}/${action}`, body })

/** @param {Versioned} claim @param {string} explanation */
const submitClaim = ({ id, version }, explanation) => act(id, 'submit', { version, explanation })

/** @param {Versioned} claim */
const approveClaim = ({ id, version }) => act(id, 'approve', { version })

/** @param {Versioned} claim @param {string} reason */
const returnClaim = ({ id, version }, reason) => act(id, 'return', { version, reason: oneLine(reason) })

/** @param {Versioned} claim @param {string} reason */
const rejectClaim = ({ id, version }, reason) => act(id, 'reject', { version, reason: oneLine(reason) })

/**
 * Approves these; what is left comes with the reason.
 * @param {Versioned[]} claims
 * @returns {Promise<import('./signing.js').Outcome>}
 */
async function approveTogether(claims) {
  const { done, left, done_total_label } = await request({ method: 'POST', path: '/subsidy-claims/approve', body: { claims: namesOf(claims) } })
  return { done: done.length, left, extra: `，共 ${done_total_label}` }
}

const CLAIMS = 'last-claims'
const PAID = 'last-paid'

/** Mine as the server last said, to look at without a network. @returns {{claims: ClaimCard[], total: number, at: string} | null} */
const knownClaims = () => wx.getStorageSync(CLAIMS) || null

/** @param {{claims: ClaimCard[], total: number, at: string}} known */
const noteClaims = (known) => wx.setStorageSync(CLAIMS, known)

/** What I was last paid. @returns {Claim | null} */
const knownPaid = () => wx.getStorageSync(PAID) || null

/** @returns {Promise<Claim | null>} */
async function fetchLastPaid() {
  const { items } = await fetchMyClaims({ status: 'paid', page_size: 1 })
  const known = knownPaid()
  if (items.length && known && known.id === items[0].id) return known
  const paid = items.length ? await fetchClaim(items[0].id) : null
  wx.setStorageSync(PAID, paid)
  return paid
}

/** What one person is paid is not shown to the next. */
function forgetClaims() {
  wx.removeStorageSync(CLAIMS)
  wx.removeStorageSync(PAID)
}

module.exports = {
  fetchMyClaims,
  fetchClaim,
  explainLine,
  fetchWaiting,
  nextToOpen: round.next,
  forgetToOpen: round.forget,
  submitClaim,
  approveClaim,
  returnClaim,
  rejectClaim,
  approveTogether,
  knownClaims,
  noteClaims,
  knownPaid,
  fetchLastPaid,
  forgetClaims,
}
