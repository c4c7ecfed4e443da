// What is said of a claim to the one who is paid.

/** @param {Claim} claim */
function statusNote({ status, return_reason, steps, payment, total_fen, may }) {
  const refused = steps.find(({ reason }) => reason)
  if (status === 'returned') return { tone: 'bad', title: '退回了，请看原因后再提交', text: return_reason }
  if (status === 'rejected') return { tone: 'bad', title: '不予发放', text: refused ? refused.reason : '' }
  if (status === 'draft' && total_fen === 0) return { tone: 'calm', title: '没有应发的补贴，不用提交', text: '每一项为什么没有，点开下面的明细可以看到。' }
  if (status === 'draft' && total_fen < 0) return { tone: 'warn', title: '这一次是扣回', text: '以前多发的，从以后的补贴里扣。' }
  if (status === 'draft' && may.submit) return { tone: 'calm', title: '请看清明细，再在下面提交', text: '' }
  if (payment && payment.failure_reason) return { tone: 'warn', title: '上次没有付成', text: `${payment.failure_reason}。请核对收款账户。` }
  return null
}

/** @param {Claim} claim */
const submitQuestion = ({ month_label, total_label }) => ({
  title: `提交${month_label}的补贴？`,
  content: `共 ${total_label}。提交后按步骤审批，进度在这里和“消息”里看得到。`,
  cancelText: '先不',
  confirmText: '提交',
})

module.exports = { statusNote, submitQuestion }
