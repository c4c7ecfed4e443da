// Who I am, as whom I act, and the way out.

const { rootFontSize } = require('../../services/appearance.js')
const { listWaiting } = require('../../services/check_ins.js')
const { asFailure } = require('../../services/errors.js')
const { fetchMe, forget, lastMe, switchRole } = require('../../services/me.js')
const { requireSignIn, signOut } = require('../../services/session.js')

/** @param {Me} me */
function rolesOf(me) {
  const keyOf = (/** @type {Role} */ role) => `${role.role}@${role.organisation.id}`
  const current = me.current_role && keyOf(me.current_role)
  return me.roles.map((role) => ({ ...role, key: keyOf(role), current: keyOf(role) === current }))
}

Page({
  data: {
    rootFontSize: '16px',
    me: /** @type {Me | null} */ (null),
    roles: /** @type {ReturnType<typeof rolesOf>} */ ([]),
    trouble: /** @type {null | {title: string, text: string}} */ (null),
    busy: false,
    /** whether they are sent, and so may be paid a subsidy */
    sent: false,
    asked: 0,
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.load()
  },

  async load() {
    const known = lastMe()
    if (known) this.draw(known)
    await this.attempt('没有读到最新的资料', fetchMe)
    this.setData({ asked: Date.now() })
  },

  /** @param {Me} me */
  draw(me) {
    this.setData({ me, roles: rolesOf(me), sent: me.roles.some(({ role }) => role === 'staff') })
  },

  /** @param {string} title what failed, if it does @param {() => Promise<Me>} ask */
  async attempt(title, ask) {
    try {
      this.draw(await ask())
      this.setData({ trouble: null })
    } catch (error) {
      this.setData({ trouble: { title, text: asFailure(error).message } })
    }
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async choose({ currentTarget }) {
    const role = this.data.roles[currentTarget.dataset.index]
    if (role.current || this.data.busy) return
    this.setData({ busy: true })
    await this.attempt('身份没有切换成功', () => switchRole(role))
    this.setData({ busy: false })
  },

  async signOut() {
    const waiting = listWaiting().filter(({ state }) => state === 'waiting').length
    const content = waiting ? `还有 ${waiting} 条签到没有上传。它们会留在这部手机里，下次登录后自动上传。` : '退出后要重新登录才能签到和预约。'
    const { confirm } = await wx.showModal({ title: '退出登录？', content, cancelText: '不退出', confirmText: '退出' })
    if (!confirm) return
    this.setData({ busy: true })
    await signOut()
    forget()
    wx.reLaunch({ url: '/pages/login/index' })
  },

  openBinding() {
    wx.navigateTo({ url: '/pages/binding/index' })
  },

  /** @param {{currentTarget: {dataset: {url: string}}}} event */
  go({ currentTarget }) {
    wx.navigateTo({ url: currentTarget.dataset.url })
  },

  openPrivacy() {
    wx.openPrivacyContract({})
  },
})
