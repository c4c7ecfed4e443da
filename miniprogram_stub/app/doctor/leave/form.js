// What the form of a leave offers, what is wrong with what was filled in, and what is sent.

/** @type {{kind: LeaveKind, name: string}[]} */
const KINDS = [
  { kind: 'personal', name: '事假' },
  { kind: 'sick', name: '病假' },
  { kind: 'annual', name: '年休' },
  { kind: 'official', name: '公出（因公外出、返院）' },
  { kind: 'rest', name: '公休（轮休）' },
  { kind: 'maternity', name: '产假' },
  { kind: 'marriage', name: '婚假' },
  { kind: 'bereavement', name: '丧假' },
  { kind: 'earned', name: '奖励假（派驻期满）' },
]

/** @type {{shift: Shift, name: string}[]} */
const SHIFTS = [
  { shift: 'morning', name: '上午' },
  { shift: 'afternoon', name: '下午' },
  { shift: 'night', name: '夜班' },
]

/** @type {Partial<Record<LeaveKind, string>>} */
const HINTS = {
  sick: '超过 2 天的，请附诊断证明或病历照片。没有附的会注明“未附证明”。',
  maternity: '产假会暂停派驻，由医务科安排顶岗。',
  official: '请写明事由；有通知的，请附照片。',
}

/** @param {LeaveBalance | null} balance */
function earnedHint(balance) {
  if (!balance) return ''
  const left = balance.items.filter(({ is_expired, left_days }) => !is_expired && left_days !== '0')
  if (!left.length) return '现在没有可用的奖励假。派驻期满、鉴定合格后发放。'
  return `还可以请 ${balance.balance_days} 天：${left.map(({ left_days, expires_on }) => `${left_days} 天在 ${expires_on} 前有效`).join('，')}。`
}

/** @param {LeaveKind} kind @param {LeaveBalance | null} balance */
const hintOf = (kind, balance) => (kind === 'earned' ? earnedHint(balance) : HINTS[kind] || '')

/** @param {any} data @returns {Record<string, string>} */
function whatIsWrong({ dispatchId, kind, startsOn, startsWith, endsOn, endsWith, reason, photos }) {
  /** @type {Record<string, string>} */
  const errors = {}
  if (!dispatchId) errors.dispatch_id = '请选派驻单位。'
  if (kind < 0) errors.kind = '请选请假种类。'
  if (endsOn < startsOn || (endsOn === startsOn && endsWith < startsWith)) errors.ends_on = '结束不能早于开始。'
  if (!reason.trim()) errors.reason = '请写明事由。'
  if (photos.some((/** @type {{state: string}} */ { state }) => state !== 'sent')) {
    errors.attachment_ids = '还有照片没有传完。请等一会儿，或移除没有传成的。'
  }
  return errors
}

/** @param {any} data */
function wantedOf({ dispatchId, kind, startsOn, startsWith, endsOn, endsWith, reason, photos }) {
  return {
    dispatch_id: dispatchId,
    kind: KINDS[kind].kind,
    starts_on: startsOn,
    starts_with: SHIFTS[startsWith].shift,
    ends_on: endsOn,
    ends_with: SHIFTS[endsWith].shift,
    reason: reason.trim(),
    attachment_ids: photos.map((/** @type {{id: string}} */ { id }) => id),
  }
}

module.exports = { KINDS, SHIFTS, hintOf, whatIsWrong, wantedOf }
