// My spot checks: what came of each, and a word about the ones that were missed or are in doubt.

const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday, dayOf, hourMinuteOf } = require('../../services/clock.js')
const { dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { explainCheck, fetchChecks } = require('../../services/spot_checks.js')

/** @type {Record<SpotCheck['status'], string>} */
const TONES = { sent: 'warn', delivered: 'warn', answered: 'good', missed: 'bad', exempt: 'calm', undelivered: 'calm' }

/** @param {SpotCheck} check */
function shown(check) {
  const { id, kind_label, status, status_label, sent_at, answered_at, answer_label, verdict, verdict_label, recipient } = check
  const doubtful = status === 'missed' || (status === 'answered' && Boolean(verdict) && verdict !== 'inside')
  const answer = answered_at ? `${hourMinuteOf(answered_at)} 用${answer_label}应答${verdict_label ? `，${verdict_label}` : ''}` : ''
  return {
    id,
    title: kind_label,
    status: status_label,
    tone: doubtful ? 'bad' : TONES[status],
    when: sent_at ? `${dayAndWeekday(dayOf(sent_at))} ${hourMinuteOf(sent_at)}` : '',
    recipient: recipient.name,
    answer,
    explanation: check.explanation,
    review: [check.review_label, check.review_reason].filter(Boolean).join('：'),
    explains: check.may_explain,
    draft: `check:${id}`,
  }
}

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, busy: false, trouble: '', checks: [], total: 0, sending: '', failed: '', problem: '' }

Page({
  data: initial,
  nextPage: 1,

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  async reload() {
    this.nextPage = 1
    await this.loadMore()
  },

  async loadMore() {
    const page = this.nextPage
    this.setData({ busy: true, trouble: '' })
    try {
      const { items, total } = await fetchChecks(page)
      const checks = items.map(shown)
      this.setData({ checks: page === 1 ? checks : [...this.data.checks, ...checks], total, loaded: true })
      this.nextPage = page + 1
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
    this.setData({ busy: false })
  },

  /** @param {{detail: {text: string}, currentTarget: {dataset: {id: string, draft: string}}}} event */
  async explain({ detail, currentTarget }) {
    const { id, draft } = currentTarget.dataset
    this.setData({ sending: id, failed: '', problem: '' })
    try {
      const check = shown(await explainCheck(id, detail.text))
      dropDraft(draft)
      this.setData({ checks: this.data.checks.map((/** @type {{id: string}} */ one) => (one.id === id ? check : one)) })
      wx.showToast({ title: '已提交说明', icon: 'none' })
    } catch (error) {
      this.setData({ failed: id, problem: asFailure(error).message })
    }
    this.setData({ sending: '' })
  },
})
