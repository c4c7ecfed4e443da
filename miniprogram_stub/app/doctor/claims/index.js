// My subsidies by month: what was given back, what I have to hand in, then all of them with where each stands.

const { rootFontSize } = require('../../services/appearance.js')
const { fetchAccount } = require('../../services/bank.js')
const { cardOf } = require('../../services/claim_words.js')
const { fetchClaim, fetchMyClaims, knownClaims, noteClaims } = require('../../services/claims.js')
const { dayLabel, dayOf, hourMinuteOf, isoOf } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')

/** @type {Partial<Record<ClaimStatus, string>>} what its owner does next */
const NEXT = { draft: '打开，看清后提交', returned: '打开修改' }

/** @param {ClaimCard} claim @param {Map<string, string>} reasons why those came back that came back */
const shown = (claim, reasons) => ({ ...cardOf(claim), next: NEXT[claim.status] || '打开看怎么算的', reason: (claim.status === 'returned' && reasons.get(claim.id)) || '' })

/** What is to be done stands before what is not. @param {ClaimCard[]} claims */
const inOrder = (claims) => [...claims.filter(({ status }) => NEXT[status]), ...claims.filter(({ status }) => !NEXT[status])]

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, busy: false, trouble: '', staleText: '', cards: [], more: false, noAccount: false }

Page({
  data: initial,
  /** @type {ClaimCard[]} */
  claims: [],
  /** @type {Map<string, string>} */
  reasons: new Map(),
  nextPage: 1,

  onLoad() {
    // What stands in a page's definition is copied, and a copied map is none.
    this.reasons = new Map()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  async reload() {
    const known = knownClaims()
    if (!this.data.loaded && known) this.draw(known.claims, known.total)
    await this.load(1)
  },

  async loadMore() {
    await this.load(this.nextPage)
  },

  /** @param {number} page */
  async load(page) {
    this.setData({ busy: true, trouble: '', staleText: '' })
    try {
      const { items, total } = await fetchMyClaims({ page })
      const claims = page === 1 ? items : [...this.claims, ...items]
      if (page === 1) noteClaims({ claims, total, at: isoOf() })
      this.nextPage = page + 1
      // Before anything is drawn, so that no card moves away under a finger.
      await this.learnReasons(items)
      this.draw(claims, total)
      this.setData({ noAccount: !(await fetchAccount()) })
    } catch (error) {
      this.tell(asFailure(error))
    }
    this.setData({ busy: false })
  },

  /** A list does not say why something came back, and that is what its owner looks for. @param {ClaimCard[]} claims */
  async learnReasons(claims) {
    const returned = claims.filter(({ status }) => status === 'returned')
    for (const { id, return_reason } of await Promise.all(returned.map(({ id }) => fetchClaim(id)))) this.reasons.set(id, return_reason)
  },

  /** @param {ClaimCard[]} claims @param {number} total */
  draw(claims, total) {
    this.claims = claims
    this.setData({ loaded: true, cards: inOrder(claims).map((claim) => shown(claim, this.reasons)), more: claims.length < total })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  tell({ code, message }) {
    const known = knownClaims()
    const seen = known ? `下面是 ${dayLabel(dayOf(known.at))} ${hourMinuteOf(known.at)} 读到的。` : ''
    this.setData({ trouble: code === 'no_network' ? '现在没有网络' : '没有读到最新的补贴', staleText: this.data.loaded && code === 'no_network' ? seen : `${message}${this.data.loaded ? seen : ''}` })
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  open({ currentTarget }) {
    wx.navigateTo({ url: `/doctor/claim/index?id=${currentTarget.dataset.id}` })
  },

  openReceipts() {
    wx.navigateTo({ url: '/doctor/receipts/index' })
  },

  openAccount() {
    wx.navigateTo({ url: '/doctor/bank-account/index' })
  },
})
