// My receipts of return fares for one dispatch: which wait for a claim, which are in one, and taking one back.

const { rootFontSize } = require('../../services/appearance.js')
const { dayLabel } = require('../../services/clock.js')
const { knownDispatches, loadDispatches } = require('../../services/dispatches.js')
const { asFailure } = require('../../services/errors.js')
const { fetchReceipts, showReceipt, withdrawReceipt } = require('../../services/receipts.js')
const { requireSignIn } = require('../../services/session.js')

/** @type {Record<Receipt['state'], {tone: string, word: string}>} */
const STATES = { waiting: { tone: 'calm', word: '等下一次补贴' }, in_claim: { tone: 'good', word: '已列入补贴' } }

/** @param {Receipt} receipt */
const cardOf = ({ id, number, spent_on, amount_label, journey, attachment_id, state, claim_id, may_withdraw }) => ({
  id,
  amount: amount_label,
  about: [dayLabel(spent_on), journey].filter(Boolean).join(' · '),
  number: `票号 ${number}`,
  paper: attachment_id ? '' : '没有照片',
  hasPaper: Boolean(attachment_id),
  claimId: claim_id,
  may_withdraw,
  ...STATES[state],
})

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, trouble: '', dispatches: [], dispatchId: '', cards: [], acting: '', failed: '', problem: '' }

Page({
  data: initial,

  /** @param {Record<string, string>} query */
  onLoad({ dispatch }) {
    this.setData({ dispatchId: dispatch || '' })
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
    await loadDispatches()
    const dispatches = knownDispatches()
    const dispatchId = this.data.dispatchId || (dispatches[0] || { id: '' }).id
    this.setData({ dispatches, dispatchId })
    try {
      const cards = dispatchId ? (await fetchReceipts(dispatchId)).map(cardOf) : []
      if (dispatchId === this.data.dispatchId) this.setData({ loaded: true, cards })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  chooseDispatch({ currentTarget }) {
    this.setData({ dispatchId: currentTarget.dataset.id, loaded: false, cards: [] })
    this.load()
  },

  /** @param {string} id @param {() => Promise<any>} work */
  async attempt(id, work) {
    if (this.data.acting) return
    this.setData({ acting: id, failed: '' })
    try {
      await work()
    } catch (error) {
      this.setData({ failed: id, problem: asFailure(error).message })
    }
    this.setData({ acting: '' })
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async withdraw({ currentTarget }) {
    const card = this.data.cards[currentTarget.dataset.index]
    const { confirm } = await wx.showModal({ title: '撤回这张票据？', content: `${card.amount}，${card.number}。撤回后不再报销，同一票号可以重新填写。`, cancelText: '先不', confirmText: '撤回' })
    if (!confirm) return
    await this.attempt(card.id, async () => {
      await withdrawReceipt(card.id)
      await this.load()
    })
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async openPaper({ currentTarget }) {
    const { id } = this.data.cards[currentTarget.dataset.index]
    wx.showLoading({ title: '正在读取' })
    await this.attempt(id, () => showReceipt(id))
    wx.hideLoading()
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  openClaim({ currentTarget }) {
    wx.navigateTo({ url: `/doctor/claim/index?id=${this.data.cards[currentTarget.dataset.index].claimId}` })
  },

  add() {
    wx.navigateTo({ url: `/doctor/receipt/index?dispatch=${this.data.dispatchId}` })
  },
})
