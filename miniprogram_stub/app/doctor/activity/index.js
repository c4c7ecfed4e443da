// One record of mine: what it says and proves, where it stands, and what I can do with it.

const { amendRecord, discardRecord, fetchRecord, recallRecord, submitRecord } = require('../../services/activities.js')
const { when } = require('../../services/activity_cards.js')
const { rootFontSize } = require('../../services/appearance.js')
const { asFailure } = require('../../services/errors.js')
const { dropKept, findKeptOf } = require('../../services/kept_records.js')
const { openPage } = require('../../services/pages.js')
const { requireSignIn } = require('../../services/session.js')

/** @type {any} */
const initial = { rootFontSize: '16px', record: null, kept: '', editions: [], trouble: '', acting: '', problem: '' }

/** @typedef {'submit' | 'recall' | 'amend' | 'discard'} Act */

/** @type {Partial<Record<Act, {title: string, content: string, confirmText: string}>>} what is asked before */
const QUESTIONS = {
  recall: { title: '撤回这条记录？', content: '撤回后成为草稿，可以修改，改好要再提交。', confirmText: '撤回' },
  amend: { title: '更正这条记录？', content: '会签过的内容保留，另起一版；新的一版会签后才替换它。', confirmText: '更正' },
  discard: { title: '放弃这条记录？', content: '放弃后不再出现在列表里，也不计数。', confirmText: '放弃' },
}

/** @param {Activity} record */
const editionsOf = ({ id, editions }) =>
  editions.length < 2 ? [] : editions.map((one) => ({ ...one, mine: one.id === id, at: one.countersigned_at ? `${when(one.countersigned_at)} 会签` : '' }))

Page({
  data: initial,
  id: '',

  /** @param {Record<string, string>} asked */
  onLoad({ id }) {
    this.id = id
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
      this.draw(await fetchRecord(this.id))
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {Activity} record */
  draw(record) {
    const kept = findKeptOf(record.id)
    this.setData({ record, editions: editionsOf(record), kept: kept ? kept.key : '' })
  },

  /** Asks first where something cannot be undone by the next press. @param {Act} act */
  async agrees(act) {
    const question = QUESTIONS[act]
    return !question || (await wx.showModal({ ...question, cancelText: '先不' })).confirm
  },

  /** @param {{currentTarget: {dataset: {act: Act}}}} event */
  async act({ currentTarget }) {
    const { act } = currentTarget.dataset
    if (this.data.acting || !(await this.agrees(act))) return
    this.setData({ acting: act, problem: '' })
    try {
      await this.perform(act, this.data.record)
    } catch (error) {
      this.setData({ problem: asFailure(error).message })
    }
    this.setData({ acting: '' })
  },

  /** @param {Act} act @param {Activity} record */
  async perform(act, record) {
    if (act === 'amend') return this.write((await amendRecord(record.id)).id)
    if (act === 'discard') {
      await discardRecord(record)
      const kept = findKeptOf(record.id)
      if (kept) dropKept(kept.key)
      return wx.navigateBack()
    }
    this.draw(await (act === 'submit' ? submitRecord(record) : recallRecord(record)))
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  },

  edit() {
    this.write(this.id)
  },

  /** @param {string} id */
  write(id) {
    openPage(`/doctor/log/index?id=${id}`)
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  openEdition({ currentTarget }) {
    openPage(`/doctor/activity/index?id=${currentTarget.dataset.id}`)
  },
})
