// What the page says of a record after it was saved or handed in.

const { dayAndWeekday } = require('../../services/clock.js')

/** @typedef {{tone: string, title: string, text: string, again: boolean}} Outcome */

/** The server has it. @param {Activity} record @param {boolean} wanted it was to be handed in @returns {Outcome} */
function recordedNote(record, wanted) {
  const what = `${record.kind_label}，${dayAndWeekday(record.occurred_on)}`
  if (record.held) return { tone: 'warn', title: '已存为草稿，还没有交成', text: `${record.held.text}\n稍后再交一次就可以，不用重新填写。`, again: true }
  if (!wanted) return { tone: 'good', title: '草稿已保存', text: `${what}。写完后记得提交。`, again: false }
  const late = record.is_late ? '\n交得晚了，会注明“补记”。' : ''
  return { tone: 'good', title: '已提交', text: `${what}。等${record.recipient.name}会签。${late}`, again: false }
}

/** It waits on the phone. @param {string} message why @returns {Outcome} */
const keptNote = (message) => ({ tone: 'calm', title: '已保存在手机里，等待上传', text: `${message}\n有网络时会自动上传，照片也在，不用重新填写。`.trim(), again: false })

module.exports = { recordedNote, keptNote }
