// My month as a timesheet: how it stands, what has to be explained, the days, and handing it in.

const { rootFontSize } = require('../../services/appearance.js')
const { showFile } = require('../../services/attachments.js')
const { monthAfter, monthLabel, phoneDay } = require('../../services/clock.js')
const { readDraft, keepDraft, dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { fetchCorrections } = require('../../services/requests.js')
const { requireSignIn } = require('../../services/session.js')
const { askToTell, prepareToAsk } = require('../../services/subscriptions.js')
const { exceptionsOf, fetchSheet, fetchSheets, submitSheet } = require('../../services/timesheets.js')
const { choicesOf, exceptionLine, statusNote, submitQuestion } = require('./words.js')

const thisMonth = () => phoneDay().slice(0, 7)

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  title: '',
  isNow: true,
  loaded: false,
  trouble: '',
  choices: [],
  sheet: null,
  note: null,
  exceptions: [],
  remark: '',
  busy: false,
  problem: '',
}

Page({
  data: initial,
  wanted: '',
  dispatchId: '',

  /** @param {{month?: string, dispatch?: string}} query */
  onLoad({ month, dispatch }) {
    this.wanted = month || thisMonth()
    this.dispatchId = dispatch || ''
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    prepareToAsk('timesheet')
    this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    const { wanted } = this
    this.setData({ title: monthLabel(wanted), isNow: wanted >= thisMonth(), trouble: '' })
    try {
      const { items } = await fetchSheets({ month: wanted })
      if (wanted !== this.wanted) return
      const chosen = items.find(({ dispatch_id }) => dispatch_id === this.dispatchId) || items[0]
      this.setData({ choices: choicesOf(items) })
      if (chosen) await this.loadSheet(chosen.dispatch_id, wanted)
      else this.setData({ sheet: null, loaded: true })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {string} dispatchId @param {string} month */
  async loadSheet(dispatchId, month) {
    const [sheet, asked] = await Promise.all([fetchSheet(dispatchId, month), fetchCorrections({ status: 'requested' })])
    if (month === this.wanted) this.draw(sheet, asked.items)
  },

  /** @param {WholeTimesheet} sheet @param {Correction[]} asked */
  draw(sheet, asked) {
    this.dispatchId = sheet.dispatch_id
    this.setData({
      sheet,
      loaded: true,
      note: statusNote(sheet),
      exceptions: exceptionsOf(sheet).map((line) => exceptionLine(line, sheet, asked)),
      remark: readDraft(this.draftName()) || '',
    })
  },

  draftName() {
    return `remark:${this.dispatchId}:${this.wanted}`
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  choose({ currentTarget }) {
    this.dispatchId = currentTarget.dataset.id
    this.load()
  },

  /** @param {number} step */
  turn(step) {
    this.wanted = monthAfter(this.wanted, step)
    this.setData({ choices: [], sheet: null, loaded: false, problem: '' })
    this.load()
  },

  earlier() {
    this.turn(-1)
  },

  later() {
    this.turn(1)
  },

  /** @param {{detail: {value: string}}} event */
  typeRemark({ detail }) {
    this.setData({ remark: detail.value })
    keepDraft(this.draftName(), detail.value)
  },

  async submit() {
    const { sheet, exceptions, remark, busy } = this.data
    if (busy) return
    await askToTell('timesheet')
    const { confirm } = await wx.showModal(submitQuestion(sheet, exceptions.length))
    if (!confirm) return
    this.setData({ busy: true, problem: '' })
    try {
      this.draw(await submitSheet(sheet, remark.trim()), [])
      dropDraft(this.draftName())
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    } catch (error) {
      this.setData({ problem: asFailure(error).message })
    }
    this.setData({ busy: false })
  },

  /** @param {{detail: {day?: string}, currentTarget: {dataset: {day?: string}}}} event from the grid, or from a line of the list */
  openDay({ detail, currentTarget }) {
    const day = detail.day || currentTarget.dataset.day
    wx.navigateTo({ url: `/doctor/day/index?dispatch=${this.dispatchId}&day=${day}` })
  },

  async openForm() {
    this.setData({ problem: '' })
    wx.showLoading({ title: '正在读取' })
    try {
      await showFile(`/timesheets/${this.data.sheet.id}/form.pdf`, 'application/pdf')
    } catch (error) {
      this.setData({ problem: asFailure(error).message })
    } finally {
      wx.hideLoading()
    }
  },

  openRequests() {
    wx.navigateTo({ url: '/doctor/requests/index' })
  },
})
