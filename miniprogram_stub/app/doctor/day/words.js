// What a day's page shows of each shift, and what may be done about it.

/** @type {Record<Standing, string>} */
const TONES = {
  present: 'good',
  corrected: 'good',
  in_doubt: 'warn',
  not_counted: 'bad',
  leave: 'calm',
  night_rest: 'calm',
  not_checked_in: 'bad',
  absent: 'bad',
  open: 'calm',
}

/** @type {Partial<Record<Standing, string>>} */
const HINTS = {
  in_doubt: '这次签到还不能证明到岗。请说明情况，由受援单位现场确认。',
  not_counted: '这次签到没有被认定。可以补充说明，或申请补签。',
  not_checked_in: '系统里没有这个班次的签到，不等于缺勤。当时在岗的请申请补签，有事的请补请假。',
  absent: '已由单位认定为旷工。有异议请联系医务科。',
  open: '还没有记录。',
}

/** @type {Standing[]} */
const MENDABLE = ['in_doubt', 'not_counted', 'not_checked_in', 'open']

/**
 * @param {SheetLine} line
 * @param {{open: boolean, sheet: WholeTimesheet, asked: Correction[]}} around `open`: the month may still be changed
 */
function shiftOf(line, { open, sheet, asked }) {
  const { shift, shift_label, standing, label, check_in, duty_on, amended } = line
  const waits = asked.some((one) => one.dispatch_id === sheet.dispatch_id && one.duty_on === duty_on && one.shift === shift)
  const doubtful = standing === 'in_doubt' || standing === 'not_counted'
  return {
    shift,
    name: shift_label,
    label: amended ? `${label}（会签后更正）` : label,
    tone: TONES[standing],
    hint: HINTS[standing] || '',
    tap: check_in,
    draft: check_in ? `explain:${check_in.id}` : '',
    explains: Boolean(doubtful && check_in && sheet.status !== 'countersigned'),
    explained: Boolean(check_in && check_in.review && check_in.review.explanation),
    waits,
    corrects: open && !waits && MENDABLE.includes(standing),
  }
}

/** @param {WholeTimesheet} sheet */
function monthNote({ status, recipient }) {
  if (status === 'submitted') return { tone: 'calm', title: '这个月已提交', text: `不能再补签。要更正，请${recipient.name}先退回。` }
  if (status === 'countersigned') return { tone: 'calm', title: '这个月已会签', text: '不能再改。确有错误的，请联系医务科提出更正。' }
  return null
}

module.exports = { shiftOf, monthNote }
