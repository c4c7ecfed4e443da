// Sends records that lie on the phone: first their files, then the draft, then, once its warnings were seen, hands it in.

const { createRecord, fetchRecord, mendRecord, submitRecord } = require('./activities.js')
const { asFailure } = require('./errors.js')
const { changeKept, changeKeptFile, contentOf, dropKept, findKept, listKept, textOf } = require('./kept_records.js')
const { sendFile } = require('./proof_files.js')

/** After the server said that there was too much, nobody's network is filled with what it would refuse again. */
const REST_MS = 10 * 60 * 1000

/** Whether the server, or the phone, has decided about what was sent. @param {import('./errors.js').Failure} failure */
const isDecided = (failure) => failure.code === 'file_gone' || !failure.passing

/** @param {KeptRecord} kept @returns {RecordContent} */
const contentToSend = (kept) => ({
  occurred_on: kept.occurredOn,
  ...(kept.departmentId ? { department_id: kept.departmentId } : {}),
  fields: kept.fields,
  files: kept.files.filter(({ id }) => id).map(({ id, proof }) => ({ attachment_id: id, proof })),
})

/** @param {Activity} record */
const writtenOf = (record) => textOf(contentOf(record))

/** @param {string} key @param {KeptFile} file */
async function sendOne(key, file) {
  try {
    changeKeptFile(key, file.key, { id: await sendFile(file), state: 'sent', problem: '' })
  } catch (error) {
    const failure = asFailure(error)
    if (isDecided(failure)) changeKeptFile(key, file.key, { state: 'refused', problem: failure.message })
    throw failure
  }
}

/** @param {string} key */
async function sendFiles(key) {
  const kept = findKept(key)
  for (const file of kept ? kept.files : []) if (file.state === 'kept') await sendOne(key, file)
}

/** @param {KeptRecord} kept @returns {Promise<Activity>} */
async function create(kept) {
  // A repeat has to say what was said before; what was changed since is mended afterwards.
  const { kind, dispatchId } = kept
  const first = kept.first || { kind, ...(dispatchId ? { dispatch_id: dispatchId } : {}), ...contentToSend(kept) }
  changeKept(kept.key, { first })
  try {
    return await createRecord(first, kept.key)
  } catch (error) {
    if (isDecided(asFailure(error))) changeKept(kept.key, { first: null })
    throw error
  }
}

/** @param {KeptRecord} kept @returns {Promise<Activity>} */
async function mend(kept) {
  const content = contentToSend(kept)
  try {
    return await mendRecord(kept, content)
  } catch (error) {
    if (asFailure(error).status !== 412) throw error
    const record = await fetchRecord(kept.id)
    // The answer to this very change may have been lost, or to nothing that touched what was written.
    if (writtenOf(record) === textOf(content)) return record
    if (!record.may.edit || writtenOf(record) !== kept.written) throw error
    return mendRecord(record, content)
  }
}

/** @param {string} key @param {Activity} record */
const noteWritten = (key, record) => changeKept(key, { id: record.id, version: record.version, written: writtenOf(record), first: null })

/** @param {KeptRecord} kept @returns {Promise<Activity>} */
async function writeDraft(kept) {
  let record = kept.id ? await mend(kept) : await create(kept)
  const now = noteWritten(kept.key, record)
  if (!kept.id && kept.first && now && textOf(kept.first) !== textOf(contentToSend(now))) {
    record = await mend(now)
    noteWritten(kept.key, record)
  }
  return record
}

/** @param {KeptRecord} kept @returns {Promise<Activity>} */
async function handIn(kept) {
  try {
    return await submitRecord(kept)
  } catch (error) {
    if (![409, 412].includes(asFailure(error).status)) throw error
    const record = await fetchRecord(kept.id)
    // The answer to this very step may have been lost, or to nothing that touched what was written.
    if (!record.may.submit) return record
    if (writtenOf(record) !== kept.written) throw error
    return submitRecord(record)
  }
}

/** @param {KeptRecord} kept */
const isWritten = (kept) => Boolean(kept.id && kept.handIn && kept.written === textOf(contentToSend(kept)))

/** Whether it is still to be sent; its author may have opened it meanwhile. @param {string} key */
function stillWaiting(key) {
  const kept = findKept(key)
  return kept && kept.state === 'waiting' ? kept : null
}

/** @param {KeptRecord} kept @returns {Promise<Activity | null>} null where its author took it up again, or has to see the warnings */
async function sendRecord({ key }) {
  await sendFiles(key)
  const kept = stillWaiting(key)
  if (!kept) return null
  let record = kept.seen && isWritten(kept) ? null : await writeDraft(kept)
  const now = stillWaiting(key)
  if (!now) return null
  if (now.handIn && record && record.warnings.length && !now.seen) {
    changeKept(key, { state: 'warned', warnings: record.warnings })
    return null
  }
  if (now.handIn || !record) record = await handIn(now)
  if (stillWaiting(key)) dropKept(key)
  return record
}

/** Files wait on the server only so long for their record: once, what the phone still has of them is sent anew. @param {KeptRecord} kept */
function sendFilesAnew({ key, files, resent }) {
  if (resent || files.some(({ path }) => !path)) return false
  changeKept(key, { resent: true, files: files.map((file) => ({ ...file, id: '', state: /** @type {const} */ ('kept') })) })
  return true
}

/** @param {string} key @param {import('./errors.js').Failure} failure */
function refuse(key, { code, message, fields }) {
  const kept = findKept(key)
  if (!kept || (code === 'proof_not_found' && sendFilesAnew(kept))) return
  /** @type {Record<string, string>} */
  const fieldProblems = {}
  for (const name of Object.keys(fields)) fieldProblems[name.replace(/^fields\./, '')] = fields[name].join('')
  changeKept(key, { state: 'refused', problem: message, fieldProblems })
}

/** @typedef {{recorded: {key: string, record: Activity}[], failure: import('./errors.js').Failure | null}} Sent */

/** @type {Promise<Sent> | null} */
let running = null
let restUntil = 0

/** @param {KeptRecord} kept */
const unsentFiles = ({ files }) => files.filter(({ state }) => state === 'kept').length

/** A record whose photographs do not get through keeps no other waiting. */
const nextWaiting = () => listKept().filter(({ state }) => state === 'waiting').sort((one, other) => unsentFiles(one) - unsentFiles(other))[0]

/** Sends what waits and stops where the server cannot decide now. @returns {Promise<Sent>} */
async function sendAll() {
  /** @type {Sent['recorded']} */
  const recorded = []
  for (;;) {
    const kept = nextWaiting()
    if (!kept) return { recorded, failure: null }
    try {
      const record = await sendRecord(kept)
      if (record) recorded.push({ key: kept.key, record })
    } catch (error) {
      const failure = asFailure(error)
      if (failure.status === 429) restUntil = Date.now() + REST_MS
      if (!isDecided(failure)) return { recorded, failure }
      refuse(kept.key, failure)
    }
  }
}

/** Sends what waits; those who ask at the same time share one run. @returns {Promise<Sent>} */
function sendKept() {
  running = running || sendAll().finally(() => (running = null))
  return running
}

/** Whether it is worth trying without being asked. */
const isDue = () => Boolean(nextWaiting()) && Date.now() >= restUntil

module.exports = { sendKept, isDue }
