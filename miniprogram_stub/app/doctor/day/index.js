// One day of my month: how each shift stands, the tap behind it, a word about it, and the way to a correction.

const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday } = require('../../services/clock.js')
const { dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { fetchCorrections } = require('../../services/requests.js')
const { requireSignIn } = require('../../services/session.js')
const { explainTap, fetchSheet, knownSheet } = require('../../services/timesheets.js')
const { shiftOf, monthNote } = require('./words.js')

/** @type {any} */
const initial = { rootFontSize: '16px', title: '', trouble: '', loaded: false, note: null, shifts: [], busy: '', problem: '', failed: '' }

Page({
  data: initial,
  dispatchId: '',
  day: '',
  /** @type {Correction[]} */
  asked: [],

  /** @param {{dispatch: string, day: string}} query */
  onLoad({ dispatch, day }) {
    this.dispatchId = dispatch
    this.day = day
    this.setData({ title: dayAndWeekday(day) })
    const known = knownSheet(dispatch, day.slice(0, 7))
    if (known) this.draw(known)
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.load()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      const [sheet, asked] = await Promise.all([
        fetchSheet(this.dispatchId, this.day.slice(0, 7)),
        fetchCorrections({ status: 'requested' }),
      ])
      this.asked = asked.items
      this.draw(sheet)
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {WholeTimesheet} sheet */
  draw(sheet) {
    const open = sheet.status === 'draft' || sheet.status === 'returned'
    const lines = sheet.lines.filter(({ duty_on }) => duty_on === this.day)
    this.setData({ loaded: true, note: monthNote(sheet), shifts: lines.map((line) => shiftOf(line, { open, sheet, asked: this.asked })) })
  },

  /** @param {{detail: {text: string}, currentTarget: {dataset: {id: string, draft: string}}}} event */
  async explain({ detail, currentTarget }) {
    const { id, draft } = currentTarget.dataset
    this.setData({ busy: id, failed: '', problem: '' })
    try {
      await explainTap(id, detail.text)
      dropDraft(draft)
      wx.showToast({ title: '已提交说明', icon: 'none' })
      await this.load()
    } catch (error) {
      this.setData({ failed: id, problem: asFailure(error).message })
    }
    this.setData({ busy: '' })
  },

  /** @param {{currentTarget: {dataset: {shift: Shift}}}} event */
  correct({ currentTarget }) {
    const { shift } = currentTarget.dataset
    wx.navigateTo({ url: `/doctor/correction/index?dispatch=${this.dispatchId}&day=${this.day}&shift=${shift}` })
  },

  openRequests() {
    wx.navigateTo({ url: '/doctor/requests/index' })
  },
})
