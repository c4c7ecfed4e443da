// Closing a clinic (停诊): who is affected, why, what became of those who had booked, whom to call.

const { request } = require('./request.js')
const { oneLine } = require('./typing.js')

/** @type {{value: ClosureReason, name: string}[]} */
const REASONS = [
  { value: 'called_back', name: '因公返院' },
  { value: 'ill', name: '专家身体不适' },
  { value: 'leave', name: '专家请假' },
  { value: 'emergency', name: '参加紧急救治' },
  { value: 'road', name: '道路或天气原因' },
  { value: 'other_duty', name: '另有工作安排' },
  { value: 'other', name: '其他原因' },
]

/**
 * What may be done for those who have come already; who came before the clinic began may as well be moved with the others.
 * @param {string | null | undefined} localDoctor null where there is none, undefined where it is not known
 * @param {boolean} begun
 * @returns {{value: Remedy | 'place', name: string}[]}
 */
function remediesFor(localDoctor, begun) {
  /** @type {{value: Remedy | 'place', name: string}[]} */
  const remedies = begun ? [] : [{ value: 'place', name: '和其他人一样改约' }]
  if (localDoctor !== null) remedies.push({ value: 'local_doctor', name: localDoctor ? `由${localDoctor}接诊` : '由本地医生接诊' })
  return [...remedies, { value: 'remote', name: '由专家远程会诊' }]
}

/** @param {string} clinicId @returns {Promise<ClosurePreview>} */
const previewClosure = (clinicId) => request({ path: `/clinics/${clinicId}/closure-preview` })

/** A closing writes to everybody who had booked; it may take longer than other calls. */
const CLOSING_MS = 60000

/**
 * @param {{id: string, version: number}} clinic
 * @param {{reason: ClosureReason, note: string, remedy: Remedy | 'place' | '', callerId: string}} chosen
 * @returns {Promise<Closure>}
 */
function closeClinic({ id, version }, { reason, note, remedy, callerId }) {
  /** @type {Record<string, any>} */
  const body = { reason, note: oneLine(note), version }
  if (remedy && remedy !== 'place') body.arrived_remedy = remedy
  if (callerId) body.caller_person_id = callerId
  return request({ method: 'POST', path: `/clinics/${id}/close`, body, timeoutMs: CLOSING_MS })
}

/** @param {{state: 'open' | 'review' | 'all', page?: number}} query @returns {Promise<Listed<Closure>>} */
const fetchClosures = (query) => request({ path: '/closures', query })

/** @param {string} id @returns {Promise<Closure>} */
const fetchClosure = (id) => request({ path: `/closures/${id}` })

/** @param {string} id @param {'confirmed' | 'questioned'} review @param {string} note @returns {Promise<Closure>} */
const reviewClosure = (id, review, note) =>
  request({ method: 'POST', path: `/closures/${id}/review`, body: { review, note: oneLine(note) } })

/** @param {string} id @param {number} page @returns {Promise<Listed<WaitingCall>>} */
const fetchCalls = (id, page) => request({ path: `/closures/${id}/calls`, query: { page } })

/** @param {string} id @param {WaitingCall} call @param {CallOutcome} outcome @param {string} note @returns {Promise<WaitingCall>} */
const recordCall = (id, { booking_id, version }, outcome, note) =>
  request({ method: 'POST', path: `/closures/${id}/calls/${booking_id}`, body: { outcome, note: oneLine(note), version } })

module.exports = {
  REASONS,
  remediesFor,
  previewClosure,
  closeClinic,
  fetchClosures,
  fetchClosure,
  reviewClosure,
  fetchCalls,
  recordCall,
}
