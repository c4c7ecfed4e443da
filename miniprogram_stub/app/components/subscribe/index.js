// Offers to be told by WeChat, to who has not answered lately; gone once they have, whatever they answered.

const { askToTell, hasToAsk, prepareToAsk } = require('../../services/subscriptions.js')

Component({
  properties: {
    /** what the messages would be about */
    purpose: { type: String, value: 'dispatch' },
    text: String,
  },
  data: { open: false, allowed: false },
  lifetimes: {
    attached() {
      this.prepare()
    },
  },
  pageLifetimes: {
    show() {
      this.prepare()
    },
  },
  methods: {
    async prepare() {
      const purpose = /** @type {import('../../services/subscriptions.js').Purpose} */ (this.data.purpose)
      await prepareToAsk(purpose)
      this.setData({ open: hasToAsk(purpose) })
    },

    async ask() {
      const purpose = /** @type {import('../../services/subscriptions.js').Purpose} */ (this.data.purpose)
      const allowed = await askToTell(purpose)
      this.setData({ allowed, open: false })
    },
  },
})
