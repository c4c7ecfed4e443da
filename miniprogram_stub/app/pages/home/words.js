// The sentences of today's page.

const { dayLabel, hourMinuteOf } = require('../../services/clock.js')

/** @param {Kind} kind */
const kindLabel = (kind) => (kind === 'in' ? '签到' : '签退')

/** @type {Record<'denied' | 'off' | 'failed', string>} */
const OBSTACLES = {
  denied: '小程序没有位置权限，可以先到页面上的“打开设置”里允许。',
  off: '手机的定位没有打开，可以先到手机设置里打开“位置信息”。',
  failed: '现在定不了位，可以到室外或窗边再试。',
}

/** @param {'denied' | 'off' | 'failed'} obstacle @param {Kind} kind */
function obstacleQuestion(obstacle, kind) {
  return {
    title: `没有位置，仍要${kindLabel(kind)}吗？`,
    content: `${OBSTACLES[obstacle]}\n现在${kindLabel(kind)}也算数，记为“位置不确定”。`,
    cancelText: '先不',
    confirmText: `仍要${kindLabel(kind)}`,
  }
}

/** The server takes as much. */
const LONGEST_NOTE = 200

/** @param {Kind} kind */
function outsideQuestion(kind) {
  return {
    title: `不在签到范围内，仍要${kindLabel(kind)}吗？`,
    content: '',
    editable: true,
    placeholderText: '可以写明原因，例如：下村义诊（选填）',
    cancelText: '先不',
    confirmText: `仍要${kindLabel(kind)}`,
  }
}

/** @type {Record<Verdict, string>} */
const TONES = { inside: 'good', uncertain: 'warn', outside: 'bad' }

/**
 * What became of a tap.
 * @param {Kind} kind
 * @param {{recorded: Tap[], failure: {message: string} | null}} outcome
 * @param {WaitingTap | undefined} left the tap if it is still on the phone
 */
function outcomeNote(kind, { recorded, failure }, left) {
  const label = kindLabel(kind)
  if (left && left.state === 'refused') return { tone: 'bad', title: `${label}没有被接受`, text: left.problem }
  if (left) {
    const reason = failure ? failure.message : ''
    return { tone: 'calm', title: `${label}已保存在手机里，等待上传`, text: `${reason}\n有网络时会自动上传，不用重新${label}。`.trim() }
  }
  const tap = recorded[recorded.length - 1]
  const reasons = tap.reasons.map(({ text }) => text)
  if (kind === 'in' && tap.verdict !== 'inside') reasons.push('到派驻点后可以“再次签到”，系统会采用更好的一次。')
  const title = `${hourMinuteOf(tap.tapped_at)} ${tap.kind_label}已记录，${tap.verdict_label}`
  return { tone: TONES[tap.verdict], title, text: reasons.join('\n') }
}

/**
 * Says that what is shown is not fresh.
 * @param {{code: string, message: string}} failure
 * @param {Today} today
 * @param {string} day
 */
function staleNote(failure, today, day) {
  const seen = `${dayLabel(today.day)} ${hourMinuteOf(today.server_time)}`
  const text =
    today.day === day
      ? `下面是 ${seen} 读到的安排。可以照常签到，有网络后自动上传。`
      : `今天的安排还没有读到，暂按 ${seen} 的派驻记录。可以照常签到，有网络后由服务器核对。`
  return { title: failure.code === 'no_network' ? '现在没有网络' : failure.message, text }
}

module.exports = { LONGEST_NOTE, outcomeNote, obstacleQuestion, outsideQuestion, staleNote }
