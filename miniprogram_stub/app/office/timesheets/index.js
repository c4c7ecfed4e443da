// The sheets that wait for a signature: the clean ones together, the others one by one.

const { rootFontSize } = require('../../services/appearance.js')
const { monthAfter, monthLabel, phoneDay } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { decideTogether, fetchAll } = require('../../services/signing.js')
const { countersignTogether, fetchSheets } = require('../../services/timesheets.js')

const WORDS = { verb: '会签', unit: '张' }

/** @typedef {import('../components/sign-list/index.js').Row} Row */

/** @param {Pick<Timesheet, 'dispatch_id' | 'month'>} sheet */
const keyOf = ({ dispatch_id, month }) => `${dispatch_id}/${month}`

/** @param {Timesheet} sheet */
const aboutOf = ({ month, department }) => [monthLabel(month), department].filter(Boolean).join(' · ')

/** @param {Timesheet} sheet @returns {Row} */
function rowOf(sheet) {
  const { due_days, served_days, exceptions } = sheet.figures
  /** @type {Row['lines']} */
  const lines = [{ text: aboutOf(sheet), tone: 'soft' }, { text: `应 ${due_days} 天，实 ${served_days} 天` }]
  if (exceptions) lines.push({ text: `! ${exceptions} 条异常`, tone: 'caution' })
  if (sheet.escalated) lines.push({ text: '! 超期未签，已报卫健局', tone: 'caution' })
  if (!sheet.may_return) lines.push({ text: '由其他签字人会签', tone: 'soft' })
  return { id: keyOf(sheet), title: sheet.person.name, lines }
}

/** @param {Timesheet} sheet */
const isClean = ({ clean, may_countersign }) => clean && may_countersign

/** @param {Timesheet[]} sheets */
function listsOf(sheets) {
  const mine = sheets.filter(({ may_return }) => may_return)
  const [clean, doubtful] = [mine.filter(isClean), mine.filter((sheet) => !isClean(sheet))]
  const others = sheets.filter(({ may_return, status }) => status === 'submitted' && !may_return)
  return [
    { title: `没有异常 ${clean.length} 张`, choose: true, rows: clean.map(rowOf) },
    { title: `有异常 ${doubtful.length} 张，要逐张打开`, choose: false, rows: doubtful.map(rowOf) },
    { title: `您不能签的 ${others.length} 张`, choose: false, rows: others.map(rowOf) },
  ]
}

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  tab: 'waiting',
  loaded: false,
  busy: false,
  trouble: '',
  total: 0,
  lists: [],
  all: [],
  acting: false,
  note: null,
  title: '',
  isNow: true,
}
const thisMonth = () => phoneDay().slice(0, 7)

Page({
  data: initial,
  nextPage: 1,
  /** @type {Timesheet[]} */
  sheets: [],
  month: '',

  onLoad() {
    this.setMonth(thisMonth())
  },

  /** @param {string} month */
  setMonth(month) {
    this.month = month
    this.setData({ title: monthLabel(month), isNow: month >= thisMonth() })
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  /** @param {{currentTarget: {dataset: {tab: string}}}} event */
  choose({ currentTarget }) {
    const { tab } = currentTarget.dataset
    if (tab === this.data.tab) return
    this.sheets = []
    this.setData({ tab, loaded: false, note: null })
    this.reload()
  },

  /** @param {number} step */
  turn(step) {
    this.setMonth(monthAfter(this.month, step))
    this.sheets = []
    this.setData({ loaded: false })
    this.reload()
  },

  earlier() {
    this.turn(-1)
  },

  later() {
    this.turn(1)
  },

  async reload() {
    await this.load(1)
  },

  async loadMore() {
    await this.load(this.nextPage)
  },

  /** All that wait are read, since the clean ones are signed together; the rest as far as one looks. @param {number} page */
  async load(page) {
    const { tab } = this.data
    const { month } = this
    this.setData({ busy: true, trouble: '' })
    try {
      const waiting = tab === 'waiting'
      const { items, total } = await (waiting ? fetchAll((at) => fetchSheets({ status: 'submitted', page: at })) : fetchSheets({ month, page }))
      if (tab !== this.data.tab || month !== this.month) return
      this.sheets = page === 1 ? items : [...this.sheets, ...items]
      this.nextPage = page + 1
      this.setData({ total })
      this.draw()
    } catch (error) {
      if (tab === this.data.tab) this.setData({ trouble: asFailure(error).message })
    } finally {
      this.setData({ busy: false })
    }
  },

  draw() {
    this.setData({
      loaded: true,
      lists: listsOf(this.sheets),
      all: this.sheets.map((sheet) => ({ id: keyOf(sheet), name: sheet.person.name, about: aboutOf(sheet), status: sheet.status_label })),
    })
  },

  /** @param {{detail: {ids: string[]}}} event */
  async signTogether({ detail }) {
    const sheets = this.sheets.filter((sheet) => detail.ids.includes(keyOf(sheet)))
    const names = new Map(sheets.map(({ id, person }) => [id, person.name]))
    await decideTogether(this, {
      words: WORDS,
      title: `会签 ${sheets.length} 张考勤表？`,
      content: '这些考勤表没有异常。会签后锁定，不能再改。',
      nameOf: (id) => names.get(id) || '',
      send: () => countersignTogether(sheets),
    })
  },

  /** @param {{detail: {id: string}, currentTarget: {dataset: {id?: string}}}} event from the lists, or from a line of a month */
  open({ detail, currentTarget }) {
    const [dispatch, month] = (currentTarget.dataset.id || detail.id).split('/')
    wx.navigateTo({ url: `/office/timesheet/index?dispatch=${dispatch}&month=${month}` })
  },
})
