// One booking: number, time, place and what to bring; its code for the desk; cancelled, changed, or appealed.

const { rootFontSize } = require('../../services/appearance.js')
const { appealNoShow, cancelBooking, fetchBooking, lastBooking } = require('../../services/bookings.js')
const { dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { openPage } = require('../../services/pages.js')
const { requireSignIn } = require('../../services/session.js')
const { MADE, wholeShown } = require('./words.js')

/** @type {any} */
const initial = { rootFontSize: '16px', trouble: '', booking: null, made: '', busy: '', problem: null, draft: '' }

Page({
  data: initial,
  id: '',
  /** @type {Booking | null} */
  booking: null,

  /** @param {{id: string, made?: string}} query */
  onLoad({ id, made = '' }) {
    this.id = id
    this.setData({ made: MADE[made] || '', draft: `appeal:${id}` })
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    const last = lastBooking(this.id)
    if (last) this.draw(last)
    this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      this.draw(await fetchBooking(this.id))
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {Booking} booking */
  draw(booking) {
    this.booking = booking
    this.setData({ booking: wholeShown(booking) })
  },

  /**
   * @param {string} busy which button waits
   * @param {string} title what is said if it fails
   * @param {() => Promise<Booking>} work
   * @returns {Promise<boolean>}
   */
  async attempt(busy, title, work) {
    if (this.data.busy) return false
    this.setData({ busy, problem: null })
    try {
      this.draw(await work())
      return true
    } catch (error) {
      const failure = asFailure(error)
      this.setData({ problem: { at: busy, text: `${title}：${failure.message}` } })
      // It has changed meanwhile: what is shown has to be what there is.
      if ([409, 412].includes(failure.status)) await this.load()
      return false
    } finally {
      this.setData({ busy: '' })
    }
  },

  async cancel() {
    const { booking } = this
    if (!booking) return
    const { patient, day, hours, expert } = this.data.booking
    const { confirm } = await wx.showModal({
      title: '取消这个预约？',
      content: `${patient}，${day} ${hours}，${expert}。取消以后，号会给别人。`,
      cancelText: '不取消',
      confirmText: '取消预约',
    })
    if (!confirm) return
    if (await this.attempt('cancel', '没有取消成', () => cancelBooking(booking))) {
      this.setData({ made: '已经取消' })
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    }
  },

  /** @param {{detail: {text: string}}} event */
  async appeal({ detail }) {
    if (await this.attempt('appeal', '没有提交成功', () => appealNoShow(this.id, detail.text))) dropDraft(this.data.draft)
  },

  /** The same department first, from which one may look further. */
  move() {
    if (!this.booking) return
    const { department } = this.booking.clinic
    const same = department ? `&department=${encodeURIComponent(department)}` : ''
    openPage(`/patient/clinics/index?rebook=${this.id}${same}`)
  },

  openClinic() {
    if (this.booking) openPage(`/patient/clinic/index?id=${this.booking.clinic.id}&patient=${this.booking.patient.id}`)
  },

  find() {
    openPage('/patient/clinics/index')
  },
})
