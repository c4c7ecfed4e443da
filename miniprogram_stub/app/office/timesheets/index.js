// The sheets that wait for a signature: the clean ones together, the others one by one.

const { rootFontSize } = require('../../services/appearance.js')
const { monthAfter, monthLabel, phoneDay } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { countersignTogether, fetchSheets, MOST_AT_ONCE } = require('../../services/timesheets.js')

const FEW = 5

/** @param {Timesheet} sheet */
function shown(sheet) {
  const { dispatch_id, month, person, department, figures, status, status_label, may_return, escalated } = sheet
  const { due_days, served_days, exceptions } = figures
  return {
    key: `${dispatch_id}/${month}`,
    dispatchId: dispatch_id,
    month,
    name: person.name,
    about: [monthLabel(month), department].filter(Boolean).join(' · '),
    figures: `应 ${due_days} 天，实 ${served_days} 天`,
    exceptions: exceptions ? `${exceptions} 条异常` : '',
    status: status_label,
    waits: status === 'submitted',
    other: status === 'submitted' && !may_return ? '由其他签字人会签' : '',
    escalated,
  }
}

/** @param {Timesheet} sheet */
const isClean = ({ clean, may_countersign }) => clean && may_countersign

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  tab: 'waiting',
  loaded: false,
  busy: false,
  trouble: '',
  total: 0,
  clean: [],
  cleanShown: [],
  doubtful: [],
  others: [],
  all: [],
  signing: false,
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
  everyClean: false,
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
    await this.loadPages(1)
  },

  async loadMore() {
    await this.loadPages(this.nextPage)
  },

  /**
   * All that wait are read, page by page, since the clean ones are signed together; the rest as far as one looks.
   * @param {number} first
   */
  async loadPages(first) {
    const { tab } = this.data
    const { month } = this
    this.setData({ busy: true, trouble: '' })
    try {
      let page = first
      let sheets = first === 1 ? [] : this.sheets
      for (;;) {
        const { items, total } = await fetchSheets(tab === 'waiting' ? { status: 'submitted', page } : { month, page })
        if (tab !== this.data.tab || month !== this.month) return
        sheets = [...sheets, ...items]
        page += 1
        this.setData({ total })
        if (tab !== 'waiting' || !items.length || sheets.length >= total) break
      }
      this.sheets = sheets
      this.nextPage = page
      this.draw()
    } catch (error) {
      if (tab === this.data.tab) this.setData({ trouble: asFailure(error).message })
    } finally {
      this.setData({ busy: false })
    }
  },

  draw() {
    const mine = this.sheets.filter(({ may_return }) => may_return)
    const clean = mine.filter(isClean).map(shown)
    this.setData({
      loaded: true,
      clean,
      cleanShown: this.everyClean ? clean : clean.slice(0, FEW),
      doubtful: mine.filter((sheet) => !isClean(sheet)).map(shown),
      others: this.sheets.filter(({ may_return, status }) => status === 'submitted' && !may_return).map(shown),
      all: this.sheets.map(shown),
    })
  },

  showEveryClean() {
    this.everyClean = true
    this.draw()
  },

  async signTogether() {
    const sheets = this.sheets.filter(isClean).slice(0, MOST_AT_ONCE)
    if (this.data.signing || !sheets.length) return
    const { confirm } = await wx.showModal({
      title: `会签 ${sheets.length} 张考勤表？`,
      content: '这些考勤表没有异常。会签后锁定，不能再改。',
      cancelText: '先不',
      confirmText: '会签',
    })
    if (!confirm) return
    this.setData({ signing: true, note: null })
    try {
      const { countersigned, left } = await countersignTogether(sheets)
      this.setData({ note: this.outcomeOf(countersigned.length, left) })
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
      await this.reload()
    } catch (error) {
      this.setData({ note: { tone: 'bad', title: '没有会签成功', text: `${asFailure(error).message}再按一次不会重复会签。` } })
    }
    this.setData({ signing: false })
  },

  /** @param {number} count @param {{id: string, message: string}[]} left */
  outcomeOf(count, left) {
    if (!left.length) return { tone: 'good', title: `已会签 ${count} 张`, text: '' }
    const names = new Map(this.sheets.map(({ id, person }) => [id, person.name]))
    const lines = left.map(({ id, message }) => `${names.get(id) || ''}：${message}`)
    return { tone: 'warn', title: `已会签 ${count} 张，${left.length} 张没有会签`, text: lines.join('\n') }
  },

  /** @param {{currentTarget: {dataset: {id: string, month: string}}}} event */
  open({ currentTarget }) {
    const { id, month } = currentTarget.dataset
    wx.navigateTo({ url: `/office/timesheet/index?dispatch=${id}&month=${month}` })
  },
})
