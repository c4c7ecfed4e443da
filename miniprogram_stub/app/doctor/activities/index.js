// My records by week: what lies on the phone, what was given back, then each week with what is missing or thin.

const { fetchMyRecords, fetchMyWeeks } = require('../../services/activities.js')
const { learnUses } = require('../../services/activity_kinds.js')
const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday, dayLabel, dayOf, hourMinuteOf, isoOf } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { dropKept, listKept } = require('../../services/kept_records.js')
const { knownRecords, noteRecords } = require('../../services/my_records.js')
const { openPage } = require('../../services/pages.js')
const { sendKept } = require('../../services/record_sending.js')
const { requireSignIn } = require('../../services/session.js')
const { dayAfter, thisMonday } = require('../../services/weeks.js')
const { sectionsOf } = require('./weeks.js')

const WEEKS_AT_ONCE = 2
/** The server tells of no more weeks at once. */
const MOST_WEEKS = 12

/** @type {Record<KeptRecord['state'], {word: string, tone: string, go: string}>} */
const STATES = {
  open: { word: '没写完', tone: 'calm', go: '继续写' },
  waiting: { word: '↑ 等待上传', tone: 'calm', go: '修改' },
  warned: { word: '! 提交前要看一下', tone: 'warn', go: '打开看' },
  refused: { word: '✕ 没有被接受', tone: 'bad', go: '修改' },
}

/** What its author opened and left as it was is still what it was. @param {KeptRecord} kept @returns {KeptRecord['state']} */
function stateOf({ state, problem, warnings }) {
  if (state === 'waiting') return state
  return problem ? 'refused' : warnings.length ? 'warned' : 'open'
}

/** @param {KeptRecord} kept */
const keptLine = (kept) => ({
  key: kept.key,
  label: `${kept.kindLabel}，${dayAndWeekday(kept.occurredOn)}`,
  files: kept.files.length,
  notes: [kept.problem, ...kept.warnings.map(({ text }) => text)].filter(Boolean),
  ...STATES[stateOf(kept)],
})

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  loaded: false,
  busy: false,
  trouble: '',
  staleText: '',
  kept: [],
  waiting: 0,
  sending: false,
  sendProblem: '',
  returned: [],
  sections: [],
}

Page({
  data: initial,
  /** the Monday from which weeks were read */
  from: '',
  redraw: () => {},

  onLoad() {
    this.redraw = () => this.reload()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    getApp().listeners.add(this.redraw)
    this.reload()
  },

  onHide() {
    getApp().listeners.delete(this.redraw)
  },

  onUnload() {
    getApp().listeners.delete(this.redraw)
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  async reload() {
    this.drawKept()
    if (!this.from) this.from = dayAfter(thisMonday(), 7 - 7 * WEEKS_AT_ONCE)
    const known = knownRecords()
    if (!this.data.loaded && known) this.draw(known)
    await this.load(this.from)
  },

  async loadEarlier() {
    await this.load(dayAfter(this.from, -7 * WEEKS_AT_ONCE))
  },

  /** @param {string} from a Monday */
  async load(from) {
    this.setData({ busy: true, trouble: '', staleText: '' })
    try {
      const to = dayAfter(thisMonday(), 6)
      const [weeks, records, returned] = await Promise.all([this.fetchWeeks(from, to), this.fetchAll({ from, to }), this.fetchAll({ status: 'returned' })])
      this.from = from
      learnUses(records.map(({ kind }) => kind))
      this.draw(noteRecords({ weeks, records, returned, at: isoOf() }))
    } catch (error) {
      this.tell(asFailure(error))
    }
    this.setData({ busy: false })
  },

  /** @param {string} from @param {string} to @returns {Promise<ActivityWeek[]>} */
  async fetchWeeks(from, to) {
    /** @type {ActivityWeek[]} */
    const weeks = []
    for (let monday = from; monday <= to; monday = dayAfter(monday, 7 * MOST_WEEKS)) {
      const end = dayAfter(monday, 7 * MOST_WEEKS - 1)
      weeks.push(...(await fetchMyWeeks(monday, end < to ? end : to)).items)
    }
    return weeks
  },

  /** @param {Record<string, string>} query @returns {Promise<ActivityCard[]>} */
  async fetchAll(query) {
    /** @type {ActivityCard[]} */
    const records = []
    for (let page = 1; ; page++) {
      const { items, total } = await fetchMyRecords({ ...query, page, page_size: 100 })
      records.push(...items)
      if (!items.length || records.length >= total) return records
    }
  },

  /** @param {import('../../services/my_records.js').Known} known */
  draw({ weeks, records, returned }) {
    const others = records.filter(({ status }) => status !== 'returned' && status !== 'discarded')
    this.setData({ loaded: true, returned, sections: sectionsOf(weeks, others) })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  tell({ code, message }) {
    const known = knownRecords()
    const seen = known ? `下面是 ${dayLabel(dayOf(known.at))} ${hourMinuteOf(known.at)} 读到的。` : ''
    this.setData({ trouble: code === 'no_network' ? '现在没有网络' : message, staleText: `${seen}可以照常记，有网络后自动上传。` })
  },

  drawKept() {
    const kept = listKept()
    this.setData({ kept: kept.map(keptLine), waiting: kept.filter(({ state }) => state === 'waiting').length })
  },

  async sendNow() {
    this.setData({ sending: true, sendProblem: '' })
    const { failure } = await sendKept()
    this.setData({ sending: false, sendProblem: failure ? failure.message : '' })
    await this.reload()
  },

  /** @param {{currentTarget: {dataset: {key: string}}}} event */
  goOn({ currentTarget }) {
    openPage(`/doctor/log/index?key=${currentTarget.dataset.key}`)
  },

  /** @param {{currentTarget: {dataset: {key: string}}}} event */
  async remove({ currentTarget }) {
    const { confirm } = await wx.showModal({ title: '删除这一条？', content: '手机里没有上传的内容和照片会删除，不能恢复。', cancelText: '先不', confirmText: '删除' })
    if (!confirm) return
    dropKept(currentTarget.dataset.key)
    this.drawKept()
  },

  log() {
    openPage('/doctor/log/index')
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  open({ currentTarget }) {
    openPage(`/doctor/activity/index?id=${currentTarget.dataset.id}`)
  },
})
