// How a record of an activity is shown in a list and by itself, to its author and to who signs.

const { filePathOf } = require('./activities.js')
const { dayAndWeekday, dayLabel, dayOf, hourMinuteOf } = require('./clock.js')

/** @type {Record<RecordStatus, string>} */
const TONES = {
  draft: 'calm',
  submitted: 'calm',
  returned: 'bad',
  countersigned: 'good',
  superseded: 'warn',
  discarded: 'warn',
  imported: 'good',
  withdrawn: 'warn',
}

/** @param {string} instant */
const when = (instant) => `${dayLabel(dayOf(instant))} ${hourMinuteOf(instant)}`

/** What it counts for; a kind without people says nothing of them. @param {Pick<ActivityCard, 'quantity' | 'person_times'>} record */
function amountsLine({ quantity, person_times }) {
  const reached = person_times && person_times.value !== null ? `参加 ${person_times.label}` : ''
  return [quantity.label, reached].filter(Boolean).join('，')
}

/** @param {Omit<ActivityCard, 'files' | 'thin'>} record */
const headOf = (record) => ({
  title: record.title ? `${record.kind_label}：${record.title}` : record.kind_label,
  day: dayAndWeekday(record.occurred_on),
  amounts: amountsLine(record),
  tone: TONES[record.status],
  status: record.status_label,
  edition: record.edition > 1 ? `第 ${record.edition} 版` : '',
})

/** @param {string} recordId @param {ActivityFile} file */
const fileLine = (recordId, file) => ({
  key: file.attachment_id,
  name: file.filename || file.proof_label,
  proof: file.proof_label,
  check: file.check === 'waiting' || file.check === 'refused' ? file.check_label : '',
  hidden: file.check === 'refused',
  findings: file.findings,
  path: filePathOf(recordId, file.attachment_id),
  type: file.content_type,
  open: file.picture ? '看照片' : '打开',
})

/** @type {Record<Activity['presence']['code'], string>} */
const PRESENCE_TONES = { present: 'good', absent: 'warn', leave: 'warn', open: 'calm', unknown: 'calm' }

/** @param {Activity} record */
const bodyOf = (record) => ({
  ...headOf(record),
  lines: record.lines,
  presence: record.presence.label,
  presenceTone: PRESENCE_TONES[record.presence.code] || 'calm',
  files: record.files.map((file) => fileLine(record.id, file)),
  thin: record.thin,
  warnings: record.warnings,
  signed: record.countersigned ? `${record.countersigned.by}（${record.countersigned.as_label}）${when(record.countersigned.at)} 会签` : '',
  source: record.source,
})

module.exports = { amountsLine, bodyOf, headOf, when }
