// How a request for leave or a correction is shown, to the one who asked and to the one who decides.

const { dayAndWeekday, dayLabel, dayOf, hourMinuteOf } = require('./clock.js')

/** @type {Record<RequestStatus, string>} */
const TONES = { requested: 'calm', accepted: 'good', rejected: 'bad', cancelled: 'calm' }

/** @type {Record<'recipient' | 'supporting', string>} */
const PARTIES = { recipient: '受援单位', supporting: '派出医院' }

/** @param {string} instant */
const when = (instant) => `${dayLabel(dayOf(instant))} ${hourMinuteOf(instant)}`

/** @param {Correction | Leave} asked */
const common = ({ id, version, status, status_label, reason, decision_reason, requested_at, may_cancel, may_decide, person, recipient }) => ({
  id,
  version,
  tone: TONES[status],
  status: status_label,
  reason,
  returned: decision_reason,
  asked: `${when(requested_at)} 提交`,
  requested_at,
  may_cancel,
  may_decide,
  person: person.name,
  recipient: recipient.name,
})

/** @param {Correction} asked */
function correctionCard(asked) {
  const { duty_on, shift_label, kind_label, happened_at, decided_by, decided_at } = asked
  const nextDay = dayOf(happened_at) === duty_on ? '' : '次日 '
  return {
    ...common(asked),
    sort: /** @type {const} */ ('correction'),
    title: `补${kind_label}`,
    span: `${dayAndWeekday(duty_on)} ${shift_label}，实际 ${nextDay}${hourMinuteOf(happened_at)}`,
    notes: /** @type {string[]} */ ([]),
    decided: decided_by && decided_at ? [`${decided_by} ${when(decided_at)}`] : [],
    files: /** @type {{key: string, name: string, path: string, type: string}[]} */ ([]),
  }
}

/** @param {Leave} asked */
function notesOf({ without_proof, needs_supporting, is_long, status, decisions }) {
  const notes = []
  if (without_proof) notes.push('未附证明')
  if (is_long) notes.push('长假，批准后暂停派驻并安排顶岗')
  if (needs_supporting && status === 'requested') {
    const missing = /** @type {const} */ (['recipient', 'supporting']).filter((party) => !decisions.some((one) => one.party === party))
    notes.push(`还需要${missing.map((party) => PARTIES[party]).join('、')}同意`)
  }
  return notes
}

/** @param {Leave} asked */
function leaveCard(asked) {
  const { id, kind_label, span_label, days, decisions, attachments } = asked
  return {
    ...common(asked),
    sort: /** @type {const} */ ('leave'),
    title: `${kind_label} ${days} 天`,
    span: span_label,
    notes: notesOf(asked),
    decided: decisions.map(({ party, by, at }) => `${PARTIES[party]} ${by} ${when(at)}`),
    files: attachments.map((file, index) => ({
      key: file.id,
      name: attachments.length > 1 ? `看证明 ${index + 1}` : '看证明',
      path: `/leave-requests/${id}/attachments/${file.id}`,
      type: file.content_type,
    })),
  }
}

module.exports = { correctionCard, leaveCard }
