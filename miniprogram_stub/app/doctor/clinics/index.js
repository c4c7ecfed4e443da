// My clinics: when and where, how many come, what stands against one; each opens who comes, and closing it.

const { rootFontSize } = require('../../services/appearance.js')
const { endFeed, giveFeed } = require('../../services/calendar_feed.js')
const { dayLabel } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { dayFromToday, fetchClinics } = require('../../services/office_clinics.js')
const { requireSignIn } = require('../../services/session.js')

/** So many days at a time. */
const DAYS = 30

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, busy: false, trouble: '', items: [], until: '', conflicts: 0, feed: '', feedNote: '' }

Page({
  data: initial,
  days: 0,

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  async reload() {
    await this.load(0, Math.max(this.days, DAYS))
  },

  async loadMore() {
    await this.load(this.days + 1, this.days + DAYS)
  },

  /** @param {number} first @param {number} last days from today */
  async load(first, last) {
    this.setData({ busy: true, trouble: '' })
    try {
      const found = await fetchClinics(dayFromToday(first), dayFromToday(last))
      /** @type {OfficeClinic[]} */
      const items = first ? [...this.data.items, ...found] : found
      const conflicts = items.filter(({ conflict, status }) => conflict && status === 'scheduled').length
      this.setData({ items, conflicts, loaded: true, until: dayLabel(dayFromToday(last)) })
      this.days = last
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
    this.setData({ busy: false })
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  open({ currentTarget }) {
    wx.navigateTo({ url: `/office/clinic/index?id=${currentTarget.dataset.id}` })
  },

  async subscribe() {
    const { confirm } = await wx.showModal({
      title: '订阅到手机日历',
      content: '会生成一个只属于您的地址，以前的地址随即作废。知道地址的人都能看到您的门诊安排，请不要转发。',
      cancelText: '先不',
      confirmText: '生成',
    })
    if (!confirm) return
    await this.change(async () => {
      const feed = await giveFeed()
      this.setData({ feed, feedNote: '地址已生成。在手机日历里选“添加订阅日历”，粘贴这个地址。' })
      await wx.setClipboardData({ data: feed })
    })
  },

  async unsubscribe() {
    await this.change(async () => {
      await endFeed()
      this.setData({ feed: '', feedNote: '订阅地址已作废，日历不再更新。' })
    })
  },

  /** @param {() => Promise<void>} act */
  async change(act) {
    this.setData({ busy: true })
    try {
      await act()
    } catch (error) {
      // What stands on the page can still be copied by hand.
      if (!this.data.feed) this.setData({ feedNote: `没有成功：${asFailure(error).message}` })
    }
    this.setData({ busy: false })
  },
})
