// A place that is held until somebody answers; a press leads to the answer.

const { offerShown } = require('../../services/booking_words.js')

Component({
  properties: { offer: { type: Object, value: /** @type {any} */ ({}) } },
  data: { shown: /** @type {any} */ (null) },
  observers: {
    offer(/** @type {PlaceOffer} */ offer) {
      if (offer.id) this.setData({ shown: offerShown(offer) })
    },
  },
  methods: {
    open() {
      wx.navigateTo({ url: `/patient/offer/index?id=${this.data.shown.id}` })
    },
  },
})
