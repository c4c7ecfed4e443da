// Asks for leave: which dispatch, what kind, from when to when, why, and photos of the papers.

const { rootFontSize } = require('../../services/appearance.js')
const { choosePhotos, sendPhoto, LARGEST_BYTES, MOST } = require('../../services/attachments.js')
const { dayAndWeekday, phoneDay } = require('../../services/clock.js')
const { fetchDispatches } = require('../../services/dispatches.js')
const { readDraft, keepDraft, dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { fetchLeaveBalance } = require('../../services/evaluations.js')
const { newKey } = require('../../services/keys.js')
const { requestLeave } = require('../../services/requests.js')
const { requireSignIn } = require('../../services/session.js')
const { KINDS, SHIFTS, hintOf, whatIsWrong, wantedOf } = require('./form.js')

const DRAFT = 'leave'
const FIELDS = ['dispatch_id', 'kind', 'starts_on', 'starts_with', 'ends_on', 'ends_with', 'reason', 'attachment_ids']

/** @typedef {{key: string, path: string, state: 'sending' | 'sent' | 'failed', problem: string, id: string}} Photo */

/** @param {{tempFilePath: string, size: number}} file @returns {Photo} */
function photoOf({ tempFilePath, size }) {
  const large = size > LARGEST_BYTES
  const problem = large ? '照片超过 8 MB，请移除后重拍。' : ''
  return { key: newKey(), path: tempFilePath, state: large ? 'failed' : 'sending', problem, id: '' }
}

/** What was being sent when the mini-program ended has not arrived. @param {Photo} photo @returns {Photo} */
const afterRestart = (photo) => (photo.state === 'sending' ? { ...photo, state: 'failed', problem: '上次没有传完，请重传或移除。' } : photo)

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  loaded: false,
  trouble: '',
  dispatches: [],
  kinds: KINDS,
  shifts: SHIFTS,
  hint: '',
  balance: null,
  dispatchId: '',
  kind: -1,
  startsOn: '',
  startsWith: 0,
  endsOn: '',
  endsWith: 1,
  startLabel: '',
  endLabel: '',
  reason: '',
  photos: [],
  full: false,
  errors: {},
  problem: '',
  busy: false,
  done: null,
}
const KEPT = ['dispatchId', 'kind', 'startsOn', 'startsWith', 'endsOn', 'endsWith', 'reason', 'photos']

Page({
  data: initial,
  key: '',

  onLoad() {
    const draft = readDraft(DRAFT) || { startsOn: phoneDay(), endsOn: phoneDay(), key: newKey() }
    this.key = draft.key
    this.setData({ ...draft, photos: (draft.photos || []).map(afterRestart) })
    this.draw()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn() && !this.data.loaded) this.load()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      const dispatches = await fetchDispatches()
      const known = dispatches.some(({ id }) => id === this.data.dispatchId)
      const balance = await fetchLeaveBalance()
      this.setData({ loaded: true, balance, dispatches, dispatchId: known || !dispatches.length ? this.data.dispatchId : dispatches[0].id })
      this.draw()
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  draw() {
    const { startsOn, endsOn, kind, photos, balance } = this.data
    this.setData({
      startLabel: dayAndWeekday(startsOn),
      endLabel: dayAndWeekday(endsOn),
      hint: kind < 0 ? '' : hintOf(KINDS[kind].kind, balance),
      full: photos.length >= MOST,
    })
  },

  /** @param {object} values what was filled in just now */
  fill(values) {
    this.setData({ ...values, errors: {}, problem: '' })
    this.draw()
    /** @type {any} */
    const draft = { key: this.key }
    for (const name of KEPT) draft[name] = this.data[name]
    keepDraft(DRAFT, draft)
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  chooseDispatch({ currentTarget }) {
    this.fill({ dispatchId: currentTarget.dataset.id })
  },

  /** @param {{detail: {value: string}}} event */
  chooseKind({ detail }) {
    this.fill({ kind: Number(detail.value) })
  },

  /** @param {{detail: {value: string}}} event */
  chooseStart({ detail }) {
    const { endsOn } = this.data
    this.fill({ startsOn: detail.value, endsOn: endsOn < detail.value ? detail.value : endsOn })
  },

  /** @param {{detail: {value: string}}} event */
  chooseEnd({ detail }) {
    this.fill({ endsOn: detail.value })
  },

  /** @param {{detail: {value: string}}} event */
  chooseStartShift({ detail }) {
    this.fill({ startsWith: Number(detail.value) })
  },

  /** @param {{detail: {value: string}}} event */
  chooseEndShift({ detail }) {
    this.fill({ endsWith: Number(detail.value) })
  },

  /** @param {{detail: {value: string}}} event */
  typeReason({ detail }) {
    this.fill({ reason: detail.value })
  },

  async addPhotos() {
    const chosen = await choosePhotos(MOST - this.data.photos.length)
    const photos = chosen.map((file) => photoOf(file))
    this.fill({ photos: [...this.data.photos, ...photos] })
    for (const photo of photos) if (photo.state === 'sending') await this.send(photo)
  },

  /** @param {Photo} photo */
  async send(photo) {
    this.change(photo.key, { state: 'sending', problem: '' })
    try {
      const { id } = await sendPhoto(photo.path)
      this.change(photo.key, { state: 'sent', id })
    } catch (error) {
      this.change(photo.key, { state: 'failed', problem: asFailure(error).message })
    }
  },

  /** @param {string} key @param {Partial<Photo>} values */
  change(key, values) {
    this.fill({ photos: this.data.photos.map((/** @type {Photo} */ photo) => (photo.key === key ? { ...photo, ...values } : photo)) })
  },

  /** @param {{currentTarget: {dataset: {key: string}}}} event */
  sendAgain({ currentTarget }) {
    const photo = this.data.photos.find((/** @type {Photo} */ { key }) => key === currentTarget.dataset.key)
    if (photo) this.send(photo)
  },

  /** @param {{currentTarget: {dataset: {key: string}}}} event */
  removePhoto({ currentTarget }) {
    this.fill({ photos: this.data.photos.filter((/** @type {Photo} */ { key }) => key !== currentTarget.dataset.key) })
  },

  async submit() {
    if (this.data.busy) return
    const errors = whatIsWrong(this.data)
    if (Object.keys(errors).length) return this.setData({ errors, problem: '还有没填好的，请看红字的提示。' })
    this.setData({ busy: true, problem: '', errors: {} })
    try {
      const done = await requestLeave(wantedOf(this.data), this.key)
      dropDraft(DRAFT)
      this.setData({ done }, () => wx.pageScrollTo({ scrollTop: 0, duration: 0 }))
    } catch (error) {
      this.explain(asFailure(error))
    }
    this.setData({ busy: false })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  explain({ status, message, fields }) {
    /** @type {Record<string, string>} */
    const errors = {}
    for (const field of FIELDS) if (fields[field]) errors[field] = fields[field].join('')
    this.setData({ errors, problem: message })
    // The server has decided about this one: what is sent after it was changed is another request.
    if (status !== 0 && status < 500) this.key = newKey()
  },

  leave() {
    wx.navigateBack()
  },
})
