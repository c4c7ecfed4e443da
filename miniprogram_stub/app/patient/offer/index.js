// A place that is held: what, until when, in place of what; taken or given back with one tap.

const { rootFontSize } = require('../../services/appearance.js')
const { offerShown } = require('../../services/booking_words.js')
const { asFailure } = require('../../services/errors.js')
const { acceptOffer, declineOffer, fetchOffer } = require('../../services/offers.js')
const { requireSignIn } = require('../../services/session.js')
const { askToTell, prepareToAsk } = require('../../services/subscriptions.js')

/** @type {Partial<Record<PlaceOffer['status'], {tone: string, title: string, text: string}>>} */
const ENDED = {
  accepted: { tone: 'good', title: '这个号已经要了', text: '到“我的预约”里看。' },
  declined: { tone: 'calm', title: '这个号没有要', text: '还想看的，可以重新找门诊。' },
  withdrawn: { tone: 'warn', title: '这个号收回了', text: '那次门诊有变动。请重新找门诊。' },
}
const LAPSED = { tone: 'warn', title: '答复的时间过了', text: '号已经给了别人。请重新找门诊，或到卫生院服务台问现场号。' }

/** @type {any} */
const initial = { rootFontSize: '16px', trouble: '', offer: null, ended: null, bookable: false, busy: '', problem: '' }

Page({
  data: initial,
  id: '',

  /** @param {{id: string}} query */
  onLoad({ id }) {
    this.id = id
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    this.load()
    prepareToAsk('booking')
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      this.draw(await fetchOffer(this.id))
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {PlaceOffer} offer */
  draw(offer) {
    const shown = offerShown(offer)
    this.setData({ offer: shown, ended: shown.open ? null : ENDED[offer.status] || LAPSED, accepted: offer.status === 'accepted' })
  },

  async accept() {
    if (this.data.busy) return
    const told = askToTell('booking')
    await this.attempt('accept', async () => {
      const booking = await acceptOffer(this.id)
      await told
      wx.redirectTo({ url: `/patient/booking/index?id=${booking.id}&made=offer` })
    })
  },

  async decline() {
    await this.attempt('decline', async () => this.draw(await declineOffer(this.id)))
  },

  /** @param {string} busy @param {() => Promise<void>} work */
  async attempt(busy, work) {
    if (this.data.busy) return
    this.setData({ busy, problem: '' })
    try {
      await work()
    } catch (error) {
      const failure = asFailure(error)
      this.setData({ problem: failure.message })
      if (failure.status === 409) await this.load()
    }
    this.setData({ busy: '' })
  },

  find() {
    wx.redirectTo({ url: '/patient/clinics/index' })
  },

  openBookings() {
    wx.redirectTo({ url: '/patient/bookings/index' })
  },
})
