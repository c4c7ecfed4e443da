// Bookings (预约) and waiting for a place (候补); what was read last is kept, for a desk without a network.

const { readDraft, keepDraft, dropDraft } = require('./drafts.js')
const { asFailure } = require('./errors.js')
const { newKey } = require('./keys.js')
const { request } = require('./request.js')
const { oneLine } = require('./typing.js')

/** Drafts are dropped when one logs out: nothing of one person stays for the next. */
const COMING = 'bookings:coming'
const ONE = 'booking:'

/** @typedef {'coming' | 'past'} Scope */

/** @param {Scope} scope @param {number} page @returns {Promise<Listed<Booking>>} */
async function fetchBookings(scope, page) {
  const listed = await request({ path: '/bookings', query: { scope, page } })
  if (scope === 'coming' && page === 1) keepDraft(COMING, listed.items)
  return listed
}

/** What was to come when the server last answered. @returns {Booking[]} */
const lastComing = () => readDraft(COMING) || []

/** @param {string} id @returns {Promise<Booking>} */
async function fetchBooking(id) {
  const booking = await request({ path: `/bookings/${id}` })
  remember(booking)
  return booking
}

/** Only what still needs a ticket is worth keeping. @param {Booking} booking */
function remember(booking) {
  if (booking.ticket) keepDraft(ONE + booking.id, booking)
  else dropDraft(ONE + booking.id)
}

/** @param {string} id @returns {Booking | null} */
const lastBooking = (id) => readDraft(ONE + id) || lastComing().find((booking) => booking.id === id) || null

/**
 * Asks for something that must not happen twice: the key stays on the phone until the server has decided, so that asking
 * again after a lost answer is the same request.
 * @template Answer
 * @param {string} name of what is asked
 * @param {(key: string) => Promise<Answer>} ask
 * @returns {Promise<Answer>}
 */
async function once(name, ask) {
  const key = readDraft(`key:${name}`) || newKey()
  keepDraft(`key:${name}`, key)
  try {
    const answer = await ask(key)
    dropDraft(`key:${name}`)
    return answer
  } catch (error) {
    if (!asFailure(error).passing) dropDraft(`key:${name}`)
    throw error
  }
}

/** @typedef {{clinic_id: string, patient_id: string, period_id?: string}} Wanted */

/** @param {Wanted} wanted @returns {Promise<Booking>} */
async function book(wanted) {
  const name = `book:${wanted.clinic_id}:${wanted.period_id || ''}:${wanted.patient_id}`
  const ask = () => once(name, (key) => request({ method: 'POST', path: '/bookings', body: wanted, idempotencyKey: key }))
  const answered = await ask()
  // The key may be that of a booking whose answer was lost and that was cancelled since: then this is another one.
  const booking = answered.status === 'cancelled' ? await ask() : answered
  remember(booking)
  return booking
}

/** @param {Booking} booking @param {{clinic_id: string, period_id?: string}} wanted @returns {Promise<Booking>} the new one */
async function rebook({ id, version }, wanted) {
  const path = `/bookings/${id}/rebook`
  const name = `rebook:${id}:${wanted.clinic_id}:${wanted.period_id || ''}`
  const moved = await once(name, (key) => request({ method: 'POST', path, body: { ...wanted, version }, idempotencyKey: key }))
  dropDraft(ONE + id)
  remember(moved)
  return moved
}

/** @param {Booking} booking @returns {Promise<Booking>} */
async function cancelBooking({ id, version }) {
  const booking = await request({ method: 'POST', path: `/bookings/${id}/cancel`, body: { version } })
  remember(booking)
  return booking
}

/** @param {string} id @param {string} text why it was no no-show @returns {Promise<Booking>} */
const appealNoShow = (id, text) => request({ method: 'POST', path: `/bookings/${id}/appeal`, body: { text: oneLine(text) } })

/** @param {{clinic_id: string, patient_id: string}} wanted @returns {Promise<WaitlistEntry>} */
const joinWaitlist = (wanted) => request({ method: 'POST', path: '/waitlist-entries', body: wanted })

/** @returns {Promise<Listed<WaitlistEntry>>} */
const fetchWaitlist = () => request({ path: '/waitlist-entries' })

/** @param {string} id @returns {Promise<WaitlistEntry>} */
const leaveWaitlist = (id) => request({ method: 'POST', path: `/waitlist-entries/${id}/cancel`, body: {} })

module.exports = {
  fetchBookings,
  fetchBooking,
  lastComing,
  lastBooking,
  book,
  rebook,
  cancelBooking,
  appealNoShow,
  joinWaitlist,
  fetchWaitlist,
  leaveWaitlist,
}
