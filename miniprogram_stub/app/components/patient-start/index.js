// Where a patient begins: what waits for an answer, where one has to be next, and the way to a clinic. A village doctor
// begins with the residents instead.

const { fetchBookings, lastComing } = require('../../services/bookings.js')
const { asFailure } = require('../../services/errors.js')
const { fetchNotices, showBadge } = require('../../services/notifications.js')
const { fetchOffers } = require('../../services/offers.js')

/** @param {Booking[]} bookings the soonest first */
const nextOf = (bookings) => bookings.find(({ status }) => status === 'booked' || status === 'arrived') || null

Component({
  properties: {
    me: { type: Object, value: /** @type {any} */ ({}) },
    village: Boolean,
    /** a new value asks the server anew */
    asked: Number,
  },
  data: {
    busy: false,
    loaded: false,
    trouble: '',
    offers: /** @type {PlaceOffer[]} */ ([]),
    next: /** @type {Booking | null} */ (null),
    more: 0,
    unread: 0,
  },
  observers: {
    asked(/** @type {number} */ asked) {
      if (asked) this.load()
    },
  },
  methods: {
    async load() {
      if (this.data.busy) return
      if (!this.data.loaded) this.setData({ next: nextOf(lastComing()) })
      this.setData({ busy: true, trouble: '' })
      try {
        const [offers, coming, notices] = await Promise.all([fetchOffers(), fetchBookings('coming', 1), fetchNotices(1)])
        const next = nextOf(coming.items)
        this.setData({ loaded: true, offers: offers.items, next, more: Math.max(0, coming.total - 1), unread: notices.unread })
        showBadge(notices.unread)
      } catch (error) {
        this.setData({ trouble: asFailure(error).message })
      }
      this.setData({ busy: false })
    },

    /** @param {{currentTarget: {dataset: {url: string}}}} event */
    go({ currentTarget }) {
      wx.navigateTo({ url: currentTarget.dataset.url })
    },

    openNotices() {
      wx.switchTab({ url: '/pages/notices/index' })
    },
  },
})
