// The sentences of today's page.

const { dayLabel, hourMinuteOf } = require('../../services/clock.js')

/** @param {Kind} kind */
const kindLabel = (kind) => (kind === 'in' ? '签到' : '签退')

/** @type {Record<'denied' | 'off' | 'failed', string>} */
const OBSTACLES = {
  denied: '小程序没有位置权限。',
  off: '手机的定位没有打开。',
  failed: '现在定不了位。',
}

/**
 * What is asked where there is no place.
 * @param {'denied' | 'off' | 'failed'} obstacle
 * @param {Kind} kind
 */
function codeQuestion(obstacle, kind) {
  return {
    alertText: `${OBSTACLES[obstacle]}扫派驻点的动态码可以证明到岗；没有动态码也能${kindLabel(kind)}，记为“位置不确定”。`,
    without: `没有码，仍要${kindLabel(kind)}`,
  }
}

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

/** @type {Record<Outcome, string>} */
const TONES = { verified: 'good', uncertain: 'warn', suspect: 'bad' }

/**
 * What became of a tap.
 * @param {Kind} kind
 * @param {{recorded: Tap[], failure: {message: string} | null}} outcome
 * @param {WaitingTap | undefined} left the tap if it is still on the phone
 */
function outcomeNote(kind, { recorded, failure }, left) {
  const label = kindLabel(kind)
  if (left && left.state === 'refused') {
    return { tone: 'bad', title: `${label}没有被接受`, text: left.problem, codeFor: left.code ? kind : '' }
  }
  if (left) {
    const reason = failure ? failure.message : ''
    return { tone: 'calm', title: `${label}已保存在手机里，等待上传`, text: `${reason}\n有网络时会自动上传，不用重新${label}。`.trim() }
  }
  const tap = recorded[recorded.length - 1]
  const reasons = tap.reasons.map(({ text }) => text)
  if (kind === 'in' && tap.verdict === 'outside') reasons.push('到派驻点后可以“再次签到”，系统会采用更好的一次。')
  const believed = tap.outcome === 'verified' ? '' : `（${tap.outcome_label}）`
  const title = `${hourMinuteOf(tap.tapped_at)} ${tap.kind_label}已记录，${tap.verdict_label}${believed}`
  // The code bears out a place that is not sure; it never overrides one that lies outside.
  const codeFor = tap.outcome !== 'verified' && tap.verdict !== 'outside' && !tap.late ? kind : ''
  if (codeFor) reasons.push('派驻点有动态码的，现在扫码就能证明到岗。')
  return { tone: TONES[tap.outcome], title, text: reasons.join('\n'), codeFor }
}

/** What became of the answer to a spot check. @param {SpotCheck} check */
function answeredNote({ verdict, verdict_label, answer_label }) {
  const title = `查岗已应答（${answer_label}${verdict_label ? `，${verdict_label}` : ''}）`
  if (!verdict || verdict === 'inside') return { tone: 'good', title, text: '' }
  return { tone: 'warn', title, text: '已如实记录，由医务科核实。可以到“查岗记录”里说明情况。' }
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

module.exports = { answeredNote, outcomeNote, codeQuestion, outsideQuestion, staleNote }
