// My evaluation: the summary that I write, then what others wrote, which I sign or object to. Without an id: mine.

const { rootFontSize } = require('../../services/appearance.js')
const { asFailure } = require('../../services/errors.js')
const { attempt, initial, load, openForm, write } = require('../../services/evaluation_page.js')
const { cardOf, fetchEvaluations, objectTo, sign } = require('../../services/evaluations.js')
const { requireSignIn } = require('../../services/session.js')

Page({
  data: { ...initial, cards: /** @type {ReturnType<typeof cardOf>[] | null} */ (null) },
  id: '',

  /** @param {{id?: string}} query */
  onLoad({ id }) {
    this.id = id || ''
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
    if (this.id) await load(this, this.id)
    else await this.list()
  },

  async list() {
    this.setData({ trouble: '' })
    try {
      const { items } = await fetchEvaluations({ mine: 'true' })
      this.setData({ cards: items.map(cardOf) })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  open({ currentTarget }) {
    wx.navigateTo({ url: `/doctor/evaluation/index?id=${currentTarget.dataset.id}` })
  },

  /** @param {{detail: {words: EvaluationWords}}} event */
  async write({ detail }) {
    await write(this, detail.words)
  },

  async sign() {
    const evaluation = /** @type {Evaluation} */ (this.data.evaluation)
    const { confirm } = await wx.showModal({
      title: '签字确认鉴定？',
      content: `实际在岗 ${evaluation.facts.actual_days_label}，等次：${evaluation.grade_label}。签字后不能再改。`,
      cancelText: '先不',
      confirmText: '签字',
    })
    if (confirm) await attempt(this, 'sign', '没有签成', () => sign(evaluation))
  },

  begin() {
    this.setData({ mode: 'object', problem: null })
  },

  /** @param {{detail: {text: string}}} event */
  async object({ detail }) {
    await attempt(this, 'object', '没有提交成功', () => objectTo(/** @type {Evaluation} */ (this.data.evaluation), detail.text))
  },

  async openForm() {
    await openForm(this)
  },
})
