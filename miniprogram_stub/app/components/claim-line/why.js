// What a line of a claim rests on, in words.

const { when } = require('../../services/claim_words.js')
const { dayLabel, monthLabel } = require('../../services/clock.js')

/** A day with its year, since rules outlast one. @param {string} day YYYY-MM-DD */
const dateLabel = (day) => `${monthLabel(day.slice(0, 7))}${Number(day.slice(8))}日`

/** @param {ExplainedLine['rule']} rule */
const ruleLines = ({ from, until, proposed_by, approved_by }) =>
  [
    `${dateLabel(from)}起${until ? `，到${dateLabel(until)}为止` : '执行'}`,
    [proposed_by && `${proposed_by} 提出`, approved_by && `${approved_by} 批准`].filter(Boolean).join('，'),
  ].filter(Boolean)

/** @template Item @param {Item[]} items @returns {(Item & {key: string})[]} */
const numbered = (items) => items.map((item, index) => ({ ...item, key: String(index) }))

/** @param {Receipt} receipt */
const receiptLine = ({ id, number, spent_on, amount_label, journey, attachment_id }) => ({
  id,
  number,
  amount: amount_label,
  text: [dayLabel(spent_on), journey, `票号 ${number}`].filter(Boolean).join(' · '),
  hasPaper: Boolean(attachment_id),
})

/** @param {ExplainedLine['decisions'][number]} decision */
const decisionLine = ({ label, decided_by, decided_at, decision_label, reason }) => ({
  text: `${label} ${decided_by} ${when(decided_at)} ${decision_label}`,
  reason,
})

/** What the server says where nothing shows how a shift stood: leave, rest, a day off. */
const NONE = '—'

/** @param {ExplainedLine['days'][number]['shifts'][number]} shift */
const shiftLine = ({ evidence, ...shift }) => ({ ...shift, evidence: evidence === NONE ? '' : evidence })

/** @param {ExplainedLine} line */
const whyOf = ({ arithmetic, rule, receipts, reverses, days, decisions }) => ({
  arithmetic: numbered(arithmetic),
  amount: rule.amount_label,
  conditions: [rule.audience_label, ...rule.conditions].filter(Boolean),
  document: `《${rule.document.title}》${rule.document.number}`,
  rule: ruleLines(rule),
  receipts: receipts.map(receiptLine),
  decisions: numbered(decisions.map(decisionLine)),
  reverses: reverses ? `${reverses.month_label} ${reverses.item} ${reverses.amount_label}` : '',
  days: days.map(({ day, weekday_label, shifts }) => ({ key: day, label: `${dayLabel(day)} ${weekday_label}`, shifts: numbered(shifts.map(shiftLine)) })),
})

module.exports = { whyOf }
