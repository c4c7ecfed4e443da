// A booking in a list; a press opens it.

const { bookingShown } = require('../../services/booking_words.js')

Component({
  properties: { booking: { type: Object, value: /** @type {any} */ ({}) } },
  data: { shown: /** @type {any} */ (null) },
  observers: {
    booking(/** @type {Booking} */ booking) {
      if (booking.id) this.setData({ shown: bookingShown(booking) })
    },
  },
  methods: {
    open() {
      wx.navigateTo({ url: `/patient/booking/index?id=${this.data.shown.id}` })
    },
  },
})
