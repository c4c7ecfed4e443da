// Starts the mini-program, and sends waiting taps whenever that may work again.

const { isSignedOut } = require('./services/session.js')
const { listWaiting, sendWaiting } = require('./services/check_ins.js')

const RETRY_MS = 20000

App({
  /** @type {Set<() => void>} pages that show taps and want to know when some were sent */
  listeners: new Set(),

  onLaunch() {
    wx.onNetworkStatusChange(({ isConnected }) => {
      if (isConnected) this.sendTaps()
      else this.tellListeners()
    })
    setInterval(() => this.sendTaps(), RETRY_MS)
  },

  onShow() {
    this.sendTaps()
  },

  async sendTaps() {
    if (isSignedOut() || !listWaiting().some(({ state }) => state === 'waiting')) return
    await sendWaiting()
    this.tellListeners()
  },

  tellListeners() {
    for (const listener of this.listeners) listener()
  },
})
