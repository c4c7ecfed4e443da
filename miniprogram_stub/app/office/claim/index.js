// One subsidy for the one whose turn it is: seen whole, with why each sum is what it is; then approved, given back or refused.

const { rootFontSize } = require('../../services/appearance.js')
const { approveClaim, fetchClaim, forgetToOpen, nextToOpen, rejectClaim, returnClaim } = require('../../services/claims.js')
const { dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { approveQuestion, statusNote } = require('./words.js')

/** @type {any} */
const initial = { rootFontSize: '16px', trouble: '', claim: null, odd: '', decides: false, note: null, next: null, busy: '', problem: null, mode: '', draft: '' }

Page({
  data: initial,
  id: '',

  /** @param {{id: string}} query */
  onLoad({ id }) {
    this.id = id
    this.setData({ draft: `decide-claim:${id}` })
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.load()
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
    const decides = claim.may.approve || claim.may.return || claim.may.reject
    if (!decides) forgetToOpen(this.id)
    const next = nextToOpen(this.id)
    this.setData({ claim, odd: claim.exceptions.map(({ text }) => text).join('\n'), decides, note: statusNote(claim), next: !decides && next.id ? next : null, mode: decides ? this.data.mode : '' })
  },

  /**
   * Decides, then shows what has become of the claim.
   * @param {string} busy which button waits
   * @param {string} title what is said if it fails
   * @param {() => Promise<Claim>} work
   */
  async attempt(busy, title, work) {
    if (this.data.busy) return
    this.setData({ busy, problem: null })
    try {
      const claim = await work()
      dropDraft(this.data.draft)
      this.draw(claim)
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    } catch (error) {
      const failure = asFailure(error)
      this.setData({ problem: { at: busy, title, text: failure.message } })
      // Somebody else was quicker: what is shown has to be what there is.
      if ([404, 409, 412].includes(failure.status)) await this.load()
    } finally {
      this.setData({ busy: '' })
    }
  },

  async approve() {
    const { claim } = this.data
    const { confirm } = await wx.showModal(approveQuestion(claim))
    if (confirm) await this.attempt('approve', '没有批成', () => approveClaim(claim))
  },

  /** @param {{currentTarget: {dataset: {mode: 'return' | 'reject'}}}} event */
  begin({ currentTarget }) {
    this.setData({ mode: currentTarget.dataset.mode, problem: null })
  },

  giveUp() {
    this.setData({ mode: '', problem: null })
  },

  /** @param {{detail: {text: string}}} event */
  async sendBack({ detail }) {
    await this.attempt('return', '没有退回成功', () => returnClaim(this.data.claim, detail.text))
  },

  /** @param {{detail: {text: string}}} event */
  async refuse({ detail }) {
    const { claim } = this.data
    const content = `${claim.month_label}，${claim.total_label}。不予发放后不能再提交；只是要改的，请用“退回”。`
    const { confirm } = await wx.showModal({ title: `不予发放${claim.person.name}的补贴？`, content, cancelText: '先不', confirmText: '不予发放' })
    if (confirm) await this.attempt('reject', '没有办成', () => rejectClaim(claim, detail.text))
  },

  openNext() {
    wx.redirectTo({ url: `/office/claim/index?id=${this.data.next.id}` })
  },
})
