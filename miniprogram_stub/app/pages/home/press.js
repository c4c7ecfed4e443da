// One press of the button: the server's nonce first, then the place, then whatever else proves presence.

const { fetchNonce } = require('../../services/check_ins.js')
const { isoOf } = require('../../services/clock.js')
const { newKey } = require('../../services/keys.js')
const { locate } = require('../../services/location.js')
const { scanCode, typeCode } = require('../../services/site_code.js')
const { codeQuestion, outsideQuestion } = require('./words.js')

/** The server takes as much. */
const LONGEST_NOTE = 200

/** The server takes a nonce for a minute; a press that took longer, with a question and a code, begins anew. */
const OLD_MS = 45000

/** @typedef {{key: string, pressedAt: string, nonce: string, fix: import('../../services/location.js').Fix}} Press */

/** @returns {Promise<Press>} */
async function beginPress() {
  const key = newKey()
  const pressedAt = isoOf()
  const nonce = await fetchNonce(key)
  return { key, pressedAt, nonce, fix: await locate() }
}

/** @param {Press} press */
const isOld = ({ pressedAt }) => Date.now() - Date.parse(pressedAt) > OLD_MS

/** @param {Press} press @returns {Promise<Press>} the press itself, or another one where it has become old */
const renewed = async (press) => (isOld(press) ? beginPress() : press)

/**
 * Asks for the site's code where the place proves nothing; nobody has to have one.
 * @param {string} alertText
 * @param {string} without what one does who has none
 * @returns {Promise<string | null>} '' to go on without, null to leave it
 */
async function askForCode(alertText, without) {
  let chosen
  try {
    chosen = (await wx.showActionSheet({ alertText, itemList: ['扫派驻点动态码', '输入 8 位动态码', without] })).tapIndex
  } catch (error) {
    if (/cancel/.test(/** @type {any} */ (error).errMsg || '')) return null
    throw error
  }
  if (chosen === 2) return ''
  return (await (chosen === 0 ? scanCode() : typeCode())) || null
}

/**
 * Asks before a tap that the place does not bear out; nobody is refused.
 * @param {import('../../services/location.js').Fix} fix
 * @param {import('./plan.js').Distance | null} distance
 * @param {Kind} kind
 * @returns {Promise<{code: string, note: string} | null>} null where the person would rather not
 */
async function askMore({ obstacle }, distance, kind) {
  if (obstacle) {
    const { alertText, without } = codeQuestion(obstacle, kind)
    const code = await askForCode(alertText, without)
    return code === null ? null : { code, note: '' }
  }
  if (!distance || distance.tone !== 'bad') return { code: '', note: '' }
  const { confirm, content } = await wx.showModal(outsideQuestion(kind))
  return confirm ? { code: '', note: (content || '').trim().slice(0, LONGEST_NOTE) } : null
}

module.exports = { askMore, beginPress, renewed }
