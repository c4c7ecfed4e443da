// One sum of a claim; opened, it says why: the arithmetic, the rule with its document, the receipts, and each day's evidence.

const { explainLine } = require('../../services/claims.js')
const { asFailure } = require('../../services/errors.js')
const { showReceipt } = require('../../services/receipts.js')
const { whyOf } = require('./why.js')

const FEW_DAYS = 5

Component({
  properties: {
    claimId: String,
    line: { type: Object, value: /** @type {any} */ ({}) },
  },
  data: { open: false, trouble: '', problem: '', why: /** @type {any} */ (null), days: /** @type {any[]} */ ([]) },
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

    /** @param {{currentTarget: {dataset: {id: string}}}} event */
    async openPaper({ currentTarget }) {
      this.setData({ problem: '' })
      wx.showLoading({ title: '正在读取' })
      try {
        await showReceipt(currentTarget.dataset.id)
      } catch (error) {
        this.setData({ problem: asFailure(error).message })
      } finally {
        wx.hideLoading()
      }
    },

    showEveryDay() {
      this.setData({ days: this.data.why.days })
    },
  },
})
