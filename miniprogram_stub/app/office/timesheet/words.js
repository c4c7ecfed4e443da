// The sentences of a sheet for the one who signs.

const { dayAndWeekday, dayLabel, dayOf } = require('../../services/clock.js')

/** @param {SheetLine} line */
const lineTitle = ({ duty_on, shift_label }) => `${dayAndWeekday(duty_on)} ${shift_label}`

/** What a person on the spot can settle. @param {WholeTimesheet} sheet */
function doubtsOf({ lines, may_return }) {
  if (!may_return) return []
  return lines.filter(({ standing, check_in }) => standing === 'in_doubt' && check_in).map((line) => ({ title: lineTitle(line), tap: line.check_in }))
}

/** What no tap speaks for, or a person has not accepted. @param {WholeTimesheet} sheet */
function gapsOf({ lines }) {
  const gaps = lines.filter(({ standing }) => standing === 'not_checked_in' || standing === 'not_counted' || standing === 'absent')
  return gaps.map((line) => ({ key: `${line.duty_on} ${line.shift}`, title: lineTitle(line), label: line.label }))
}

/** @param {WholeTimesheet} sheet */
function statusNote({ status, return_reason, countersigned_at, countersigned_by, verification_code, needs_scan, has_scan, escalated, status_label }) {
  if (status === 'countersigned') {
    const by = countersigned_by ? `${countersigned_by.name}（${countersigned_by.role_label}）` : ''
    const on = countersigned_at ? dayLabel(dayOf(countersigned_at)) : ''
    const scan = needs_scan && !has_scan ? '\n还要附上签字盖章的扫描件。' : ''
    return { tone: scan ? 'warn' : 'good', title: '已会签', text: `${on} ${by}\n校验码 ${verification_code}${scan}` }
  }
  if (status === 'returned') return { tone: 'calm', title: '已退回，等本人更正', text: `退回原因：${return_reason}` }
  if (status === 'submitted') return escalated ? { tone: 'warn', title: '超期未签', text: '已列入卫健局的未签清单，请尽快会签或退回。' } : null
  return { tone: 'calm', title: status_label, text: '本人还没有提交。' }
}

/** @param {WholeTimesheet} sheet @param {number} doubts */
function whyNotSign({ status, may_return }, doubts) {
  if (status !== 'submitted') return ''
  if (!may_return) return '这张考勤表要由其他签字人会签：不能签自己的，也不能签授权给您的人的。'
  return doubts ? `还有 ${doubts} 条存疑，逐条现场确认后才能会签。` : ''
}

/**
 * @param {string} name
 * @param {{title: string}} doubt
 * @param {'present' | 'absent'} confirmation
 */
function confirmQuestion(name, { title }, confirmation) {
  const word = confirmation === 'present' ? '在岗' : '不在岗'
  return { title: `${name}${word}？`, content: `${title}。会以您的姓名记录。`, cancelText: '先不', confirmText: word }
}

/** @type {Record<RequestStatus, string>} */
const TONES = { requested: 'warn', accepted: 'good', rejected: 'bad', cancelled: 'calm' }

/** @param {Amendment} amendment */
function amendmentShown({ id, duty_on, shift_label, before_label, after_label, reason, status, status_label, ...rest }) {
  const { requested_by, requested_at, decided_by, decided_at, decision_reason, may_decide } = rest
  const decided = decided_by && decided_at ? `${decided_by} ${dayLabel(dayOf(decided_at))} 处理` : ''
  return {
    id,
    title: `${dayAndWeekday(duty_on)} ${shift_label}`,
    change: `${before_label} → ${after_label}`,
    reason,
    tone: TONES[status],
    status: status_label,
    asked: `${requested_by} ${dayLabel(dayOf(requested_at))} 提出`,
    decided: [decided, decision_reason].filter(Boolean).join('：'),
    may_decide,
    draft: `amendment:${id}`,
  }
}

module.exports = { doubtsOf, gapsOf, statusNote, whyNotSign, confirmQuestion, amendmentShown }
