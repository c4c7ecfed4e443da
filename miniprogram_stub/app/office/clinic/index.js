// One clinic: who comes, in order; the desk marks who has come, is called, was seen or stayed away; extra places; closing it.

const { hours } = require('../../services/clinic_words.js')
const { rootFontSize } = require('../../services/appearance.js')
const { findClosureOf } = require('../../services/closures.js')
const { arriveByTicket, comingShown, fetchComing, scanTicket, takeStep } = require('../../services/desk.js')
const { asFailure } = require('../../services/errors.js')
const { lastMe } = require('../../services/me.js')
const { addPlaces, fetchClinic, officeClinicShown } = require('../../services/office_clinics.js')
const { requireSignIn } = require('../../services/session.js')
const { askToTell, prepareToAsk } = require('../../services/subscriptions.js')
const { gatheredNote, stepsOf } = require('./words.js')

const FEW = 20
const MOST_PLACES = 5

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  trouble: '',
  clinic: null,
  closed: false,
  mayClose: false,
  mayAdd: false,
  own: false,
  desk: false,
  listTrouble: '',
  everyone: [],
  shown: [],
  everyShown: false,
  note: null,
  busy: '',
  problem: null,
  adding: false,
  periods: [],
  period: 0,
  count: 1,
  counts: Array.from({ length: MOST_PLACES }, (_, index) => `${index + 1} 个`),
  closing: false,
  oneTap: false,
}

Page({
  data: initial,
  id: '',

  /** @param {{id: string}} query */
  onLoad({ id }) {
    this.id = id
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    prepareToAsk('closure')
    this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      this.draw(await fetchClinic(this.id))
    } catch (error) {
      return this.setData({ trouble: asFailure(error).message })
    }
    if (this.data.own || this.data.desk) await this.loadComing()
  },

  /** @param {OfficeClinic & WholeClinic} clinic */
  draw(clinic) {
    const me = lastMe()
    const role = me && me.current_role ? me.current_role.role : ''
    const { mayClose, closed } = officeClinicShown(clinic)
    this.setData({
      clinic,
      closed,
      mayClose,
      mayAdd: clinic.may_add_place && !closed,
      own: Boolean(me && me.person && me.person.id === clinic.expert.id),
      desk: role === 'desk',
      oneTap: role === 'duty',
      periods: clinic.periods.map(({ id, starts_at, ends_at }) => ({ id, name: hours(starts_at, ends_at) })),
    })
  },

  async loadComing() {
    try {
      const everyone = (await fetchComing(this.id)).map((booking) => stepsOf(comingShown(booking), this.data.desk))
      this.setData({ everyone, listTrouble: '' })
      this.show()
    } catch (error) {
      this.setData({ listTrouble: asFailure(error).message })
    }
  },

  show() {
    const { everyone, everyShown } = this.data
    this.setData({ shown: everyShown ? everyone : everyone.slice(0, FEW) })
  },

  showEveryone() {
    this.setData({ everyShown: true })
    this.show()
  },

  /**
   * Does one thing with the clinic, then shows what has become of it.
   * @param {string} busy what waits
   * @param {string} title what is said if it fails
   * @param {() => Promise<any>} work
   * @returns {Promise<any>} what the work gave; null where it failed
   */
  async attempt(busy, title, work) {
    if (this.data.busy) return null
    this.setData({ busy, problem: null, note: null })
    try {
      const done = await work()
      await this.load()
      return done
    } catch (error) {
      const { status, message } = asFailure(error)
      this.setData({ problem: { at: busy, title, text: message } })
      // Somebody else was quicker: what is shown has to be what there is.
      if ([404, 409, 412].includes(status)) await this.load()
      return null
    } finally {
      this.setData({ busy: '' })
    }
  },

  async scan() {
    if (this.data.busy) return
    const ticket = await scanTicket()
    if (!ticket) return
    const booking = await this.attempt('scan', '没有登记成功', () => arriveByTicket(ticket))
    if (booking) this.setData({ note: gatheredNote(booking, this.data.everyone) })
  },

  /** @param {{currentTarget: {dataset: {index: number, step: import('../../services/desk.js').Step}}}} event */
  async take({ currentTarget }) {
    const { index, step } = currentTarget.dataset
    const person = this.data.shown[index]
    if (this.data.busy) return
    if (step === 'no-show' && !(await this.sure(person))) return
    await this.attempt(person.id, '没有登记成功', () => takeStep(person, step))
  },

  /** @param {{name: string, number: number}} person */
  async sure({ name, number }) {
    const { confirm } = await wx.showModal({
      title: `${number} 号 ${name} 未到诊？`,
      content: '次数多了会暂停手机预约，本人可以申诉。',
      cancelText: '先不',
      confirmText: '未到诊',
    })
    return confirm
  },

  toggleAdding() {
    this.setData({ adding: !this.data.adding, problem: null })
  },

  /** @param {{detail: {value: string}}} event */
  choosePeriod({ detail }) {
    this.setData({ period: Number(detail.value) })
  },

  /** @param {{detail: {value: string}}} event */
  chooseCount({ detail }) {
    this.setData({ count: Number(detail.value) + 1 })
  },

  async add() {
    const { periods, period, count } = this.data
    const added = await this.attempt('add', '没有加成', () => addPlaces(this.id, periods[period].id, count))
    if (added) this.setData({ adding: false, note: { tone: 'good', title: `已加 ${count} 个号`, text: '由服务台发给到场的患者。' } })
  },

  async beginClosing() {
    await askToTell('closure')
    this.setData({ closing: true })
  },

  leaveClosing() {
    this.setData({ closing: false })
  },

  /** @param {{detail: Closure}} event */
  whenClosed({ detail }) {
    this.setData({ closing: false })
    wx.navigateTo({ url: `/office/closure/index?id=${detail.id}` })
  },

  async openClosure() {
    const closure = await this.attempt('closure', '没有读到停诊记录', () => findClosureOf(this.id))
    if (closure) wx.navigateTo({ url: `/office/closure/index?id=${closure.id}` })
  },
})
