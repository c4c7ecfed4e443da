// The subsidies whose turn is mine: those that need an eye first, the clean ones chosen and approved together.

const { rootFontSize } = require('../../services/appearance.js')
const { approveTogether, fetchWaiting } = require('../../services/claims.js')
const { asFailure } = require('../../services/errors.js')
const { yuan } = require('../../services/money.js')
const { requireSignIn } = require('../../services/session.js')
const { decideTogether } = require('../../services/signing.js')

const WORDS = { verb: '同意', unit: '笔' }

/** @typedef {import('../components/sign-list/index.js').Row} Row */

/** @param {ClaimCard[]} claims */
const sumOf = (claims) => claims.reduce((sum, { total_fen }) => sum + total_fen, 0)

/** @param {ClaimCard} claim @returns {Row} */
function rowOf(claim) {
  /** @type {Row['lines']} */
  const lines = [{ text: `${claim.month_label} · ${claim.recipient.name}`, tone: 'soft' }]
  if (claim.exceptions.length) lines.unshift({ text: `! ${claim.exceptions.map(({ text }) => text).join('；')}`, tone: 'caution' })
  if (claim.last_month_fen !== null) lines.push({ text: `上月 ${yuan(claim.last_month_fen)}`, tone: 'soft' })
  return { id: claim.id, title: claim.person.name, figure: claim.total_label, fen: claim.total_fen, lines }
}

/** @param {ClaimCard[]} claims */
function listsOf(claims) {
  const odd = claims.filter(({ exceptions }) => exceptions.length)
  const clean = claims.filter(({ exceptions }) => !exceptions.length)
  return [
    { title: `需要留意 ${odd.length} 笔，要逐笔打开`, choose: false, rows: odd.map(rowOf) },
    { title: `没有疑点 ${clean.length} 笔`, choose: true, rows: clean.map(rowOf) },
  ]
}

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, trouble: '', count: 0, sum: '', beyond: 0, lists: [], acting: false, note: null }

Page({
  data: initial,
  /** @type {ClaimCard[]} */
  claims: [],

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
      const { items, total } = await fetchWaiting()
      this.claims = items
      this.setData({ loaded: true, count: items.length, sum: yuan(sumOf(items)), beyond: Math.max(0, total - items.length), lists: listsOf(items) })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {{detail: {ids: string[]}}} event */
  async approveTogether({ detail }) {
    const claims = this.claims.filter(({ id }) => detail.ids.includes(id))
    const names = new Map(claims.map(({ id, person, month_label }) => [id, `${person.name} ${month_label}`]))
    await decideTogether(this, {
      words: WORDS,
      title: `同意 ${claims.length} 笔补贴？`,
      content: `合计 ${yuan(sumOf(claims))}，共 ${new Set(claims.map(({ person }) => person.id)).size} 人。会以您的姓名记录。`,
      nameOf: (id) => names.get(id) || '',
      send: () => approveTogether(claims),
    })
  },

  /** @param {{detail: {id: string}}} event */
  open({ detail }) {
    wx.navigateTo({ url: `/office/claim/index?id=${detail.id}` })
  },
})
