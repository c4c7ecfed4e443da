// What is said of a record to the one who signs: where it stands, and what an edition changed.

const { when } = require('../../services/activity_cards.js')

/** @param {Activity} record */
function statusNote({ status, return_reason, returned_at, countersigned, status_label }) {
  if (status === 'submitted') return null
  if (status === 'returned') return { tone: 'warn', title: '已退回', text: `${returned_at ? when(returned_at) : ''} 原因：${return_reason}`.trim() }
  if (countersigned) return { tone: status === 'countersigned' ? 'good' : 'calm', title: status_label, text: `${countersigned.by} ${when(countersigned.at)}` }
  return { tone: 'calm', title: status_label, text: '' }
}

/** The edition that counts until this one is countersigned. @param {Activity} record */
function editionBefore({ editions, edition }) {
  const earlier = editions.filter((one) => one.edition < edition && one.countersigned_at)
  return earlier.length ? earlier[earlier.length - 1] : null
}

/**
 * What an edition says otherwise than the one before.
 * @param {Pick<Activity, 'lines' | 'occurred_on'>} before
 * @param {Pick<Activity, 'lines' | 'occurred_on'>} after
 */
function changesBetween(before, after) {
  const told = (/** @type {Pick<Activity, 'lines' | 'occurred_on'>} */ { lines, occurred_on }) =>
    new Map([['日期', occurred_on], ...lines.map(({ label, value }) => /** @type {[string, string]} */ ([label, value]))])
  const [old, now] = [told(before), told(after)]
  const labels = [...new Set([...old.keys(), ...now.keys()])]
  return labels
    .map((label) => ({ label, before: old.get(label) || '无', after: now.get(label) || '无' }))
    .filter((change) => change.before !== change.after)
}

module.exports = { statusNote, editionBefore, changesBetween }
