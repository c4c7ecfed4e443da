// What I have booked: what is to come, with places that wait for an answer and for which I wait, and what is over.

const { rootFontSize } = require('../../services/appearance.js')
const { entryShown } = require('../../services/booking_words.js')
const { fetchBookings, fetchWaitlist, lastComing, leaveWaitlist } = require('../../services/bookings.js')
const { asFailure } = require('../../services/errors.js')
const { fetchOffers } = require('../../services/offers.js')
const { requireSignIn } = require('../../services/session.js')

/** @typedef {import('../../services/bookings.js').Scope} Scope */

const WAITING = ['waitlist', 'offered']

/** @type {any} */
const initial = { rootFontSize: '16px', scope: 'coming', loaded: false, busy: false, trouble: '', bookings: [], total: 0, offers: [], entries: [], leaving: '', problem: null }

Page({
  data: initial,
  nextPage: 1,

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    if (!this.data.loaded) this.setData({ bookings: lastComing() })
    this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  /** @param {{currentTarget: {dataset: {scope: Scope}}}} event */
  choose({ currentTarget }) {
    const { scope } = currentTarget.dataset
    if (scope === this.data.scope) return
    this.setData({ scope, bookings: scope === 'coming' ? lastComing() : [], offers: [], entries: [], total: 0, loaded: false, problem: null })
    this.reload()
  },

  async reload() {
    this.nextPage = 1
    await this.loadMore()
  },

  async loadMore() {
    /** @type {Scope} */
    const scope = this.data.scope
    const page = this.nextPage
    this.setData({ busy: true, trouble: '' })
    try {
      const [listed, extra] = await Promise.all([fetchBookings(scope, page), scope === 'coming' && page === 1 ? this.fetchOpen() : {}])
      if (scope !== this.data.scope) return
      const before = page === 1 ? [] : this.data.bookings
      const known = new Set(before.map((/** @type {Booking} */ { id }) => id))
      const bookings = [...before, ...listed.items.filter(({ id }) => !known.has(id))]
      this.setData({ bookings, total: listed.total, loaded: true, ...extra })
      this.nextPage = page + 1
    } catch (error) {
      if (scope === this.data.scope) this.setData({ trouble: asFailure(error).message })
    }
    this.setData({ busy: false })
  },

  async fetchOpen() {
    const [offers, entries] = await Promise.all([fetchOffers(), fetchWaitlist()])
    return { offers: offers.items, entries: entries.items.filter(({ status }) => WAITING.includes(status)).map(entryShown) }
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async leave({ currentTarget }) {
    const entry = this.data.entries[currentTarget.dataset.index]
    const { confirm } = await wx.showModal({
      title: '不再候补？',
      content: `${entry.patient}，${entry.day} ${entry.expert}。退出后再候补要重新排队。`,
      cancelText: '继续等',
      confirmText: '退出',
    })
    if (!confirm) return
    this.setData({ leaving: entry.id, problem: null })
    try {
      await leaveWaitlist(entry.id)
    } catch (error) {
      this.setData({ problem: { id: entry.id, text: asFailure(error).message } })
    }
    this.setData({ leaving: '' })
    if (!this.data.problem) await this.reload()
  },

  find() {
    wx.navigateTo({ url: '/patient/clinics/index' })
  },
})
