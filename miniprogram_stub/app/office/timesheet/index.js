// One sheet for the one who signs: what is in doubt is confirmed on the spot, line by line; then signed, or returned.

const { rootFontSize } = require('../../services/appearance.js')
const { choosePhotos, sendPhoto, showFile } = require('../../services/attachments.js')
const { monthLabel } = require('../../services/clock.js')
const { dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { acceptAmendment, attachScan, confirmTap, countersign, fetchSheet, rejectAmendment, returnSheet } = require('../../services/timesheets.js')
const { amendmentShown, confirmQuestion, doubtsOf, gapsOf, statusNote, whyNotSign } = require('./words.js')

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  trouble: '',
  sheet: null,
  title: '',
  note: null,
  doubts: [],
  doubt: null,
  gaps: [],
  amendments: [],
  blocked: '',
  busy: '',
  problem: null,
  returning: false,
  rejecting: '',
  draft: '',
}

Page({
  data: initial,
  dispatchId: '',
  month: '',

  /** @param {{dispatch: string, month: string}} query */
  onLoad({ dispatch, month }) {
    this.dispatchId = dispatch
    this.month = month
    this.setData({ draft: `return:${dispatch}:${month}` })
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      this.draw(await fetchSheet(this.dispatchId, this.month))
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {WholeTimesheet} sheet */
  draw(sheet) {
    const doubts = doubtsOf(sheet)
    this.setData({
      sheet,
      title: `${sheet.person.name} ${monthLabel(sheet.month)}`,
      note: statusNote(sheet),
      doubts,
      doubt: doubts[0] || null,
      gaps: gapsOf(sheet),
      amendments: sheet.amendments.map(amendmentShown),
      blocked: whyNotSign(sheet, doubts.length),
    })
  },

  /**
   * Does one thing with the sheet, then shows what has become of it.
   * @param {string} busy which button waits
   * @param {string} title what is said if it fails
   * @param {() => Promise<any>} work
   * @returns {Promise<boolean>}
   */
  async attempt(busy, title, work) {
    if (this.data.busy) return false
    this.setData({ busy, problem: null })
    try {
      await work()
      await this.load()
      return true
    } catch (error) {
      const failure = asFailure(error)
      this.setData({ problem: { at: busy, title, text: failure.message } })
      // Somebody else was quicker: what is shown has to be what there is.
      if ([404, 409, 412].includes(failure.status)) await this.load()
      return false
    } finally {
      this.setData({ busy: '' })
    }
  },

  /** @param {{currentTarget: {dataset: {confirmation: 'present' | 'absent'}}}} event */
  async confirmPresence({ currentTarget }) {
    const { doubt, sheet } = this.data
    const { confirmation } = currentTarget.dataset
    const { confirm } = await wx.showModal(confirmQuestion(sheet.person.name, doubt, confirmation))
    if (confirm) await this.attempt('confirm', '没有确认成功', () => confirmTap(doubt.tap, confirmation))
  },

  async sign() {
    const { sheet } = this.data
    const { confirm } = await wx.showModal({
      title: `会签${sheet.person.name}的考勤表？`,
      content: `${monthLabel(sheet.month)}，应出勤 ${sheet.figures.due_days} 天，实出勤 ${sheet.figures.served_days} 天。会签后锁定，不能再改。`,
      cancelText: '先不',
      confirmText: '会签',
    })
    if (confirm && (await this.attempt('sign', '没有会签成功', () => countersign(sheet)))) this.toTop()
  },

  toTop() {
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  },

  beginReturn() {
    this.setData({ returning: true })
  },

  /** @param {{detail: {text: string}}} event */
  async sendBack({ detail }) {
    const { sheet, draft } = this.data
    if (!(await this.attempt('return', '没有退回成功', () => returnSheet(sheet, detail.text)))) return
    dropDraft(draft)
    this.setData({ returning: false })
    this.toTop()
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  async accept({ currentTarget }) {
    const { id } = currentTarget.dataset
    await this.attempt(id, '没有签成', () => acceptAmendment(this.data.sheet.id, id))
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  beginReject({ currentTarget }) {
    this.setData({ rejecting: currentTarget.dataset.id })
  },

  /** @param {{detail: {text: string}, currentTarget: {dataset: {id: string}}}} event */
  async reject({ detail, currentTarget }) {
    const { id } = currentTarget.dataset
    if (!(await this.attempt(id, '没有退回成功', () => rejectAmendment(this.data.sheet.id, id, detail.text)))) return
    dropDraft(`amendment:${id}`)
    this.setData({ rejecting: '' })
  },

  async scan() {
    const [photo] = await choosePhotos(1)
    if (!photo) return
    await this.attempt('scan', '没有传成', async () => attachScan(this.data.sheet.id, (await sendPhoto(photo.tempFilePath)).id))
  },

  async openForm() {
    wx.showLoading({ title: '正在读取' })
    await this.attempt('form', '没有读到考勤表', () => showFile(`/timesheets/${this.data.sheet.id}/form.pdf`, 'application/pdf'))
    wx.hideLoading()
  },
})
