// One clinic: who, when, where, what it costs; a period is chosen and booked, or one waits for a place.

const { rootFontSize } = require('../../services/appearance.js')
const { fetchClinic } = require('../../services/clinics.js')
const { asFailure } = require('../../services/errors.js')
const { isVillageDoctor } = require('../../services/me.js')
const { openPage } = require('../../services/pages.js')
const { isSignedOut } = require('../../services/session.js')
const { wholeShown } = require('./words.js')

/** @type {any} */
const initial = { rootFontSize: '16px', trouble: '', clinic: null, chosen: '', hours: '', more: '', moving: false, village: false }

Page({
  data: initial,
  id: '',

  /** @param {{id: string, patient?: string, rebook?: string}} query */
  onLoad({ id, patient, rebook }) {
    this.id = id
    this.setData({ more: rebook ? `&rebook=${rebook}` : patient ? `&patient=${patient}` : '', moving: Boolean(rebook) })
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize(), village: isVillageDoctor() })
    this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      this.draw(wholeShown(await fetchClinic(this.id)))
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {ReturnType<typeof wholeShown>} clinic */
  draw(clinic) {
    const free = clinic.periods.filter((period) => period.free)
    const kept = free.find(({ id }) => id === this.data.chosen) || free[0]
    this.setData({ clinic, chosen: kept ? kept.id : '', hours: kept ? kept.hours : '' })
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  choose({ currentTarget }) {
    const { id } = currentTarget.dataset
    const period = this.data.clinic.periods.find((/** @type {{id: string}} */ one) => one.id === id)
    if (period.free) this.setData({ chosen: id, hours: period.hours })
  },

  book() {
    const { chosen, more } = this.data
    this.open(`/patient/book/index?clinic=${this.id}&period=${chosen}${more}`)
  },

  /** In whichever period a place for family doctors is left. */
  bookForResident() {
    this.open(`/patient/book/index?clinic=${this.id}${this.data.more}`)
  },

  wait() {
    this.open(`/patient/book/index?clinic=${this.id}&wait=1${this.data.more}`)
  },

  /** Looking needs no log-in; booking does, and comes back here. @param {string} url */
  open(url) {
    openPage(isSignedOut() ? '/pages/login/index?back=1' : url)
  },

  findOther() {
    openPage(`/patient/clinics/index?${this.data.more.slice(1)}`)
  },
})
