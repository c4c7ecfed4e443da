// Delegation (授权代签): who signs for the director, from when to when.

const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday, phoneDay } = require('../../services/clock.js')
const { delegate, endDelegation, fetchCandidates, fetchDelegations } = require('../../services/delegations.js')
const { asFailure } = require('../../services/errors.js')
const { fetchMe, lastMe } = require('../../services/me.js')
const { requireSignIn } = require('../../services/session.js')

/** @type {Record<Delegation['state'], string>} */
const TONES = { planned: 'calm', current: 'good', ended: 'calm' }

/** @param {Delegation} delegation */
function shown({ id, person, starts_on, ends_on, state, state_label: label, given_by }) {
  const tone = TONES[state]
  return { id, name: person.name, span: `${dayAndWeekday(starts_on)} 至 ${dayAndWeekday(ends_on)}`, tone, label, given: `${given_by} 授权`, ends: state !== 'ended' }
}

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  gives: false,
  loaded: false,
  trouble: '',
  items: [],
  candidates: [],
  chosen: -1,
  startsOn: '',
  endsOn: '',
  startLabel: '',
  endLabel: '',
  today: '',
  errors: {},
  problem: '',
  busy: '',
  failed: '',
}

Page({
  data: initial,

  onLoad() {
    const today = phoneDay()
    this.setData({ today, startsOn: today, endsOn: today })
    this.drawDays()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      const { current_role } = lastMe() || (await fetchMe())
      const gives = Boolean(current_role && current_role.role === 'director')
      const [{ items }, found] = await Promise.all([fetchDelegations(), gives ? fetchCandidates() : { items: [] }])
      const candidates = found.items.map((one) => ({ ...one, label: [one.name, one.title, one.staff_number].filter(Boolean).join(' ') }))
      this.setData({ gives, items: items.map(shown), candidates, loaded: true })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  drawDays() {
    const { startsOn, endsOn } = this.data
    this.setData({ startLabel: dayAndWeekday(startsOn), endLabel: dayAndWeekday(endsOn) })
  },

  /** @param {{detail: {value: string}}} event */
  choosePerson({ detail }) {
    this.setData({ chosen: Number(detail.value), errors: {} })
  },

  /** @param {{detail: {value: string}}} event */
  chooseStart({ detail }) {
    const { endsOn } = this.data
    this.setData({ startsOn: detail.value, endsOn: endsOn < detail.value ? detail.value : endsOn, errors: {} })
    this.drawDays()
  },

  /** @param {{detail: {value: string}}} event */
  chooseEnd({ detail }) {
    this.setData({ endsOn: detail.value, errors: {} })
    this.drawDays()
  },

  async give() {
    const { chosen, candidates, startsOn, endsOn, startLabel, endLabel, busy } = this.data
    if (busy) return
    if (chosen < 0) return this.setData({ errors: { person_id: '请选代签的人。' } })
    const { id, name } = candidates[chosen]
    const { confirm } = await wx.showModal({
      title: `授权${name}代签？`,
      content: `${startLabel}至${endLabel}，可以替您会签考勤表、审批请假补签。`,
      cancelText: '先不',
      confirmText: '授权',
    })
    if (!confirm) return
    this.setData({ busy: 'give', problem: '', errors: {} })
    try {
      await delegate({ person_id: id, starts_on: startsOn, ends_on: endsOn })
      this.setData({ chosen: -1 })
      await this.load()
    } catch (error) {
      const { message, fields } = asFailure(error)
      /** @type {Record<string, string>} */
      const errors = {}
      for (const field of ['person_id', 'starts_on', 'ends_on']) if (fields[field]) errors[field] = fields[field].join('')
      this.setData({ problem: message, errors })
    }
    this.setData({ busy: '' })
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async end({ currentTarget }) {
    const { id, name } = this.data.items[currentTarget.dataset.index]
    const { confirm } = await wx.showModal({
      title: `收回${name}的代签？`,
      content: '收回后立即不能再代签，已经签的仍然有效。',
      cancelText: '先不',
      confirmText: '收回',
    })
    if (!confirm || this.data.busy) return
    this.setData({ busy: id, failed: '', problem: '' })
    try {
      await endDelegation(id)
      await this.load()
    } catch (error) {
      this.setData({ failed: id, problem: asFailure(error).message })
    }
    this.setData({ busy: '' })
  },
})
