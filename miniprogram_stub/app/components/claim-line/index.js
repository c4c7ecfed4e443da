// One sum of a claim; opened, it says why: the arithmetic, the rule with its document, the receipts, and each day's evidence.

const { when } = require('../../services/claim_words.js')
const { dayLabel } = require('../../services/clock.js')
const { explainLine } = require('../../services/claims.js')
const { asFailure } = require('../../services/errors.js')

const FEW_DAYS = 5

/** @param {RuleDocument} document */
const documentLine = ({ title, number }) => `《${title}》${number}`

/** @param {ExplainedLine['rule']} rule */
const ruleLines = ({ from, until, proposed_by, approved_by }) =>
  [
    `${dayLabel(from)}起${until ? `，到${dayLabel(until)}为止` : ''}（${from.slice(0, 4)}年）`,
    [proposed_by && `${proposed_by} 提出`, approved_by && `${approved_by} 批准`].filter(Boolean).join('，'),
  ].filter(Boolean)

/** @template Item @param {Item[]} items @returns {(Item & {key: string})[]} */
const numbered = (items) => items.map((item, index) => ({ ...item, key: String(index) }))

/** @param {ExplainedLine} line */
const whyOf = ({ arithmetic, rule, receipts, reverses, days, decisions }) => ({
  arithmetic: numbered(arithmetic),
  amount: rule.amount_label,
  conditions: [rule.audience_label, ...rule.conditions].filter(Boolean),
  document: documentLine(rule.document),
  rule: ruleLines(rule),
  receipts: receipts.map(({ id, number, spent_on, amount_label, journey }) => ({ id, amount: amount_label, text: [dayLabel(spent_on), journey, `票号 ${number}`].filter(Boolean).join(' · ') })),
  decisions: numbered(decisions.map(({ label, decided_by, decided_at, decision_label, reason }) => ({ text: `${label} ${decided_by} ${when(decided_at)} ${decision_label}`, reason }))),
  reverses: reverses ? `${reverses.month_label} ${reverses.item} ${reverses.amount_label}` : '',
  days: days.map(({ day, weekday_label, shifts }) => ({ key: day, label: `${dayLabel(day)} ${weekday_label}`, shifts: numbered(shifts) })),
})

Component({
  properties: {
    claimId: String,
    line: { type: Object, value: /** @type {any} */ ({}) },
  },
  data: { open: false, trouble: '', why: /** @type {any} */ (null), days: /** @type {any[]} */ ([]) },
  methods: {
    toggle() {
      this.setData({ open: !this.data.open })
      if (this.data.open && !this.data.why) this.load()
    },

    async load() {
      this.setData({ trouble: '' })
      try {
        const why = whyOf(await explainLine(this.data.claimId, this.data.line.id))
        this.setData({ why, days: why.days.slice(0, FEW_DAYS) })
      } catch (error) {
        this.setData({ trouble: asFailure(error).message })
      }
    },

    showEveryDay() {
      this.setData({ days: this.data.why.days })
    },
  },
})
