// Evaluations for who evaluates: those whose turn is mine, and all that I may read.

const { rootFontSize } = require('../../services/appearance.js')
const { asFailure } = require('../../services/errors.js')
const { cardOf, fetchEvaluations } = require('../../services/evaluations.js')
const { requireSignIn } = require('../../services/session.js')

/** @type {any} */
const initial = { rootFontSize: '16px', tab: 'waiting', loaded: false, busy: false, trouble: '', cards: [], total: 0 }

Page({
  data: initial,
  nextPage: 1,

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  /** @param {{currentTarget: {dataset: {tab: string}}}} event */
  choose({ currentTarget }) {
    const { tab } = currentTarget.dataset
    if (tab === this.data.tab) return
    this.setData({ tab, loaded: false, cards: [] })
    this.reload()
  },

  async reload() {
    await this.load(1)
  },

  async loadMore() {
    await this.load(this.nextPage)
  },

  /** @param {number} page */
  async load(page) {
    const { tab } = this.data
    this.setData({ busy: true, trouble: '' })
    try {
      const { items, total } = await fetchEvaluations(tab === 'waiting' ? { waiting: 'true', page } : { page })
      if (tab !== this.data.tab) return
      const cards = items.map(cardOf)
      this.nextPage = page + 1
      this.setData({ loaded: true, total, cards: page === 1 ? cards : [...this.data.cards, ...cards] })
    } catch (error) {
      if (tab === this.data.tab) this.setData({ trouble: asFailure(error).message })
    } finally {
      this.setData({ busy: false })
    }
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  open({ currentTarget }) {
    wx.navigateTo({ url: `/office/evaluation/index?id=${currentTarget.dataset.id}` })
  },
})
