// The records that wait for a signature: the clean ones are chosen and signed together, the odd ones opened.

const { amountsLine } = require('../../services/activity_cards.js')
const { countersignTogether, fetchWaiting, MOST_AT_ONCE } = require('../../services/activity_signing.js')
const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')

const FEW = 6

/** @param {WaitingActivity} record @param {Set<string>} unchosen */
const shown = (record, unchosen) => ({
  id: record.id,
  title: record.title ? `${record.kind_label}：${record.title}` : record.kind_label,
  name: record.person.name,
  day: dayAndWeekday(record.occurred_on),
  amounts: amountsLine(record),
  presence: record.presence.label,
  odd: record.odd.map(({ text }) => text).join('、'),
  thin: record.thin,
  chosen: !unchosen.has(record.id),
})

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  loaded: false,
  trouble: '',
  clean: [],
  cleanShown: [],
  odd: [],
  chosen: 0,
  signing: false,
  note: null,
}

Page({
  data: initial,
  /** @type {WaitingActivity[]} */
  records: [],
  /** @type {Set<string>} those that were taken out of the clean ones by hand */
  unchosen: new Set(),
  everyClean: false,

  onLoad() {
    // What stands in a page's definition is copied, and a copied set is none.
    this.unchosen = new Set()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  async reload() {
    this.setData({ trouble: '' })
    try {
      this.records = await fetchWaiting()
      this.draw()
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  chosenRecords() {
    return this.records.filter(({ id, odd }) => !odd.length && !this.unchosen.has(id))
  },

  draw() {
    const rows = this.records.map((record) => shown(record, this.unchosen))
    const clean = rows.filter(({ odd }) => !odd)
    this.setData({
      loaded: true,
      clean,
      cleanShown: this.everyClean ? clean : clean.slice(0, FEW),
      odd: rows.filter(({ odd }) => odd),
      chosen: this.chosenRecords().length,
    })
  },

  showEveryClean() {
    this.everyClean = true
    this.draw()
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  toggle({ currentTarget }) {
    const { id } = currentTarget.dataset
    if (!this.unchosen.delete(id)) this.unchosen.add(id)
    this.draw()
  },

  chooseAll() {
    if (this.data.chosen) this.data.clean.forEach((/** @type {{id: string}} */ { id }) => this.unchosen.add(id))
    else this.unchosen.clear()
    this.draw()
  },

  async signTogether() {
    const records = this.chosenRecords().slice(0, MOST_AT_ONCE)
    if (this.data.signing || !records.length) return
    const people = new Set(records.map(({ person }) => person.id)).size
    const { confirm } = await wx.showModal({
      title: `会签 ${records.length} 条工作日志？`,
      content: `共 ${people} 人。会签后计入统计，不能再改；要改须另行更正。`,
      cancelText: '先不',
      confirmText: '会签',
    })
    if (!confirm) return
    this.setData({ signing: true, note: null })
    try {
      const { done, left } = await countersignTogether(records)
      this.setData({ note: this.outcomeOf(done.length, left) })
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
      await this.reload()
    } catch (error) {
      this.setData({ note: { tone: 'bad', title: '没有会签成功', text: `${asFailure(error).message}再按一次不会重复会签。` } })
    }
    this.setData({ signing: false })
  },

  /** @param {number} count @param {{id: string, message: string}[]} left */
  outcomeOf(count, left) {
    if (!left.length) return { tone: 'good', title: `已会签 ${count} 条`, text: '' }
    const names = new Map(this.records.map(({ id, person, kind_label }) => [id, `${person.name}的${kind_label}`]))
    const lines = left.map(({ id, message }) => `${names.get(id) || ''}：${message}`)
    return { tone: 'warn', title: `已会签 ${count} 条，${left.length} 条没有会签`, text: lines.join('\n') }
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  open({ currentTarget }) {
    wx.navigateTo({ url: `/office/activity/index?id=${currentTarget.dataset.id}` })
  },
})
