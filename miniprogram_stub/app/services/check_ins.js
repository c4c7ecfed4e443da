// Taps: kept on the phone from the moment of the tap until the server has them or has refused them.

const { request } = require('./request.js')
const { isoOf, lastServerClock, noteServerTime } = require('./clock.js')
const { asFailure } = require('./errors.js')
const { installation } = require('./keys.js')
const { addTap } = require('./me.js')

const KEY = 'waiting-taps'

/** A tap that is sent this soon is not late: the server's own clock tells when it was. */
const FRESH_MS = 60 * 1000

/** Longer than this nobody waits with a thumb on the button; without a nonce the tap is uncertain and not lost. */
const NONCE_TIMEOUT_MS = 5000

/** @returns {WaitingTap[]} */
const listWaiting = () => wx.getStorageSync(KEY) || []

/** @param {WaitingTap[]} taps */
const store = (taps) => wx.setStorageSync(KEY, taps)

/** @param {string} key */
const remove = (key) => store(listWaiting().filter((tap) => tap.key !== key))

/**
 * Puts a tap into the phone's storage, before anything is sent.
 * @param {{key: string, dispatchId: string, recipient: string, kind: Kind, place: Place | null, denied: boolean, note: string, nonce: string, code: string, tappedAt: string}} tap
 * @returns {WaitingTap}
 */
function keepTap(tap) {
  const waiting = { ...tap, serverClock: lastServerClock(), state: /** @type {const} */ ('waiting'), problem: '' }
  store([...listWaiting(), waiting])
  return waiting
}

/**
 * The server's word for this press, to be had before the place is read: so the place cannot be older.
 * @param {string} key of the press
 * @returns {Promise<string>} '' where the server could not be asked in time
 */
async function fetchNonce(key) {
  try {
    const call = { method: /** @type {const} */ ('POST'), path: '/check-ins/nonces', body: {}, idempotencyKey: key, timeoutMs: NONCE_TIMEOUT_MS }
    return (await request(call)).nonce
  } catch (error) {
    asFailure(error)
    return ''
  }
}

/** @param {WaitingTap} tap */
function bodyOf(tap) {
  const body = {
    dispatch_id: tap.dispatchId,
    kind: tap.kind,
    location: tap.place,
    location_denied: tap.denied,
    note: tap.note,
    installation: installation(),
    ...(tap.nonce ? { nonce: tap.nonce } : {}),
    ...(tap.code ? { code: tap.code } : {}),
  }
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

module.exports = { listWaiting, keepTap, sendWaiting, fetchNonce, dismiss: remove }
