// What is wrong with a receipt as it was filled in; the server knows more, and says it at the same fields.

const { plain } = require('../../services/typing.js')

/** The fields of the server's, by the names of the form's. */
const FIELDS = ['dispatch_id', 'number', 'spent_on', 'amount', 'journey', 'attachment_id']

/** @type {Record<string, string>} the field that a refusal is about, where the server names none */
const FIELD_OF = { receipt_outside_dispatch: 'spent_on', receipt_in_future: 'spent_on', receipt_number_used: 'number', amount_invalid: 'amount', fare_window_closed: 'spent_on' }

/** @typedef {{path: string, state: 'sending' | 'sent' | 'failed', problem: string, id: string}} Photo */
/** @typedef {{number: string, spentOn: string, amount: string, journey: string, photo: Photo | null}} Filled */

/** @param {Filled} filled @returns {Record<string, string>} */
function whatIsWrong({ number, spentOn, amount, photo }) {
  /** @type {Record<string, string>} */
  const errors = {}
  if (!plain(number)) errors.number = '请填写票据上的号码。'
  if (!spentOn) errors.spent_on = '请选乘车日期。'
  if (!plain(amount)) errors.amount = '请填写票面金额。'
  else if (!/^[¥￥]?\d+([.。]\d{1,2})?元?$/.test(plain(amount))) errors.amount = '金额写数字，最多到分，例如 36.50。'
  if (!photo) errors.attachment_id = '请拍下票据。'
  else if (photo.state !== 'sent') errors.attachment_id = photo.state === 'sending' ? '照片还没有传完，请等一会儿。' : '照片没有传成，请重传或重拍。'
  return errors
}

/** @param {import('../../services/errors.js').Failure} failure @returns {Record<string, string>} what is said at which field */
function errorsOf({ code, message, fields }) {
  /** @type {Record<string, string>} */
  const errors = {}
  for (const field of FIELDS) if (fields[field]) errors[field] = fields[field].join('')
  if (!Object.keys(errors).length && FIELD_OF[code]) errors[FIELD_OF[code]] = message
  return errors
}

module.exports = { whatIsWrong, errorsOf }
