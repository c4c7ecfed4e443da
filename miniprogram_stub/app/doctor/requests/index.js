// What I have asked for: leave and corrections, how each stands, and taking one back.

const { rootFontSize } = require('../../services/appearance.js')
const { showFile } = require('../../services/attachments.js')
const { asFailure } = require('../../services/errors.js')
const { act, fetchCorrections, fetchLeaves } = require('../../services/requests.js')
const { requireSignIn } = require('../../services/session.js')
const { correctionCard, leaveCard } = require('../../services/request_cards.js')

/** @type {any} */
const initial = { rootFontSize: '16px', tab: 'leave', loaded: false, busy: false, trouble: '', cards: [], total: 0, acting: '', failed: '', problem: '' }

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
    this.setData({ tab, cards: [], total: 0, loaded: false, busy: false })
    this.reload()
  },

  async reload() {
    this.nextPage = 1
    await this.loadMore()
  },

  async loadMore() {
    const { tab } = this.data
    const page = this.nextPage
    this.setData({ busy: true, trouble: '' })
    try {
      const { cards, total } = await this.fetchCards(tab, page)
      if (tab !== this.data.tab) return
      this.setData({ cards: page === 1 ? cards : [...this.data.cards, ...cards], total, loaded: true })
      this.nextPage = page + 1
    } catch (error) {
      if (tab === this.data.tab) this.setData({ trouble: asFailure(error).message })
    }
    this.setData({ busy: false })
  },

  /** @param {string} tab @param {number} page */
  async fetchCards(tab, page) {
    if (tab === 'leave') {
      const { items, total } = await fetchLeaves({ page })
      return { cards: items.map(leaveCard), total }
    }
    const { items, total } = await fetchCorrections({ page })
    return { cards: items.map(correctionCard), total }
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async cancel({ currentTarget }) {
    const card = this.data.cards[currentTarget.dataset.index]
    const { confirm } = await wx.showModal({
      title: '撤销这个申请？',
      content: `${card.title}\n${card.span}`,
      cancelText: '先不',
      confirmText: '撤销',
    })
    if (!confirm) return
    this.setData({ acting: card.id, failed: '' })
    try {
      await act(card.sort, card, 'cancel')
      await this.reload()
    } catch (error) {
      this.setData({ failed: card.id, problem: asFailure(error).message })
    }
    this.setData({ acting: '' })
  },

  /** @param {{currentTarget: {dataset: {path: string, type: Attachment['content_type'], id: string}}}} event */
  async open({ currentTarget }) {
    const { path, type, id } = currentTarget.dataset
    this.setData({ failed: '' })
    wx.showLoading({ title: '正在读取' })
    try {
      await showFile(path, type)
    } catch (error) {
      this.setData({ failed: id, problem: asFailure(error).message })
    } finally {
      wx.hideLoading()
    }
  },

  openLeave() {
    wx.navigateTo({ url: '/doctor/leave/index' })
  },

  openMonth() {
    wx.navigateTo({ url: '/doctor/month/index' })
  },
})
