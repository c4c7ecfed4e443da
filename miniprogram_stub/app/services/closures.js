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
 * @param {ClosurePreview} preview
 * @returns {{value: Remedy | 'place', name: string}[]}
 */
function remediesFor({ local_doctor, has_begun }) {
  /** @type {{value: Remedy | 'place', name: string}[]} */
  const remedies = has_begun ? [] : [{ value: 'place', name: '和其他人一样改约' }]
  if (local_doctor) remedies.push({ value: 'local_doctor', name: '由本地医生接诊' })
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

/** The latest are read first, and one looks for one of these. */
const MOST_PAGES = 5

/** @param {string} clinicId @returns {Promise<Closure | null>} */
async function findClosureOf(clinicId) {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { items, page_size, total } = await fetchClosures({ state: 'all', page })
    const found = items.find(({ clinic }) => clinic.id === clinicId)
    if (found || page * page_size >= total) return found || null
  }
  return null
}

/** @param {string} id @returns {Promise<Closure>} */
const fetchClosure = (id) => request({ path: `/closures/${id}` })

/** @param {string} id @param {'confirmed' | 'questioned'} review @param {string} note @returns {Promise<Closure>} */
const reviewClosure = (id, review, note) =>
  request({ method: 'POST', path: `/closures/${id}/review`, body: { review, note: oneLine(note) } })

/** @param {string} id @returns {Promise<WaitingCall[]>} who is to be called first; who is done with comes last */
const fetchCalls = async (id) => (await request({ path: `/closures/${id}/calls` })).items

/** @param {string} id @param {WaitingCall} call @param {CallOutcome} outcome @param {string} note @returns {Promise<WaitingCall>} */
const recordCall = (id, { booking_id, version }, outcome, note) =>
  request({ method: 'POST', path: `/closures/${id}/calls/${booking_id}`, body: { outcome, note: oneLine(note), version } })

module.exports = {
  REASONS,
  remediesFor,
  previewClosure,
  closeClinic,
  fetchClosures,
  findClosureOf,
  fetchClosure,
  reviewClosure,
  fetchCalls,
  recordCall,
}
