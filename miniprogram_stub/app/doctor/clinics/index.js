// My clinics: when and where, how many come, what stands against one; each opens who comes, and closing it.

const { rootFontSize } = require('../../services/appearance.js')
const { asFailure } = require('../../services/errors.js')
const { dayFromToday, fetchClinics } = require('../../services/office_clinics.js')
const { requireSignIn } = require('../../services/session.js')

const DAYS = 60

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, busy: false, trouble: '', items: [], total: 0, conflicts: 0 }

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

  async reload() {
    await this.loadPage(1)
  },

  async loadMore() {
    await this.loadPage(this.nextPage)
  },

  /** @param {number} page */
  async loadPage(page) {
    this.setData({ busy: true, trouble: '' })
    try {
      const { items, total } = await fetchClinics({ day_from: dayFromToday(0), day_to: dayFromToday(DAYS), page })
      const all = page === 1 ? items : [...this.data.items, ...items]
      const conflicts = all.filter((/** @type {OfficeClinic} */ { conflict, status }) => conflict && status === 'scheduled').length
      this.setData({ items: all, total, conflicts, loaded: true })
      this.nextPage = page + 1
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
