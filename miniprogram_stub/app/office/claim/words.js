// What is said of a claim to those who approve.

const { when } = require('../../services/claim_words.js')

/** @param {Claim} claim */
function statusNote({ status, status_label, step_label, may, steps, return_reason }) {
  if (may.approve || may.return || may.reject) return null
  const said = [...steps].reverse().find(({ decided_at }) => decided_at)
  const by = said && said.decided_at ? `${said.decided_by} ${when(said.decided_at)} ${said.decision_label || ''}` : ''
  if (status === 'submitted') return { tone: 'calm', title: `正在等：${step_label}`, text: by }
  if (status === 'returned') return { tone: 'warn', title: '已退回', text: `${by}\n原因：${return_reason}` }
  if (status === 'rejected') return { tone: 'warn', title: status_label, text: `${by}\n原因：${said ? said.reason : ''}` }
  return { tone: 'good', title: status_label, text: by }
}

/** @param {Claim} claim */
const approveQuestion = ({ person, month_label, total_label }) => ({
  title: `同意${person.name}的补贴？`,
  content: `${month_label}，${total_label}。会以您的姓名记录。`,
  cancelText: '先不',
  confirmText: '同意',
})

module.exports = { statusNote, approveQuestion }
