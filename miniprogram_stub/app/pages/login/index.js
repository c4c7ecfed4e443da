// The first page, and the one after logging out.

const { rootFontSize } = require('../../services/appearance.js')
const { listWaiting } = require('../../services/check_ins.js')
const { asFailure } = require('../../services/errors.js')
const { keepMe } = require('../../services/me.js')
const { signIn } = require('../../services/session.js')

Page({
  data: { rootFontSize: '16px', busy: false, trouble: '', waitingCount: 0 },
  /** somebody who looked around came here to book, and goes on there */
  comesBack: false,

  /** @param {{back?: string}} query */
  onLoad({ back }) {
    this.comesBack = Boolean(back)
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize(), waitingCount: listWaiting().filter(({ state }) => state === 'waiting').length })
  },

  async signIn() {
    if (this.data.busy) return
    this.setData({ busy: true, trouble: '' })
    try {
      keepMe(await signIn())
      getApp().sendWhatWaits()
      if (this.comesBack) wx.navigateBack()
      else wx.reLaunch({ url: '/pages/home/index' })
    } catch (error) {
      this.setData({ busy: false, trouble: asFailure(error).message })
    }
  },

  look() {
    wx.navigateTo({ url: '/patient/clinics/index' })
  },

  openPrivacy() {
    wx.openPrivacyContract({})
  },
})
