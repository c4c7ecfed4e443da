// The month of a dispatch: its lines, what somebody does with it, and what is said of the taps in it.

const { request } = require('./request.js')
const { namesOf } = require('./signing.js')
const { oneLine } = require('./typing.js')

/** @type {Map<string, WholeTimesheet>} what the server last said, so that a day opens without waiting */
const known = new Map()

/** @param {string} dispatchId @param {string} month */
const nameOf = (dispatchId, month) => `${dispatchId}/${month}`

/** @param {WholeTimesheet} sheet */
function keep(sheet) {
  known.set(nameOf(sheet.dispatch_id, sheet.month), sheet)
  return sheet
}

/** @param {string} dispatchId @param {string} month @returns {WholeTimesheet | null} */
const knownSheet = (dispatchId, month) => known.get(nameOf(dispatchId, month)) || null

/** @type {Standing[]} what somebody has to explain, mend or decide */
const EXCEPTIONS = ['in_doubt', 'not_counted', 'not_checked_in', 'absent']

/** @param {WholeTimesheet} sheet */
const exceptionsOf = ({ lines }) => lines.filter(({ standing }) => EXCEPTIONS.includes(standing))

/** What one role saw is not for the next. */
const forgetSheets = () => known.clear()

/** Of one month, or those of all months that wait. @param {{month?: string, status?: string, page?: number}} query @returns {Promise<Listed<Timesheet>>} */
const fetchSheets = (query) => request({ path: '/timesheets', query })

/** @param {string} dispatchId @param {string} month @returns {Promise<WholeTimesheet>} */
const fetchSheet = async (dispatchId, month) => keep(await request({ path: `/timesheets/${nameOf(dispatchId, month)}` }))

/** @param {WholeTimesheet} sheet @param {string} remark @returns {Promise<WholeTimesheet>} */
async function submitSheet({ dispatch_id, month, version }, remark) {
  const body = remark ? { version, remark: oneLine(remark) } : { version }
  return keep(await request({ method: 'POST', path: `/timesheets/${nameOf(dispatch_id, month)}/submit`, body }))
}

/** @param {{id: string | null, version: number}} sheet */
const countersign = ({ id, version }) => request({ method: 'POST', path: `/timesheets/${id}/countersign`, body: { version } })

/** @param {{id: string | null, version: number}} sheet @param {string} reason */
const returnSheet = ({ id, version }, reason) => request({ method: 'POST', path: `/timesheets/${id}/return`, body: { version, reason: oneLine(reason) } })

/**
 * Signs the clean ones; what could not be signed is left, with the reason.
 * @param {Timesheet[]} sheets
 * @returns {Promise<import('./signing.js').Outcome>}
 */
async function countersignTogether(sheets) {
  const { countersigned, left } = await request({ method: 'POST', path: '/timesheets/countersign', body: { timesheets: namesOf(sheets) } })
  return { done: countersigned.length, left }
}

/** @param {string} sheetId @param {string} amendmentId */
const acceptAmendment = (sheetId, amendmentId) =>
  request({ method: 'POST', path: `/timesheets/${sheetId}/amendments/${amendmentId}/accept`, body: {} })

/** @param {string} sheetId @param {string} amendmentId @param {string} reason */
const rejectAmendment = (sheetId, amendmentId, reason) =>
  request({ method: 'POST', path: `/timesheets/${sheetId}/amendments/${amendmentId}/reject`, body: { reason: oneLine(reason) } })

/** @param {string} sheetId @param {string} attachmentId the signed and stamped form as a photo */
const attachScan = (sheetId, attachmentId) =>
  request({ method: 'PUT', path: `/timesheets/${sheetId}/scan`, body: { attachment_id: attachmentId } })

/** @param {number} page @returns {Promise<Listed<ExceptionalTap>>} */
const fetchExceptions = (page) => request({ path: '/check-ins/exceptions', query: { state: 'open', page } })

/** @param {string} tapId @param {string} text @returns {Promise<Tap>} */
const explainTap = (tapId, text) => request({ method: 'POST', path: `/check-ins/${tapId}/explain`, body: { text: oneLine(text) } })

/** @param {Tap} tap @param {'present' | 'absent'} confirmation @returns {Promise<Tap>} */
function confirmTap({ id, review }, confirmation) {
  const body = { confirmation, version: review ? review.version : 0 }
  return request({ method: 'POST', path: `/check-ins/${id}/confirm`, body })
}

module.exports = {
  exceptionsOf,
  knownSheet,
  forgetSheets,
  fetchSheets,
  fetchSheet,
  submitSheet,
  countersign,
  returnSheet,
  countersignTogether,
  acceptAmendment,
  rejectAmendment,
  attachScan,
  fetchExceptions,
  explainTap,
  confirmTap,
}
