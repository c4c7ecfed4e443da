// One subsidy of mine: the sum, why it is that, and handing it in with an explanation.

const { rootFontSize } = require('../../services/appearance.js')
const { fetchClaim, submitClaim } = require('../../services/claims.js')
const { dropDraft, keepDraft, readDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { askToTell, prepareToAsk } = require('../../services/subscriptions.js')
const { statusNote, submitQuestion } = require('./words.js')

/** @type {any} */
const initial = { rootFontSize: '16px', claim: null, note: null, trouble: '', explanation: '', busy: false, problem: '', fieldProblem: '' }

Page({
  data: initial,
  id: '',

  /** @param {Record<string, string>} query */
  onLoad({ id }) {
    this.id = id
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    prepareToAsk('subsidy')
    this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      this.draw(await fetchClaim(this.id))
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {Claim} claim */
  draw(claim) {
    const kept = readDraft(this.draftName())
    this.setData({ claim, note: statusNote(claim), explanation: kept === null ? claim.explanation : kept })
  },

  draftName() {
    return `claim:${this.id}`
  },

  /** @param {{detail: {value: string}}} event */
  typeExplanation({ detail }) {
    this.setData({ explanation: detail.value, fieldProblem: '' })
    keepDraft(this.draftName(), detail.value)
  },

  async submit() {
    const { claim, explanation, busy } = this.data
    if (busy) return
    await askToTell('subsidy')
    const { confirm } = await wx.showModal(submitQuestion(claim))
    if (!confirm) return
    this.setData({ busy: true, problem: '', fieldProblem: '' })
    try {
      this.showSubmitted(await submitClaim(claim, explanation.trim()))
    } catch (error) {
      await this.explain(asFailure(error))
    }
    this.setData({ busy: false })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  async explain({ status, message, fields }) {
    this.setData({ problem: message, fieldProblem: (fields.explanation || []).join('') })
    // It has changed meanwhile: what is shown has to be what there is.
    if ([409, 412].includes(status)) await this.load()
    // Nobody else hands it in: it was this very press, whose first answer was lost on the way.
    if (this.data.claim.status === 'submitted') this.showSubmitted(this.data.claim)
  },

  /** @param {Claim} claim */
  showSubmitted(claim) {
    dropDraft(this.draftName())
    this.setData({ problem: '' })
    this.draw(claim)
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  },

  openReceipts() {
    wx.navigateTo({ url: `/doctor/receipts/index?dispatch=${this.data.claim.dispatch_id}` })
  },

  openMonth() {
    const { dispatch_id, month } = this.data.claim
    wx.navigateTo({ url: `/doctor/month/index?dispatch=${dispatch_id}&month=${month}` })
  },

  openAccount() {
    wx.navigateTo({ url: '/doctor/bank-account/index' })
  },
})
