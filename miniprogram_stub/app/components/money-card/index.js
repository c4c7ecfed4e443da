// What I was last paid and where to, and the way to all of it.

const { fetchAccount } = require('../../services/bank.js')
const { fetchLastPaid, knownPaid } = require('../../services/claims.js')
const { dayLabel } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')

/** @param {Claim} claim */
const paidLine = ({ month_label, payment }) => [payment && payment.paid_on ? `${dayLabel(payment.paid_on)}发放` : '已发放', month_label].join('，')

Component({
  properties: { /** when the page was last shown */ asked: Number },
  // Each line keeps its place while it is read, so that nothing below moves away under a finger.
  data: { head: '正在读取…', sum: '', line: '', account: '', missing: false },
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
        this.setData({ account: account ? `付到 ${account.number_masked}` : '', missing: !account })
        if (!paid) this.setData({ head: '还没有发放过' })
      } catch (error) {
        // The page says what is wrong with the network; what was last known stays.
        asFailure(error)
        if (!this.data.sum) this.setData({ head: '没有读到' })
      }
    },

    /** @param {Claim | null} paid */
    draw(paid) {
      if (paid) this.setData({ head: '最近一次发放', sum: paid.total_label, line: paidLine(paid) })
    },

    /** @param {{currentTarget: {dataset: {url: string}}}} event */
    go({ currentTarget }) {
      wx.navigateTo({ url: currentTarget.dataset.url })
    },
  },
})
