// The clinics of an organisation, today's and the coming: for the desk, the director, the office, and who is on duty at 6:30.

const { dayWords } = require('../../services/clinic_words.js')
const { rootFontSize } = require('../../services/appearance.js')
const { dayLabel } = require('../../services/clock.js')
const { fetchClosures } = require('../../services/closures.js')
const { asFailure } = require('../../services/errors.js')
const { lastMe } = require('../../services/me.js')
const { dayFromToday, fetchClinics, officeClinicShown } = require('../../services/office_clinics.js')
const { requireSignIn } = require('../../services/session.js')
const { askToTell, prepareToAsk } = require('../../services/subscriptions.js')

/** So many days at a time. */
const DAYS = 14

/** They answer for the expert, and close from the list. */
const CLOSERS = ['duty', 'medical_affairs']

/** @param {OfficeClinic} clinic @param {boolean} closes */
const rowOf = (clinic, closes) => ({ id: clinic.id, clinic, closes: closes && officeClinicShown(clinic).mayClose })

/** @param {Closure} closure */
const closureOf = ({ id, clinic, to_call, may_call, reason_label }) => ({
  id,
  title: `${dayWords(clinic.day)} ${clinic.expert.name}`,
  text: to_call ? `${reason_label}，还有 ${to_call} 人要打电话` : `${reason_label}，正在等答复`,
  mine: may_call && to_call > 0,
})

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  tab: 'today',
  loaded: false,
  busy: false,
  trouble: '',
  rows: [],
  until: '',
  closures: [],
  closing: '',
}

Page({
  data: initial,
  days: 0,
  closes: false,

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    const me = lastMe()
    this.closes = Boolean(me && me.current_role && CLOSERS.includes(me.current_role.role))
    prepareToAsk('closure')
    this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  /** @param {{currentTarget: {dataset: {tab: string}}}} event */
  choose({ currentTarget }) {
    const { tab } = currentTarget.dataset
    if (tab === this.data.tab) return
    this.days = 0
    this.setData({ tab, rows: [], loaded: false, closing: '' })
    this.reload()
  },

  async reload() {
    const clinics = this.data.tab === 'today' ? this.load(0, 0) : this.load(1, Math.max(this.days, DAYS))
    await Promise.all([clinics, this.loadClosures()])
  },

  async loadMore() {
    await this.load(this.days + 1, this.days + DAYS)
  },

  /** @param {number} first @param {number} last days from today */
  async load(first, last) {
    const { tab } = this.data
    this.setData({ busy: true, trouble: '' })
    try {
      const rows = (await fetchClinics(dayFromToday(first), dayFromToday(last))).map((clinic) => rowOf(clinic, this.closes))
      if (tab !== this.data.tab) return
      this.setData({ rows: first > 1 ? [...this.data.rows, ...rows] : rows, until: dayLabel(dayFromToday(last)), loaded: true })
      this.days = last
    } catch (error) {
      if (tab === this.data.tab) this.setData({ trouble: asFailure(error).message })
    } finally {
      this.setData({ busy: false })
    }
  },

  async loadClosures() {
    try {
      const { items } = await fetchClosures({ state: 'open' })
      this.setData({ closures: items.map(closureOf) })
    } catch (error) {
      // The clinics are told apart from this; where they too could not be read, the page says so.
      asFailure(error)
    }
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  open({ currentTarget }) {
    wx.navigateTo({ url: `/office/clinic/index?id=${currentTarget.dataset.id}` })
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  openClosure({ currentTarget }) {
    wx.navigateTo({ url: `/office/closure/index?id=${currentTarget.dataset.id}` })
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  async beginClosing({ currentTarget }) {
    await askToTell('closure')
    this.setData({ closing: currentTarget.dataset.id })
  },

  leaveClosing() {
    this.setData({ closing: '' })
  },

  /** @param {{detail: Closure}} event */
  closed({ detail }) {
    this.setData({ closing: '' })
    wx.navigateTo({ url: `/office/closure/index?id=${detail.id}` })
  },
})
