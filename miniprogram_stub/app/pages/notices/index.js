// The inbox.

const { rootFontSize } = require('../../services/appearance.js')
const { dayLabel, dayOf, hourMinuteOf } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { fetchNotices, markRead, showBadge } = require('../../services/notifications.js')
const { requireSignIn } = require('../../services/session.js')
const { askToTell, prepareToAsk } = require('../../services/subscriptions.js')

/** Where a notice may lead; one of a newer server may name a page that this edition does not have. */
const TABS = ['/pages/home/index']
const PACKAGES = ['/patient/', '/doctor/', '/office/']

/** @param {string | null} page */
const isKnown = (page) => Boolean(page) && (TABS.includes(page || '') || PACKAGES.some((root) => (page || '').startsWith(root)))

/** @param {Notice} notice */
const shown = (notice) => ({
  ...notice,
  leads: isKnown(notice.page),
  unread: notice.read_at === null,
  open: false,
  when: `${dayLabel(dayOf(notice.created_at))} ${hourMinuteOf(notice.created_at)}`,
})

Page({
  data: {
    rootFontSize: '16px',
    loaded: false,
    busy: false,
    trouble: '',
    items: /** @type {ReturnType<typeof shown>[]} */ ([]),
    total: 0,
    unread: 0,
  },
  nextPage: 1,

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    prepareToAsk('dispatch')
    this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  onReachBottom() {
    if (this.data.items.length < this.data.total) this.loadMore()
  },

  async reload() {
    this.nextPage = 1
    await this.loadMore()
  },

  async loadMore() {
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      const page = this.nextPage
      const { items, total, unread } = await fetchNotices(page)
      const before = page === 1 ? [] : this.data.items
      const known = new Set(before.map(({ id }) => id))
      this.setData({ items: [...before, ...items.filter(({ id }) => !known.has(id)).map(shown)], total, trouble: '' })
      this.nextPage = page + 1
      this.countUnread(unread)
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
    this.setData({ busy: false, loaded: true })
  },

  /** @param {number} unread */
  countUnread(unread) {
    this.setData({ unread })
    showBadge(unread)
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async open({ currentTarget }) {
    const { index } = currentTarget.dataset
    const notice = this.data.items[index]
    // Who takes note of a dispatch is about to be sent: now they know what messages would be for.
    if (notice.kind.startsWith('dispatch_')) askToTell('dispatch')
    this.setData({ [`items[${index}].open`]: !notice.open })
    if (!notice.unread) return
    try {
      await markRead(notice.id)
    } catch (error) {
      // It stays marked as unread and is read again with the next tap.
      asFailure(error)
      return
    }
    this.setData({ [`items[${index}].unread`]: false })
    this.countUnread(this.data.unread - 1)
  },

  /** @param {{currentTarget: {dataset: {page: string}}}} event */
  openPage({ currentTarget }) {
    const { page } = currentTarget.dataset
    if (TABS.includes(page)) wx.switchTab({ url: page })
    else wx.navigateTo({ url: page })
  },
})
