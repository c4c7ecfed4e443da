// One record for the one who signs: read whole, with what an edition changed; then signed, or given back.

const { countersignRecord, forgetToOpen, nextToOpen, returnRecord } = require('../../services/activity_signing.js')
const { fetchRecord } = require('../../services/activities.js')
const { rootFontSize } = require('../../services/appearance.js')
const { dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { changesBetween, editionBefore, statusNote } = require('./words.js')

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  trouble: '',
  record: null,
  note: null,
  before: null,
  changes: null,
  busy: '',
  problem: null,
  returning: false,
  draft: '',
  next: null,
  blocked: '',
}

Page({
  data: initial,
  id: '',

  /** @param {{id: string}} query */
  onLoad({ id }) {
    this.id = id
    this.setData({ draft: `return-activity:${id}` })
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
      const record = await fetchRecord(this.id)
      const before = editionBefore(record)
      this.draw(record, before, before && changesBetween(await fetchRecord(before.id), record))
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /**
   * @param {Activity} record
   * @param {Activity['editions'][number] | null} before
   * @param {{label: string, before: string, after: string}[] | null} changes
   */
  draw(record, before, changes) {
    const waits = record.may.countersign || record.may.return
    if (!waits) forgetToOpen(this.id)
    const next = nextToOpen(this.id)
    this.setData({
      record,
      before,
      changes,
      note: statusNote(record),
      blocked: record.status === 'submitted' && !waits ? '本人的日志由其他签字人会签。' : '',
      next: !waits && next.id ? next : null,
    })
  },

  /**
   * Does one thing with the record, then shows what has become of it.
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
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
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

  async sign() {
    await this.attempt('sign', '没有会签成功', () => countersignRecord(this.data.record))
  },

  beginReturn() {
    this.setData({ returning: true })
  },

  /** @param {{detail: {text: string}}} event */
  async sendBack({ detail }) {
    const { record, draft } = this.data
    if (!(await this.attempt('return', '没有退回成功', () => returnRecord(record, detail.text)))) return
    dropDraft(draft)
    this.setData({ returning: false })
  },

  openBefore() {
    wx.navigateTo({ url: `/office/activity/index?id=${this.data.before.id}` })
  },

  openNext() {
    wx.redirectTo({ url: `/office/activity/index?id=${this.data.next.id}` })
  },
})
