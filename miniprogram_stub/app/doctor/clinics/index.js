// My clinics: when and where, how many come, what stands against one; each opens who comes, and closing it.

const { rootFontSize } = require('../../services/appearance.js')
const { dayLabel } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { dayFromToday, fetchClinics } = require('../../services/office_clinics.js')
const { requireSignIn } = require('../../services/session.js')

/** So many days at a time. */
const DAYS = 30

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, busy: false, trouble: '', items: [], until: '', conflicts: 0 }

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
})
