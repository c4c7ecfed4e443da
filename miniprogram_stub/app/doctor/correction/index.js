// Asks for a correction (补签) of one shift: what is missing, when it was, and why.

const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday, isoOf } = require('../../services/clock.js')
const { readDraft, keepDraft, dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { newKey } = require('../../services/keys.js')
const { requestCorrection } = require('../../services/requests.js')

/** @type {Record<Shift, {name: string, in: string, out: string}>} */
const SHIFTS = {
  morning: { name: '上午', in: '08:00', out: '12:00' },
  afternoon: { name: '下午', in: '14:00', out: '17:30' },
  night: { name: '夜班', in: '18:00', out: '08:00' },
}
const KINDS = [
  { kind: /** @type {const} */ ('in'), name: '签到' },
  { kind: /** @type {const} */ ('out'), name: '签退' },
]

/** A night belongs to the day on which it starts: before noon it is the next morning. @param {Shift} shift @param {string} time */
const nextMorning = (shift, time) => shift === 'night' && time < '12:00'

/** @param {string} day @param {Shift} shift @param {string} time HH:MM */
function instantOf(day, shift, time) {
  const at = Date.parse(`${day}T${time}:00+08:00`) + (nextMorning(shift, time) ? 24 * 3600 * 1000 : 0)
  return `${isoOf(at).slice(0, 19)}+08:00`
}

/** @type {any} */
const initial = { rootFontSize: '16px', title: '', kinds: KINDS, kind: 'in', time: '', follows: false, reason: '', errors: {}, trouble: '', busy: false, done: null }

Page({
  data: initial,
  dispatchId: '',
  day: '',
  /** @type {Shift} */
  shift: 'morning',
  key: '',

  /** @param {{dispatch: string, day: string, shift: Shift}} query */
  onLoad({ dispatch, day, shift }) {
    Object.assign(this, { dispatchId: dispatch, day, shift })
    const draft = readDraft(this.draftName()) || { kind: 'in', time: SHIFTS[shift].in, reason: '', key: newKey() }
    this.key = draft.key
    this.setData({ title: `${dayAndWeekday(day)} ${SHIFTS[shift].name}`, kind: draft.kind, reason: draft.reason })
    this.setTime(draft.time)
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
  },

  draftName() {
    return `correction:${this.dispatchId}:${this.day}:${this.shift}`
  },

  keep() {
    const { kind, time, reason } = this.data
    keepDraft(this.draftName(), { kind, time, reason, key: this.key })
  },

  /** @param {string} time */
  setTime(time) {
    this.setData({ time, follows: nextMorning(this.shift, time), 'errors.happened_at': '' })
  },

  /** @param {{currentTarget: {dataset: {kind: Kind}}}} event */
  chooseKind({ currentTarget }) {
    const { kind } = currentTarget.dataset
    const untouched = this.data.time === SHIFTS[this.shift][/** @type {Kind} */ (this.data.kind)]
    this.setData({ kind, 'errors.kind': '' })
    if (untouched) this.setTime(SHIFTS[this.shift][kind])
    this.keep()
  },

  /** @param {{detail: {value: string}}} event */
  chooseTime({ detail }) {
    this.setTime(detail.value)
    this.keep()
  },

  /** @param {{detail: {value: string}}} event */
  typeReason({ detail }) {
    this.setData({ reason: detail.value, 'errors.reason': '' })
    this.keep()
  },

  async submit() {
    const { kind, time, reason, busy } = this.data
    if (busy) return
    if (!reason.trim()) return this.setData({ errors: { reason: '请写明原因，审批的人要看。' }, trouble: '' })
    this.setData({ busy: true, trouble: '', errors: {} })
    const { dispatchId: dispatch_id, day: duty_on, shift } = this
    try {
      const wanted = { dispatch_id, duty_on, shift, kind, happened_at: instantOf(duty_on, shift, time), reason: reason.trim() }
      const asked = await requestCorrection(wanted, this.key)
      dropDraft(this.draftName())
      this.setData({ done: asked })
    } catch (error) {
      this.explain(asFailure(error))
    }
    this.setData({ busy: false })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  explain({ status, message, fields }) {
    /** @type {Record<string, string>} */
    const errors = {}
    for (const field of ['kind', 'happened_at', 'reason']) if (fields[field]) errors[field] = fields[field].join('')
    this.setData({ errors, trouble: message })
    // The server has decided about this one: what is sent after it was changed is another request.
    if (status !== 0 && status < 500) this.key = newKey()
  },

  leave() {
    wx.navigateBack()
  },
})
