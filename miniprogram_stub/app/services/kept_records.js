// Records of activities on the phone: from the first letter until the server has what was written.

const { newKey } = require('./keys.js')
const { dropFile, dropFilesExcept } = require('./proof_files.js')

const KEY = 'kept-records'

/** @returns {KeptRecord[]} */
const all = () => wx.getStorageSync(KEY) || []

/** @param {KeptRecord[]} records */
const store = (records) => wx.setStorageSync(KEY, records)

/** Whoever is bound now; records of somebody else stay where they are. */
function presentPerson() {
  const me = wx.getStorageSync('last-me')
  return me && me.person ? me.person.id : ''
}

/** @returns {KeptRecord[]} mine, the newest first */
const listKept = () => all().filter(({ personId }) => personId === presentPerson())

/** @param {string} key @returns {KeptRecord | null} */
const findKept = (key) => listKept().find((record) => record.key === key) || null

/** What is being done on the phone to a record that the server knows. @param {string} id @returns {KeptRecord | null} */
const findKeptOf = (id) => listKept().find((record) => record.id === id) || null

/** @type {KeptRecord} */
const BLANK = {
  key: '',
  personId: '',
  id: '',
  version: 0,
  kind: '',
  kindLabel: '',
  occurredOn: '',
  dispatchId: '',
  departmentId: '',
  recipient: '',
  fields: {},
  files: [],
  state: 'open',
  handIn: false,
  seen: false,
  warnings: [],
  problem: '',
  fieldProblems: {},
  first: null,
  written: '',
  resent: false,
}

/** One that is not yet on the phone. @param {Partial<KeptRecord>} values @returns {KeptRecord} */
const newKept = (values) => ({ ...BLANK, key: newKey(), personId: presentPerson(), ...values })

/** What a record of the server's is on the phone while it is mended. @param {Activity} record @returns {KeptRecord} */
const keptOf = (record) =>
  newKept({
    id: record.id,
    version: record.version,
    kind: record.kind,
    kindLabel: record.kind_label,
    occurredOn: record.occurred_on,
    dispatchId: record.dispatch_id || '',
    departmentId: record.department ? record.department.id : '',
    recipient: record.recipient.name,
    fields: record.fields,
    files: record.files.map(({ attachment_id, filename, proof, picture }) => ({
      key: attachment_id,
      path: '',
      name: filename,
      proof,
      picture,
      id: attachment_id,
      state: /** @type {const} */ ('sent'),
      problem: '',
    })),
    written: textOf(contentOf(record)),
  })

/** Of a record of the server's, what its author wrote. @param {Activity} record @returns {RecordContent} */
const contentOf = ({ occurred_on, fields, files }) => ({
  occurred_on,
  fields,
  files: files.map(({ attachment_id, proof }) => ({ attachment_id, proof })),
})

/** A content as text, to tell whether two are the same. @param {RecordContent} content */
const textOf = ({ occurred_on, fields, files }) =>
  JSON.stringify([occurred_on, Object.keys(fields).sort().map((name) => [name, fields[name]]), files])

/** Puts a record on the phone, in the place of what was there of it. @param {KeptRecord} record */
function keep(record) {
  const others = all().filter(({ key }) => key !== record.key)
  store([record, ...others])
}

/** Changes a record that is still there. @param {string} key @param {Partial<KeptRecord>} values @returns {KeptRecord | null} */
function changeKept(key, values) {
  store(all().map((record) => (record.key === key ? { ...record, ...values } : record)))
  return findKept(key)
}

/** @param {string} key @param {string} fileKey @param {Partial<KeptFile>} values */
function changeKeptFile(key, fileKey, values) {
  const record = findKept(key)
  if (!record) return
  changeKept(key, { files: record.files.map((file) => (file.key === fileKey ? { ...file, ...values } : file)) })
}

/** Takes a record from the phone, with its photographs. @param {string} key */
function dropKept(key) {
  const record = findKept(key)
  store(all().filter((other) => other.key !== key))
  if (record) for (const { path } of record.files) dropFile(path)
}

/** Photographs of no record, left by a page that ended at the wrong moment. */
const tidyFiles = () => dropFilesExcept(new Set(all().flatMap(({ files }) => files.map(({ path }) => path))))

/** What was never finished goes with who wrote it; what waits to be sent stays, as taps do. */
const forgetOpen = () => store(all().filter(({ state }) => state !== 'open'))

module.exports = { listKept, findKept, findKeptOf, newKept, keptOf, contentOf, textOf, keep, changeKept, changeKeptFile, dropKept, tidyFiles, forgetOpen }
