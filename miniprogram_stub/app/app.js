// Starts the mini-program, and sends what waits on the phone whenever that may work again.

const { isSignedOut } = require('./services/session.js')
const { listWaiting, sendWaiting } = require('./services/check_ins.js')
const { tidyFiles } = require('./services/kept_records.js')
const { isDue, sendKept } = require('./services/record_sending.js')

const RETRY_MS = 20000

App({
  /** @type {Set<() => void>} pages that show what waits and want to know when some of it was sent */
  listeners: new Set(),

  onLaunch() {
    wx.onNetworkStatusChange(({ isConnected }) => {
      if (isConnected) this.sendWhatWaits()
      else this.tellListeners()
    })
    setInterval(() => this.sendWhatWaits(), RETRY_MS)
    tidyFiles()
  },

  onShow() {
    this.sendWhatWaits()
  },

  /** Taps first: their hour counts, and photographs take long. */
  async sendWhatWaits() {
    if (isSignedOut()) return
    if (listWaiting().some(({ state }) => state === 'waiting')) {
      await sendWaiting()
      this.tellListeners()
    }
    if (isDue()) {
      await sendKept()
      this.tellListeners()
    }
  },

  tellListeners() {
    for (const listener of this.listeners) listener()
  },
})
