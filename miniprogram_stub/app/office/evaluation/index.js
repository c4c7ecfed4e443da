// One evaluation for who evaluates: the part whose turn it is, giving it back, answering an objection.

const { rootFontSize } = require('../../services/appearance.js')
const { attempt, initial, load, openForm, write } = require('../../services/evaluation_page.js')
const { answerObjection, returnPart } = require('../../services/evaluations.js')
const { requireSignIn } = require('../../services/session.js')

Page({
  data: { ...initial },
  id: '',

  /** @param {{id: string}} query */
  onLoad({ id }) {
    this.id = id
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
    await load(this, this.id)
  },

  /** @param {{detail: {words: EvaluationWords}}} event */
  async write({ detail }) {
    await write(this, detail.words)
  },

  /** @param {{currentTarget: {dataset: {mode: string}}}} event */
  begin({ currentTarget }) {
    this.setData({ mode: currentTarget.dataset.mode, problem: null })
  },

  giveUp() {
    this.setData({ mode: '', problem: null })
  },

  /** @param {{detail: {text: string}}} event */
  async sendBack({ detail }) {
    await attempt(this, 'return', '没有退回成功', () => returnPart(/** @type {Evaluation} */ (this.data.evaluation), detail.text))
  },

  /** @param {{detail: {text: string}}} event */
  async answer({ detail }) {
    const revise = this.data.mode === 'revise'
    await attempt(this, 'answer', '没有答复成功', () => answerObjection(/** @type {Evaluation} */ (this.data.evaluation), detail.text, revise))
  },

  async openForm() {
    await openForm(this)
  },
})
