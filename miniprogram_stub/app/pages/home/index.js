// Today: where I am sent, how far that is, one big button, what was recorded, what waits.

const { rootFontSize } = require('../../services/appearance.js')
const { listWaiting, keepTap, sendWaiting, dismiss } = require('../../services/check_ins.js')
const { dayLabel, hourMinuteOf, isoOf, phoneDay, weekdayLabel } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { locate } = require('../../services/location.js')
const { fetchMe, fetchToday, lastMe, lastToday } = require('../../services/me.js')
const { showBadge } = require('../../services/notifications.js')
const { fetchOpenCheck } = require('../../services/spot_checks.js')
const { requireSignIn } = require('../../services/session.js')
const { scanCode, typeCode } = require('../../services/site_code.js')
const { planOf, nextKind, distanceOf, nextLine, stillOpen } = require('./plan.js')
const { askMore, beginPress, renewed } = require('./press.js')
const { answeredNote, outcomeNote, staleNote } = require('./words.js')

const LOCATE_EVERY_MS = 30000
const CLOCK_EVERY_MS = 5000
const ASK_EVERY_MS = 60000
const FEW = 3
const FEW_TAPS = 6
const SIGNERS = ['director', 'delegate']
const ERRANDS = [...SIGNERS, 'desk', 'duty', 'medical_affairs', 'finance', 'dean', 'bureau']

/** @param {Me} me */
const roleLine = ({ current_role: role }) => (role ? `${role.organisation.name} ${role.role_label}` : '')

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  /** loading, trouble, patient, errands, otherRole or today */
  view: 'loading',
  trouble: '',
  me: null,
  village: false,
  /** when the patient's start, or one's records, were last to be read anew */
  asked: 0,
  dateLine: '',
  roleLine: '',
  roleTitle: '',
  unread: 0,
  stale: null,
  plan: null,
  planLine: '',
  nextText: '',
  kind: 'in',
  clock: '',
  locating: false,
  distance: null,
  obstacle: '',
  tapping: false,
  result: null,
  waiting: [],
  waitingShown: [],
  waitingCount: 0,
  waitingTitle: '',
  sendProblem: '',
  sending: false,
  taps: [],
  tapsShown: [],
  check: null,
  answered: null,
  todo: null,
  calls: 0,
  claims: 0,
  evaluations: 0,
  role: '',
  signs: false,
}

Page({
  data: initial,
  /** @type {Today | null} */
  today: null,
  /** @type {import('../../services/errors.js').Failure | null} why the server could not be asked just now */
  failure: null,
  timers: /** @type {number[]} */ ([]),
  /** the tap that the note above the button speaks of, while it waits */
  noted: '',
  allWaiting: false,
  allTaps: false,
  redraw: () => {},

  onLoad() {
    this.redraw = () => this.refreshAfterSending()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize(), clock: hourMinuteOf(isoOf()) })
    if (!requireSignIn()) return
    getApp().listeners.add(this.redraw)
    this.timers = [
      setInterval(() => this.locate(), LOCATE_EVERY_MS),
      setInterval(() => this.setData({ clock: hourMinuteOf(isoOf()) }), CLOCK_EVERY_MS),
      setInterval(() => this.askForCheck(), ASK_EVERY_MS),
    ]
    this.reload()
  },

  onHide() {
    this.rest()
  },

  onUnload() {
    this.rest()
  },

  rest() {
    getApp().listeners.delete(this.redraw)
    this.timers.forEach(clearInterval)
    this.timers = []
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  async reload() {
    await this.load()
    await this.locate()
  },

  /** Asks the server; what it said last time is shown until it answers, and if it does not. */
  async load() {
    this.today = lastToday()
    if (lastMe()) this.draw()
    try {
      const me = await fetchMe()
      if (me.current_role) this.today = await fetchToday()
      this.failure = null
      if (this.today) showBadge(this.today.notice_count)
    } catch (error) {
      this.failure = asFailure(error)
      if (this.failure.code === 'signed_out') return
    }
    this.draw()
    if (this.data.view === 'today') this.setData({ asked: Date.now() })
  },

  draw() {
    const me = lastMe()
    if (!me) return this.setData({ view: 'trouble', trouble: this.failure ? this.failure.message : '' })
    const role = me.current_role ? me.current_role.role : ''
    if (me.roles.length === 0 || role === 'village_doctor') return this.setData({ view: 'patient', me, village: Boolean(role), asked: Date.now() })
    if (role !== 'staff' && !ERRANDS.includes(role)) {
      const roleTitle = me.current_role ? `当前身份：${me.current_role.role_label}` : '请先选一个身份'
      return this.setData({ view: 'otherRole', me, roleTitle })
    }
    if (!this.today) {
      return this.setData(this.failure ? { view: 'trouble', trouble: this.failure.message } : { view: 'loading' })
    }
    if (role !== 'staff') return this.drawErrands(me, this.today)
    this.drawToday(me, this.today)
    this.drawWaiting()
  },

  /** @param {Me} me @param {Today} today */
  drawErrands(me, today) {
    const role = me.current_role ? me.current_role.role : ''
    const day = this.failure ? phoneDay() : today.day
    this.setData({
      view: 'errands',
      me,
      role,
      signs: SIGNERS.includes(role),
      dateLine: `${dayLabel(day)} ${weekdayLabel(day)}`,
      roleLine: roleLine(me),
      unread: today.notice_count,
      stale: this.failure && { title: this.failure.message, text: `下面是 ${dayLabel(today.day)} ${hourMinuteOf(today.server_time)} 读到的。` },
      todo: today.todo,
    })
  },

  /** @param {Me} me @param {Today} today */
  drawToday(me, today) {
    const day = this.failure ? phoneDay() : today.day
    const plan = planOf(today, day)
    const taps = today.day === day ? [...today.taps].reverse() : []
    this.setData({
      view: 'today',
      me,
      dateLine: [dayLabel(day), weekdayLabel(day), today.day === day && today.holiday_label].filter(Boolean).join(' '),
      roleLine: roleLine(me),
      unread: today.notice_count,
      calls: today.todo.closures_to_call,
      claims: today.todo.claims_to_submit,
      evaluations: today.todo.evaluations_waiting,
      check: stillOpen(today.spot_check),
      stale: this.failure && staleNote(this.failure, today, day),
      plan,
      planLine: plan ? [plan.place, plan.shifts].filter(Boolean).join(' · ') : '',
      nextText: nextLine(today),
      kind: nextKind(today.day === day ? today : null, listWaiting(), Date.now()),
      taps,
      tapsShown: this.allTaps ? taps : taps.slice(0, FEW_TAPS),
    })
  },

  drawWaiting() {
    const waiting = listWaiting()
    const waitingCount = waiting.filter(({ state }) => state === 'waiting').length
    this.setData({
      waiting,
      waitingCount,
      waitingTitle: waitingCount ? `待上传 ${waitingCount} 条` : '未被接受的记录',
      waitingShown: this.allWaiting ? waiting : waiting.slice(0, FEW),
      kind: nextKind(this.data.plan && this.data.plan.sure ? this.today : null, waiting, Date.now()),
    })
  },

  /** Shows how far the sites are; the place stays on the phone. */
  async locate() {
    const { plan } = this.data
    if (!plan || this.data.view !== 'today') return
    this.setData({ locating: true })
    this.showFix(await locate())
  },

  /** @param {import('../../services/location.js').Fix} fix */
  showFix({ place, obstacle }) {
    const { plan } = this.data
    this.setData({ locating: false, obstacle: obstacle || '', distance: place && plan && distanceOf(place, plan.sites) })
  },

  /** A check may come while the page is open; whether one has come is all that is asked. */
  async askForCheck() {
    if (this.data.view !== 'today' || this.data.check) return
    try {
      const check = await fetchOpenCheck()
      if (check) this.setData({ check, answered: null })
    } catch (error) {
      // It is asked again a minute later.
      asFailure(error)
    }
  },

  /** @param {{detail: SpotCheck}} event */
  async takeAnswer({ detail }) {
    this.setData({ check: null, answered: answeredNote(detail) })
    await this.load()
  },

  async openSettings() {
    await wx.openSetting()
    await this.locate()
  },

  /** @param {{currentTarget: {dataset: {kind: Kind}}}} event */
  async tap(event) {
    if (this.data.tapping) return
    const { kind } = event.currentTarget.dataset
    this.setData({ tapping: true, result: null })
    try {
      const press = await beginPress()
      this.showFix(press.fix)
      const more = await askMore(press.fix, this.data.distance, kind)
      if (more) await this.record(kind, await renewed(press), more)
    } finally {
      this.setData({ tapping: false })
    }
  },

  /**
   * A second tap of the same kind, borne out by the site's code: the better one counts.
   * @param {{currentTarget: {dataset: {kind: Kind, by: 'camera' | 'digits'}}}} event
   */
  async tapWithCode({ currentTarget }) {
    if (this.data.tapping) return
    const { kind, by } = currentTarget.dataset
    this.setData({ tapping: true })
    try {
      const code = await (by === 'camera' ? scanCode() : typeCode())
      if (code) await this.record(kind, await beginPress(), { code, note: '' })
    } finally {
      this.setData({ tapping: false })
    }
  },

  /**
   * @param {Kind} kind
   * @param {import('./press.js').Press} press
   * @param {{code: string, note: string}} more
   */
  async record(kind, { key, pressedAt, nonce, fix: { place, obstacle } }, { code, note }) {
    const { dispatchId, recipient } = this.data.plan
    keepTap({ key, dispatchId, recipient, kind, place, denied: obstacle === 'denied', note, nonce, code, tappedAt: pressedAt })
    this.drawWaiting()
    const outcome = await sendWaiting()
    const left = listWaiting().find((tap) => tap.key === key)
    // A code that was not taken is told at once; it is not a record that has to be put away.
    if (left && left.state === 'refused' && code) dismiss(key)
    this.noted = left ? key : ''
    this.setData({ result: outcomeNote(kind, outcome, left), sendProblem: '' })
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    await this.load()
  },

  async sendNow() {
    this.setData({ sending: true })
    const { failure } = await sendWaiting()
    this.setData({ sending: false, sendProblem: failure ? failure.message : '' })
    this.forgetNote()
    await this.load()
  },

  async refreshAfterSending() {
    if (this.data.tapping) return
    this.forgetNote()
    await this.load()
  },

  /** What the note said of a waiting tap is over once the tap has left the phone or was refused. */
  forgetNote() {
    const tap = listWaiting().find(({ key }) => key === this.noted)
    if (!this.noted || (tap && tap.state === 'waiting')) return
    this.noted = ''
    this.setData({ result: null })
  },

  /** @param {{detail: {key: string}}} event */
  dismiss(event) {
    dismiss(event.detail.key)
    this.drawWaiting()
  },

  showAllWaiting() {
    this.allWaiting = true
    this.drawWaiting()
  },

  showAllTaps() {
    this.allTaps = true
    this.draw()
  },

  /** @param {{currentTarget: {dataset: {url: string}}}} event */
  go({ currentTarget }) {
    wx.navigateTo({ url: currentTarget.dataset.url })
  },

  openMonth() {
    wx.navigateTo({ url: '/doctor/month/index' })
  },

  openNotices() {
    wx.switchTab({ url: '/pages/notices/index' })
  },

  openMe() {
    wx.switchTab({ url: '/pages/me/index' })
  },
})
