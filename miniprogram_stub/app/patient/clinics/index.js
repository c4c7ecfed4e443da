// Finds a clinic: the soonest first; by day, place, department or expert; the nearest first where one asks for it.

const { rootFontSize } = require('../../services/appearance.js')
const { fetchClinics, fetchFilters } = require('../../services/clinics.js')
const { asFailure } = require('../../services/errors.js')
const { locate } = require('../../services/location.js')
const { ANYTHING, choicesOf, choicesShown, wishWords } = require('./wish.js')

/** @type {Record<string, string>} */
const OBSTACLES = {
  denied: '小程序没有位置权限。可以打开设置允许，也可以按地点来找。',
  off: '手机的定位没有打开。可以在手机设置里打开，也可以按地点来找。',
  failed: '现在定不了位。可以到室外再试，也可以按地点来找。',
}

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  more: '',
  heading: '',
  loaded: false,
  busy: false,
  trouble: '',
  items: [],
  total: 0,
  choosing: false,
  choices: [],
  onlyFree: false,
  words: '',
  filterTrouble: '',
  near: false,
  locating: false,
  obstacle: '',
  denied: false,
}

Page({
  data: initial,
  /** @type {ClinicWish} */
  wish: ANYTHING,
  /** @type {ClinicFilters | null} */
  filters: null,
  /** @type {{longitude: number, latitude: number} | null} */
  place: null,
  nextPage: 1,

  /** @param {{patient?: string, rebook?: string, name?: string, department?: string, expert?: string, site?: string}} query for whom, or in whose place */
  onLoad({ patient, rebook, name = '', department = '', expert = '', site = '' }) {
    const more = rebook ? `&rebook=${rebook}` : patient ? `&patient=${patient}` : ''
    const decoded = decodeURIComponent(name)
    const heading = rebook ? '请选改到哪一次' : decoded && `给 ${decoded} 预约`
    this.wish = { ...ANYTHING, department: decodeURIComponent(department), expert: decodeURIComponent(expert), siteId: site }
    this.setData({ more, heading, words: [this.wish.department, this.wish.expert].filter(Boolean).join('、') })
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  onReachBottom() {
    if (this.data.items.length < this.data.total) this.loadMore()
  },

  async reload() {
    this.nextPage = 1
    await this.loadMore()
  },

  async loadMore() {
    if (this.data.busy) return
    this.setData({ busy: true, trouble: '' })
    const { wish, place } = this
    try {
      const page = this.nextPage
      const { items, total } = await fetchClinics(wish, place, page)
      const before = page === 1 ? [] : this.data.items
      const known = new Set(before.map((/** @type {ClinicCard} */ { id }) => id))
      this.setData({ items: [...before, ...items.filter(({ id }) => !known.has(id))], total, loaded: true })
      this.nextPage = page + 1
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
    this.setData({ busy: false })
    // What is looked for has changed while the server was asked.
    if (wish !== this.wish || place !== this.place) await this.reload()
  },

  async openFilters() {
    this.setData({ choosing: true, filterTrouble: '' })
    if (this.filters) return this.drawFilters()
    try {
      this.filters = await fetchFilters()
      this.drawFilters()
    } catch (error) {
      this.setData({ filterTrouble: asFailure(error).message })
    }
  },

  drawFilters() {
    const choices = this.filters ? choicesOf(this.filters) : []
    this.setData({ choices: choicesShown(choices, this.wish), onlyFree: this.wish.onlyFree, words: wishWords(choices, this.wish) })
  },

  /** @param {{detail: {value: string}, currentTarget: {dataset: {sort: keyof ClinicWish}}}} event */
  choose({ detail, currentTarget }) {
    const { sort } = currentTarget.dataset
    const choice = this.data.choices.find((/** @type {{sort: string}} */ one) => one.sort === sort)
    this.wish = { ...this.wish, [sort]: choice.options[Number(detail.value)].value }
    this.drawFilters()
  },

  /** @param {{detail: {value: boolean}}} event */
  toggleFree({ detail }) {
    this.wish = { ...this.wish, onlyFree: detail.value }
    this.drawFilters()
  },

  async find() {
    this.setData({ choosing: false, items: [], total: 0, loaded: false })
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    await this.reload()
  },

  async findAnything() {
    this.wish = ANYTHING
    this.setData({ words: '', onlyFree: false })
    if (this.filters) this.drawFilters()
    await this.find()
  },

  /** Where one is, is asked for on this press only, and stays on the phone but for a rough place. */
  async sortByDistance() {
    this.setData({ locating: true, obstacle: '' })
    const { place, obstacle } = await locate()
    this.setData({ locating: false, obstacle: obstacle ? OBSTACLES[obstacle] : '', denied: obstacle === 'denied', near: Boolean(place) })
    if (!place) return
    this.place = place
    await this.find()
  },

  async openSettings() {
    await wx.openSetting()
    await this.sortByDistance()
  },

  async sortByDay() {
    this.place = null
    this.setData({ near: false })
    await this.find()
  },
})
