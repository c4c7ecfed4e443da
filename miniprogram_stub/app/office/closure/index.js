// What became of a closed clinic: who was told, who answered, whom to call; medical affairs look at what the duty officer did.

const { dayWords, expertWords, hours, moment, siteWords } = require('../../services/clinic_words.js')
const { rootFontSize } = require('../../services/appearance.js')
const { fetchClosure, reviewClosure } = require('../../services/closures.js')
const { dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')

/** Messages go out within seconds and answers come for hours: while the page is open it is read again. */
const ASK_EVERY_MS = 15000

/** @param {Closure} closure */
function shownOf({ clinic, reason_label, note, closed_by, closed_as_label, closed_at, caller, affected, told, answered, to_call, done }) {
  const owed = told.owed + told.sent + told.unknown
  return {
    title: `${dayWords(clinic.day)} ${hours(clinic.starts_at, clinic.ends_at)}`,
    expert: `${expertWords(clinic.expert)}，${siteWords(clinic.site)}`,
    reason: [reason_label, note].filter(Boolean).join('：'),
    by: `${closed_by || ''}（${closed_as_label}）${moment(closed_at)} 停诊`,
    calls: `电话由${caller || '服务台'}打。`,
    told: [
      { name: '已送达', count: told.delivered },
      { name: '正在通知', count: owed },
      { name: '没有送达', count: told.failed },
    ],
    answered: [
      { name: '接受改约', count: answered.accepted },
      { name: '不接受', count: answered.declined },
      { name: '还没回复', count: answered.open },
      { name: '没有号可改', count: answered.none },
    ],
    toCall: to_call,
    note: done
      ? { tone: 'good', title: '都处理完了', text: affected ? `${affected} 人都已知道。` : '没有人预约，不用通知。' }
      : { tone: 'warn', title: to_call ? `还有 ${to_call} 人要打电话` : '正在等患者回复', text: '' },
  }
}

/** @type {any} */
const initial = { rootFontSize: '16px', trouble: '', closure: null, shown: null, draft: '', busy: '', problem: '', questioning: false }

Page({
  data: initial,
  id: '',
  timer: 0,

  /** @param {{id: string}} query */
  onLoad({ id }) {
    this.id = id
    this.setData({ draft: `closure:${id}` })
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (!requireSignIn()) return
    this.timer = setInterval(() => this.load(), ASK_EVERY_MS)
    this.load()
  },

  onHide() {
    clearInterval(this.timer)
  },

  onUnload() {
    clearInterval(this.timer)
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    try {
      this.draw(await fetchClosure(this.id))
      this.setData({ trouble: '' })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {Closure} closure */
  draw(closure) {
    this.setData({ closure, shown: shownOf(closure) })
  },

  openCalls() {
    wx.navigateTo({ url: `/office/calls/index?id=${this.id}` })
  },

  beginQuestion() {
    this.setData({ questioning: true })
  },

  async confirm() {
    await this.review('confirmed', '')
  },

  /** @param {{detail: {text: string}}} event */
  async question({ detail }) {
    if (await this.review('questioned', detail.text)) dropDraft(this.data.draft)
  },

  /** @param {'confirmed' | 'questioned'} review @param {string} note @returns {Promise<boolean>} */
  async review(review, note) {
    if (this.data.busy) return false
    this.setData({ busy: review, problem: '' })
    try {
      this.draw(await reviewClosure(this.id, review, note))
      return true
    } catch (error) {
      this.setData({ problem: asFailure(error).message })
      return false
    } finally {
      this.setData({ busy: '' })
    }
  },
})
