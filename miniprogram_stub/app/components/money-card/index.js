// What I was last paid and where to, and the way to all of it.

const { fetchAccount } = require('../../services/bank.js')
const { fetchLastPaid, knownPaid } = require('../../services/claims.js')
const { dayLabel } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')

/** @param {Claim} claim */
const paidLine = ({ month_label, payment, recipient }) =>
  [payment && payment.paid_on ? `${dayLabel(payment.paid_on)}发放` : '已发放', `${month_label}（${recipient.name}）`].join('，')

Component({
  properties: { /** when the page was last shown */ asked: Number },
  data: { loaded: false, sum: '', line: '', account: '', missing: false },
  observers: {
    asked(/** @type {number} */ asked) {
      if (asked) this.load()
    },
  },
  methods: {
    async load() {
      this.draw(knownPaid())
      try {
        const [paid, account] = await Promise.all([fetchLastPaid(), fetchAccount()])
        this.draw(paid)
        this.setData({ loaded: true, account: account ? `${account.bank} ${account.number_masked}` : '', missing: !account })
      } catch (error) {
        // The page says what is wrong with the network; what was last known stays.
        asFailure(error)
      }
    },

    /** @param {Claim | null} paid */
    draw(paid) {
      this.setData({ sum: paid ? paid.total_label : '', line: paid ? paidLine(paid) : '' })
    },

    /** @param {{currentTarget: {dataset: {url: string}}}} event */
    go({ currentTarget }) {
      wx.navigateTo({ url: currentTarget.dataset.url })
    },
  },
})
