// The sentences of the month.

const { dayAndWeekday, dayLabel, dayOf, monthLabel } = require('../../services/clock.js')

/** Which sheet it is, where a month has several: two stays at one place are told apart by their order. @param {Timesheet[]} sheets */
function choicesOf(sheets) {
  const stays = (/** @type {Timesheet} */ { recipient }) => sheets.filter((other) => other.recipient.id === recipient.id)
  return sheets.map((sheet) => ({
    id: sheet.dispatch_id,
    name: sheet.recipient.name + (stays(sheet).length > 1 ? `（第 ${stays(sheet).indexOf(sheet) + 1} 段）` : ''),
  }))
}

/** @param {WholeTimesheet} sheet */
function statusNote(sheet) {
  const { status, recipient, return_reason, countersigned_at, countersigned_by, verification_code, why_not_submit } = sheet
  if (status === 'submitted') return { tone: 'calm', title: '已提交，等待会签', text: `由${recipient.name}会签。` }
  if (status === 'returned') return { tone: 'warn', title: '已退回，请更正后重新提交', text: `退回原因：${return_reason}` }
  if (status === 'countersigned') {
    const by = countersigned_by ? `${countersigned_by.name}（${countersigned_by.role_label}）` : ''
    const on = countersigned_at ? dayLabel(dayOf(countersigned_at)) : ''
    return { tone: 'good', title: '已会签', text: `${on} ${by}\n校验码 ${verification_code}` }
  }
  return why_not_submit ? { tone: 'calm', title: '还不能提交', text: why_not_submit } : null
}

/**
 * One line that wants an explanation or a correction, and what has been done about it.
 * @param {SheetLine} line
 * @param {WholeTimesheet} sheet
 * @param {Correction[]} asked corrections that nobody has decided yet
 */
function exceptionLine(line, sheet, asked) {
  const { duty_on, shift, shift_label, standing, label, check_in } = line
  const waits = asked.some((one) => one.dispatch_id === sheet.dispatch_id && one.duty_on === duty_on && one.shift === shift)
  const explained = Boolean(check_in && check_in.review && check_in.review.explanation)
  return {
    key: `${duty_on} ${shift}`,
    day: duty_on,
    title: `${dayAndWeekday(duty_on)} ${shift_label}`,
    label,
    tone: standing === 'in_doubt' ? 'warn' : 'bad',
    next: waits ? '补签待审批' : explained ? '已说明' : check_in ? '去说明' : standing === 'absent' ? '查看' : '去补签',
  }
}

/** @param {WholeTimesheet} sheet @param {number} exceptions */
function submitQuestion({ month, recipient }, exceptions) {
  const left = exceptions ? `还有 ${exceptions} 条异常没有处理，会由${recipient.name}确认或退回。` : ''
  return {
    title: `提交${monthLabel(month)}考勤表？`,
    content: `${left}提交后不能再改，由${recipient.name}会签。`,
    cancelText: '先不',
    confirmText: '提交',
  }
}

module.exports = { choicesOf, statusNote, exceptionLine, submitQuestion }
