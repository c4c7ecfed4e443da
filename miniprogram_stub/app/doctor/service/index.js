// My service: what counts for a title, what does not and why, what is missing, and my certificates.

const { rootFontSize } = require('../../services/appearance.js')
const { asFailure } = require('../../services/errors.js')
const { fetchPromotion, showCertificate } = require('../../services/promotion.js')
const { requireSignIn } = require('../../services/session.js')
const { certificateShown, titleShown } = require('./words.js')

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, trouble: '', titles: [], certificates: [], problem: '' }

Page({
  data: initial,
  /** @type {Promotion | null} */
  told: null,
  /** @type {string[]} */
  opened: [],

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    try {
      this.told = await fetchPromotion()
      this.setData({ trouble: '', certificates: this.told.certificates.map(certificateShown) })
      this.draw()
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  draw() {
    const titles = this.told ? this.told.titles : []
    this.setData({ loaded: true, titles: titles.map((title) => titleShown(title, this.opened)) })
  },

  /** @param {{currentTarget: {dataset: {title: string}}}} event */
  turn({ currentTarget }) {
    const { title } = currentTarget.dataset
    this.opened = this.opened.includes(title) ? this.opened.filter((one) => one !== title) : [...this.opened, title]
    this.draw()
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  async openCertificate({ currentTarget }) {
    this.setData({ problem: '' })
    wx.showLoading({ title: '正在读取' })
    try {
      await showCertificate(currentTarget.dataset.id)
    } catch (error) {
      this.setData({ problem: asFailure(error).message })
    } finally {
      wx.hideLoading()
    }
  },
})
