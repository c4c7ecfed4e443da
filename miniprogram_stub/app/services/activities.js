// Records of activities (工作日志): read, written, handed in, taken back, mended.

const { request } = require('./request.js')

/** @typedef {{id: string, version: number}} Versioned */

/** @returns {Promise<KindTable>} */
const fetchKindTable = () => request({ path: '/activities/kinds' })

/** What my last record of a kind said. @param {string} kind @returns {Promise<LastValues>} */
const fetchLastValues = (kind) => request({ path: '/activities/last', query: { kind } })

/** @param {Record<string, string | number>} query @returns {Promise<Listed<ActivityCard>>} */
const fetchRecords = (query) => request({ path: '/activities', query })

/** @param {Record<string, string | number>} query @returns {Promise<Listed<ActivityCard>>} */
const fetchMyRecords = (query) => fetchRecords({ mine: 'true', ...query })

/** @param {string} from @param {string} to @returns {Promise<Listed<ActivityWeek>>} */
const fetchMyWeeks = (from, to) => request({ path: '/activities/weeks', query: { from, to } })

/** @param {string} id @returns {Promise<Activity>} */
const fetchRecord = (id) => request({ path: `/activities/${id}` })

/** Where a file of a record lies, below the API. @param {string} id @param {string} attachmentId */
const filePathOf = (id, attachmentId) => `/activities/${id}/files/${attachmentId}`

/**
 * Writes a draft; handing it in is a step of its own, after what the server found in its text was seen.
 * @param {RecordContent & {kind: string, dispatch_id?: string}} draft
 * @param {string} key makes a repeat harmless
 * @returns {Promise<Activity>}
 */
const createRecord = (draft, key) => request({ method: 'POST', path: '/activities', body: { ...draft, submit: false }, idempotencyKey: key })

/** @param {Versioned} record @param {RecordContent} content @returns {Promise<Activity>} */
const mendRecord = ({ id, version }, content) => request({ method: 'PUT', path: `/activities/${id}`, body: { ...content, version } })

/** @param {Versioned} record @param {string} action */
const act = ({ id, version }, action) => request({ method: 'POST', path: `/activities/${id}/${action}`, body: { version } })

/** @param {Versioned} record @returns {Promise<Activity>} */
const submitRecord = (record) => act(record, 'submit')

/** @param {Versioned} record @returns {Promise<Activity>} */
const recallRecord = (record) => act(record, 'recall')

/** @param {Versioned} record */
const discardRecord = (record) => act(record, 'discard')

/** Begins another edition of a countersigned record. @param {string} id @returns {Promise<Activity>} */
const amendRecord = (id) => request({ method: 'POST', path: `/activities/${id}/amend`, body: {} })

module.exports = {
  fetchKindTable,
  fetchLastValues,
  fetchRecords,
  fetchMyRecords,
  fetchMyWeeks,
  fetchRecord,
  filePathOf,
  createRecord,
  mendRecord,
  submitRecord,
  recallRecord,
  discardRecord,
  amendRecord,
}
