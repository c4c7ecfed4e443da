// How a claim of a subsidy is shown, to the one who is paid and to those who approve.

const { dayLabel, dayOf, hourMinuteOf } = require('./clock.js')
const { yuan } = require('./money.js')

/** @type {Record<ClaimStatus, string>} */
const TONES = { draft: 'warn', submitted: 'calm', returned: 'bad', rejected: 'bad', approved: 'good', paying: 'good', paid: 'good' }

/** @param {string} instant */
const when = (instant) => `${dayLabel(dayOf(instant))} ${hourMinuteOf(instant)}`

/** @param {ClaimCard} claim */
function differenceLine({ total_fen, last_month_fen }) {
  if (last_month_fen === null || last_month_fen === total_fen) return ''
  const more = total_fen - last_month_fen
  return `比上月${more > 0 ? '多' : '少'} ${yuan(Math.abs(more))}（上月 ${yuan(last_month_fen)}）`
}

/** @param {ClaimCard} claim */
const cardOf = (claim) => ({
  id: claim.id,
  title: claim.kind === 'adjustment' ? `${claim.month_label} ${claim.kind_label}` : claim.month_label,
  sum: claim.total_label,
  tone: TONES[claim.status],
  status: claim.status_label,
  recipient: claim.recipient.name,
  turn: claim.step_label ? `正在等：${claim.step_label}` : '',
})

/** @type {Record<ClaimStep['state'], {mark: string, word: string}>} */
const STEPS = {
  done: { mark: '✓', word: '' },
  current: { mark: '→', word: '正在审批' },
  ahead: { mark: '·', word: '还没到' },
  skipped: { mark: '·', word: '这个金额不用这一步' },
}

/** @param {ClaimStep} step @param {number} index */
function stepLine({ label, role_label, state, decided_by, decided_at, decision_label, reason }, index) {
  // Only who gave it back or refused it had to say why.
  const { mark, word } = state === 'done' && reason ? { mark: '✕', word: '' } : STEPS[state]
  return {
    key: String(index),
    label: label === role_label ? label : `${label}（${role_label}）`,
    tone: mark === '✕' ? 'refused' : state,
    now: state === 'current',
    mark,
    word: [decision_label || word, decided_by, decided_at ? when(decided_at) : ''].filter(Boolean).join(' '),
    reason,
  }
}

/** @param {Claim} claim */
function paymentLine({ payment }) {
  if (!payment) return null
  const { run_label, status_label, paid_on, account_masked, failure_reason } = payment
  return { title: paid_on ? `${dayLabel(paid_on)} ${status_label}` : status_label, text: [run_label, account_masked].filter(Boolean).join(' · '), failure: failure_reason }
}

/** @param {Claim} claim */
const bodyOf = (claim) => ({
  ...cardOf(claim),
  difference: differenceLine(claim),
  explanation: claim.explanation,
  steps: claim.steps.map(stepLine),
  payment: paymentLine(claim),
})

module.exports = { bodyOf, cardOf, when }
