// Leave to write to somebody by WeChat (订阅消息): asked for at a tap that has a reason of its own, and never in its way.
// What was answered reaches the server from WeChat itself, never from the phone.

const { request } = require('./request.js')
const { asFailure } = require('./errors.js')

/** @typedef {'booking' | 'dispatch' | 'timesheet' | 'closure' | 'subsidy'} Purpose what the tap was for */

const KEY = 'subscription-rests'
const DAY_MS = 24 * 3600 * 1000

/** How long a purpose rests once one accepted: a booking needs leave for its own messages, the rest is asked for now and then. */
const ACCEPTED_MS = { booking: 0, timesheet: 0, closure: 0, subsidy: 0, dispatch: 7 * DAY_MS }

/** How long a template rests after the other answers. */
const REFUSED_MS = 7 * DAY_MS
const UNUSABLE_MS = 30 * DAY_MS

/** Messages are switched off for the whole mini-program. */
const SWITCHED_OFF = 20004

/** @type {Map<Purpose, string[]>} */
const templates = new Map()

/** @returns {Record<string, number>} until when what rests, in milliseconds since 1970 */
const rests = () => wx.getStorageSync(KEY) || {}

/** @param {string[]} names @param {number} forMs */
function rest(names, forMs) {
  const until = Date.now() + forMs
  const known = Object.entries(rests()).filter(([, at]) => at > Date.now())
  wx.setStorageSync(KEY, { ...Object.fromEntries(known), ...Object.fromEntries(names.map((name) => [name, until])) })
}

/**
 * Reads which templates a purpose has, since there is no time for that once the tap has come: called when a page is shown.
 * @param {Purpose} purpose
 */
async function prepareToAsk(purpose) {
  if (templates.has(purpose)) return
  try {
    const { template_ids } = await request({ path: '/notifications/templates', query: { for: purpose } })
    templates.set(purpose, template_ids)
  } catch (error) {
    // Then nothing is asked this time: the inbox has every message all the same.
    asFailure(error)
  }
}

/** What may be asked for now. @param {Purpose} purpose @returns {string[]} */
function openTemplates(purpose) {
  const resting = rests()
  const rested = (/** @type {string} */ name) => !(resting[name] > Date.now())
  return rested(purpose) ? (templates.get(purpose) || []).filter(rested) : []
}

/** @param {Purpose} purpose @param {string[]} asked @param {any} answers by template @returns {boolean} whether any was accepted */
function remember(purpose, asked, answers) {
  const answered = (/** @type {string[]} */ ...words) => asked.filter((id) => words.includes(answers[id]))
  rest(answered('reject'), REFUSED_MS)
  rest(answered('ban', 'filter'), UNUSABLE_MS)
  const accepted = answered('accept').length > 0
  if (accepted) rest([purpose], ACCEPTED_MS[purpose])
  return accepted
}

/**
 * Asks, where there is something to ask: the first thing of a tap, before anything is awaited, since WeChat asks for nobody
 * but who has just pressed. It never fails and decides nothing about the tap.
 * @param {Purpose} purpose
 * @returns {Promise<boolean>} whether any message was allowed
 */
async function askToTell(purpose) {
  const asked = openTemplates(purpose)
  if (!asked.length) return false
  try {
    return remember(purpose, asked, await wx.requestSubscribeMessage({ tmplIds: asked }))
  } catch (error) {
    const { errMsg, errCode } = /** @type {any} */ (error)
    if (!errMsg) throw error
    if (errCode === SWITCHED_OFF) rest(asked, REFUSED_MS)
    return false
  }
}

/** Whether a page may offer to ask. @param {Purpose} purpose */
const hasToAsk = (purpose) => openTemplates(purpose).length > 0

module.exports = { prepareToAsk, askToTell, hasToAsk }
