// The records that wait for a signature: the clean ones are chosen and signed together, the odd ones opened.

const { amountsLine } = require('../../services/activity_cards.js')
const { countersignTogether, fetchWaiting } = require('../../services/activity_signing.js')
const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { decideTogether } = require('../../services/signing.js')

const WORDS = { verb: '会签', unit: '条' }

/** @typedef {import('../components/sign-list/index.js').Row} Row */

/** @param {WaitingActivity} record @returns {Row} */
function rowOf(record) {
  /** @type {Row['lines']} */
  const lines = [
    { text: `${record.person.name} · 考勤：${record.presence.label}` },
    { text: `${dayAndWeekday(record.occurred_on)} · ${amountsLine(record)}`, tone: 'soft' },
  ]
  if (record.odd.length) lines.unshift({ text: `! ${record.odd.map(({ text }) => text).join('、')}`, tone: 'caution' })
  if (record.thin) lines.push({ text: `还可以补充 ${record.thin} 处`, tone: 'soft' })
  return { id: record.id, title: record.title ? `${record.kind_label}：${record.title}` : record.kind_label, lines }
}

/** @param {WaitingActivity[]} records */
function listsOf(records) {
  const clean = records.filter(({ odd }) => !odd.length)
  const odd = records.filter((record) => record.odd.length)
  return [
    { title: `没有疑点 ${clean.length} 条`, choose: true, rows: clean.map(rowOf) },
    { title: `需要留意 ${odd.length} 条，要逐条打开`, choose: false, rows: odd.map(rowOf) },
  ]
}

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, trouble: '', count: 0, lists: [], acting: false, note: null }

Page({
  data: initial,
  /** @type {WaitingActivity[]} */
  records: [],

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
      this.setData({ loaded: true, count: this.records.length, lists: listsOf(this.records) })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {{detail: {ids: string[]}}} event */
  async signTogether({ detail }) {
    const records = this.records.filter(({ id }) => detail.ids.includes(id))
    const names = new Map(records.map(({ id, person, kind_label }) => [id, `${person.name}的${kind_label}`]))
    await decideTogether(this, {
      words: WORDS,
      title: `会签 ${records.length} 条工作日志？`,
      content: `共 ${new Set(records.map(({ person }) => person.id)).size} 人。会签后计入统计，不能再改；要改须另行更正。`,
      nameOf: (id) => names.get(id) || '',
      send: () => countersignTogether(records),
    })
  },

  /** @param {{detail: {id: string}}} event */
  open({ detail }) {
    wx.navigateTo({ url: `/office/activity/index?id=${detail.id}` })
  },
})
