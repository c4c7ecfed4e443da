// Taps: kept on the phone from the moment of the tap until the server has them or has refused them.

const { request } = require('./request.js')
const { isoOf, lastServerClock, noteServerTime } = require('./clock.js')
const { asFailure } = require('./errors.js')
const { addTap } = require('./me.js')

const KEY = 'waiting-taps'

/** A tap that is sent this soon is not late: the server's own clock tells when it was. */
const FRESH_MS = 60 * 1000

/** @returns {WaitingTap[]} */
const listWaiting = () => wx.getStorageSync(KEY) || []

/** @param {WaitingTap[]} taps */
const store = (taps) => wx.setStorageSync(KEY, taps)

/** @param {string} key */
const remove = (key) => store(listWaiting().filter((tap) => tap.key !== key))

function newKey() {
  const random = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0')
  return `${Date.now().toString(36)}-${random()}-${random()}`
}

/**
 * Puts a tap into the phone's storage, before anything is sent.
 * @param {{dispatchId: string, recipient: string, kind: Kind, place: Place | null, denied: boolean, note: string, tappedAt: string}} tap
 * @returns {WaitingTap}
 */
function keepTap(tap) {
  const waiting = { ...tap, key: newKey(), serverClock: lastServerClock(), state: /** @type {const} */ ('waiting'), problem: '' }
  store([...listWaiting(), waiting])
  return waiting
}

/** @param {WaitingTap} tap */
function bodyOf(tap) {
  const body = { dispatch_id: tap.dispatchId, kind: tap.kind, location: tap.place, location_denied: tap.denied, note: tap.note }
  const age = Date.now() - Date.parse(tap.tappedAt)
  if (age >= 0 && age < FRESH_MS) return body
  const clock = tap.serverClock
  return {
    ...body,
    offline: {
      tapped_at: tap.tappedAt,
      sent_at: isoOf(),
      last_server_time: clock ? clock.time : null,
      last_server_seen_at: clock ? clock.seenAt : null,
    },
  }
}

/**
 * The key makes a repeat safe; what the server compares leaves the clocks out, so a late repeat is one too.
 * @param {WaitingTap} tap
 * @returns {Promise<Tap>}
 */
async function sendTap(tap) {
  const answer = await request({ method: 'POST', path: '/check-ins', body: bodyOf(tap), idempotencyKey: tap.key })
  noteServerTime(answer.server_time)
  addTap(answer.check_in)
  return answer.check_in
}

/** @param {string} key @param {string} problem */
function markRefused(key, problem) {
  store(listWaiting().map((tap) => (tap.key === key ? { ...tap, state: /** @type {const} */ ('refused'), problem } : tap)))
}

/**
 * @typedef {{recorded: Tap[], failure: import('./errors.js').Failure | null}} Outcome
 */

/** @type {Promise<Outcome> | null} */
let sending = null

/** Sends what waits, oldest first, and stops where the server cannot decide now. @returns {Promise<Outcome>} */
async function sendAll() {
  /** @type {Tap[]} */
  const recorded = []
  for (;;) {
    const tap = listWaiting().find(({ state }) => state === 'waiting')
    if (!tap) return { recorded, failure: null }
    try {
      recorded.push(await sendTap(tap))
      remove(tap.key)
    } catch (error) {
      const failure = asFailure(error)
      if (failure.passing) return { recorded, failure }
      markRefused(tap.key, failure.message)
    }
  }
}

/** Sends what waits; those who ask at the same time share one run. @returns {Promise<Outcome>} */
function sendWaiting() {
  sending = sending || sendAll().finally(() => (sending = null))
  return sending
}

/** @param {string} month YYYY-MM @returns {Promise<Month>} */
const fetchMonth = (month) => request({ path: '/check-ins', query: { month } })

module.exports = { listWaiting, keepTap, sendWaiting, dismiss: remove, fetchMonth }
