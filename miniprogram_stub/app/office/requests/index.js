// What the staff ask for, to be decided: leave and corrections.

const { rootFontSize } = require('../../services/appearance.js')
const { showFile } = require('../../services/attachments.js')
const { dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { act, fetchCorrections, fetchLeaves, reject } = require('../../services/requests.js')
const { correctionCard, leaveCard } = require('../../services/request_cards.js')
const { requireSignIn } = require('../../services/session.js')

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  tab: 'waiting',
  loaded: false,
  busy: false,
  trouble: '',
  cards: [],
  more: false,
  acting: '',
  rejecting: '',
  failed: '',
  problem: '',
}

/** @param {string} tab @returns {{status?: string}} */
const queryOf = (tab) => (tab === 'waiting' ? { status: 'requested' } : {})

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
    this.setData({ tab, cards: [], loaded: false, rejecting: '' })
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
      const query = { ...queryOf(tab), page }
      const [leaves, corrections] = await Promise.all([fetchLeaves(query), fetchCorrections(query)])
      if (tab !== this.data.tab) return
      const cards = [...leaves.items.map(leaveCard), ...corrections.items.map(correctionCard)]
      cards.sort((a, b) => (a.requested_at < b.requested_at ? 1 : -1))
      const asked = tab === 'waiting' ? cards.filter(({ may_decide }) => may_decide) : cards
      const before = page === 1 ? [] : this.data.cards
      const more = [leaves, corrections].some(({ total, page_size }) => total > page * page_size)
      this.setData({ cards: [...before, ...asked], more, loaded: true })
      this.nextPage = page + 1
    } catch (error) {
      if (tab === this.data.tab) this.setData({ trouble: asFailure(error).message })
    } finally {
      this.setData({ busy: false })
    }
  },

  /** @param {{id: string}} card @param {() => Promise<any>} work @returns {Promise<boolean>} */
  async decide({ id }, work) {
    if (this.data.acting) return false
    this.setData({ acting: id, failed: '', problem: '' })
    try {
      await work()
      await this.reload()
      return true
    } catch (error) {
      const failure = asFailure(error)
      this.setData({ failed: id, problem: failure.message })
      // Somebody else was quicker: what is shown has to be what there is.
      if ([404, 409, 412].includes(failure.status)) {
        wx.showToast({ title: failure.message, icon: 'none', duration: 4000 })
        await this.reload()
      }
      return false
    } finally {
      this.setData({ acting: '' })
    }
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async accept({ currentTarget }) {
    const card = this.data.cards[currentTarget.dataset.index]
    const { confirm } = await wx.showModal({
      title: `同意${card.person}的申请？`,
      content: `${card.title}\n${card.span}`,
      cancelText: '先不',
      confirmText: '同意',
    })
    if (confirm) await this.decide(card, () => act(card.sort, card, 'accept'))
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  beginReject({ currentTarget }) {
    this.setData({ rejecting: currentTarget.dataset.id, failed: '' })
  },

  /** @param {{detail: {text: string}, currentTarget: {dataset: {index: number}}}} event */
  async reject({ detail, currentTarget }) {
    const card = this.data.cards[currentTarget.dataset.index]
    if (!(await this.decide(card, () => reject(card.sort, card, detail.text)))) return
    dropDraft(`reject:${card.id}`)
    this.setData({ rejecting: '' })
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
})
