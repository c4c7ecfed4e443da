// For whom, and yes: books a place, joins the waitlist, or moves a booking to another clinic.

const { rootFontSize } = require('../../services/appearance.js')
const { book, fetchBooking, joinWaitlist, rebook } = require('../../services/bookings.js')
const { clinicShown } = require('../../services/clinic_words.js')
const { fetchClinic } = require('../../services/clinics.js')
const { asFailure } = require('../../services/errors.js')
const { fetchPatients } = require('../../services/patients.js')
const { requireSignIn } = require('../../services/session.js')
const { askToTell, prepareToAsk } = require('../../services/subscriptions.js')
const { MODES, NOBODY, patientChoice, problemOf, whatShown } = require('./words.js')

/** @typedef {import('./words.js').Mode} Mode */

/** More than these are shown when one asks for them: a village doctor has hundreds. */
const FEW = 6

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  trouble: '',
  mode: 'book',
  words: MODES.book,
  what: null,
  moved: null,
  patients: [],
  hidden: 0,
  loaded: false,
  chosen: '',
  problem: null,
  busy: false,
  waiting: null,
}

Page({
  data: initial,
  clinicId: '',
  periodId: '',
  movedId: '',
  /** @type {ReturnType<typeof patientChoice>[]} */
  all: [],
  allShown: false,
  /** @type {Booking | null} */
  booking: null,

  /** @param {{clinic: string, period?: string, patient?: string, rebook?: string, wait?: string}} query */
  onLoad({ clinic, period = '', patient = '', rebook: movedId = '', wait = '' }) {
    this.clinicId = clinic
    this.periodId = period
    this.movedId = movedId
    this.setMode(wait ? 'wait' : movedId ? 'rebook' : 'book')
    this.setData({ chosen: patient })
  },

  /** @param {Mode} mode */
  setMode(mode) {
    this.setData({ mode, words: MODES[mode], problem: null })
    wx.setNavigationBarTitle({ title: MODES[mode].title })
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn() || this.data.waiting) return
    this.load()
    prepareToAsk('booking')
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      const [clinic] = await Promise.all([fetchClinic(this.clinicId), this.movedId ? this.loadMoved() : this.loadPatients()])
      this.setData({ what: whatShown(clinic, this.periodId), loaded: true })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  async loadMoved() {
    this.booking = await fetchBooking(this.movedId)
    this.setData({ moved: { name: this.booking.patient.name_masked, from: clinicShown(this.booking.clinic) } })
  },

  async loadPatients() {
    this.all = (await fetchPatients()).map(patientChoice)
    const may = this.all.filter((patient) => patient.may)
    const known = may.some(({ id }) => id === this.data.chosen)
    this.setData({ chosen: known ? this.data.chosen : may.length === 1 ? may[0].id : '' })
    this.drawPatients()
  },

  /** One for whom the booking was begun stands alone until somebody else is asked for. */
  drawPatients() {
    const many = !this.allShown && this.all.length > FEW
    const chosen = this.all.filter(({ id }) => id === this.data.chosen)
    const patients = many ? (chosen.length ? chosen : this.all.slice(0, FEW)) : this.all
    this.setData({ patients, hidden: this.all.length - patients.length })
  },

  showAll() {
    this.allShown = true
    this.drawPatients()
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  choose({ currentTarget }) {
    const patient = this.data.patients.find((/** @type {{id: string}} */ { id }) => id === currentTarget.dataset.id)
    if (patient.may) this.setData({ chosen: patient.id, problem: null })
  },

  async confirm() {
    const { busy, chosen, mode } = this.data
    if (busy) return
    if (mode !== 'rebook' && !chosen) return this.showProblem(NOBODY)
    // WeChat's question stands above the page meanwhile: nobody loses a place by reading it.
    const told = askToTell('booking')
    this.setData({ busy: true, problem: null })
    try {
      await this.ask(mode, told)
    } catch (error) {
      this.showProblem(problemOf(mode, asFailure(error)))
    }
    this.setData({ busy: false })
  },

  /** The button stays in sight where a page is scrolled down: what came of it has to be, too. @param {import('./words.js').Problem} problem */
  showProblem(problem) {
    this.setData({ problem }, this.toTop)
  },

  toTop() {
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  },

  /** @param {Mode} mode @param {Promise<boolean>} told once WeChat's question is answered */
  async ask(mode, told) {
    const { chosen } = this.data
    if (mode === 'wait') {
      const entry = await joinWaitlist({ clinic_id: this.clinicId, patient_id: chosen })
      await told
      return this.setData({ waiting: { ahead: entry.ahead, name: entry.patient.name_masked } }, this.toTop)
    }
    const wanted = { clinic_id: this.clinicId, ...(this.periodId ? { period_id: this.periodId } : {}) }
    const booking = this.booking ? await rebook(this.booking, wanted) : await book({ ...wanted, patient_id: chosen })
    await told
    wx.redirectTo({ url: `/patient/booking/index?id=${booking.id}&made=${mode}` })
  },

  /** @param {{currentTarget: {dataset: {act: import('./words.js').Problem['act']}}}} event */
  goOn({ currentTarget }) {
    const { act } = currentTarget.dataset
    if (act === 'wait') this.setMode('wait')
    else if (act === 'bookings') this.openBookings()
    else wx.navigateBack()
  },

  openBookings() {
    wx.redirectTo({ url: '/patient/bookings/index' })
  },

  addPatient() {
    wx.navigateTo({ url: '/patient/patient/index' })
  },
})
