// Adds a receipt of a return fare: number, day, sum, journey and a photograph; what is typed stays on the phone until sent.

const { rootFontSize } = require('../../services/appearance.js')
const { choosePhotos, sendPhoto, LARGEST_BYTES } = require('../../services/attachments.js')
const { dayAndWeekday, phoneDay } = require('../../services/clock.js')
const { dropDraft, keepDraft, readDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { newKey } = require('../../services/keys.js')
const { addReceipt } = require('../../services/receipts.js')
const { requireSignIn } = require('../../services/session.js')
const { errorsOf, whatIsWrong } = require('./form.js')

const KEPT = /** @type {const} */ (['number', 'spentOn', 'amount', 'journey', 'photo'])

/** @typedef {import('./form.js').Photo} Photo */

/** What was being sent when the mini-program ended has not arrived. @param {Photo | null} photo @returns {Photo | null} */
const afterRestart = (photo) => (photo && photo.state === 'sending' ? { ...photo, state: 'failed', problem: '上次没有传完，请重传或重拍。' } : photo)

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  number: '',
  spentOn: '',
  dayLabel: '',
  today: '',
  amount: '',
  journey: '',
  photo: null,
  errors: {},
  problem: '',
  busy: false,
  done: null,
}

Page({
  data: initial,
  dispatchId: '',
  key: '',

  /** @param {Record<string, string>} query */
  onLoad({ dispatch }) {
    this.dispatchId = dispatch
    const draft = readDraft(this.draftName()) || { key: newKey() }
    this.begin(draft)
  },

  /** @param {any} draft */
  begin({ key, photo = null, ...values }) {
    this.key = key
    this.setData({ ...initial, rootFontSize: rootFontSize(), ...values, photo: afterRestart(photo), today: phoneDay() })
    this.draw()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    requireSignIn()
  },

  draftName() {
    return `receipt:${this.dispatchId}`
  },

  draw() {
    const { spentOn } = this.data
    this.setData({ dayLabel: spentOn ? dayAndWeekday(spentOn) : '' })
  },

  /** @param {object} values what was filled in just now */
  fill(values) {
    this.setData({ ...values, errors: {}, problem: '' })
    this.draw()
    /** @type {any} */
    const draft = { key: this.key }
    for (const name of KEPT) draft[name] = this.data[name]
    keepDraft(this.draftName(), draft)
  },

  /** @param {{currentTarget: {dataset: {name: string}}, detail: {value: string}}} event */
  type({ currentTarget, detail }) {
    this.fill({ [currentTarget.dataset.name]: detail.value })
  },

  async takePhoto() {
    const [file] = await choosePhotos(1)
    if (!file) return
    const large = file.size > LARGEST_BYTES
    this.fill({ photo: { path: file.tempFilePath, state: large ? 'failed' : 'sending', problem: large ? '照片超过 8 MB，请重拍。' : '', id: '' } })
    if (!large) await this.sendPhoto()
  },

  async sendPhoto() {
    const { path } = this.data.photo
    this.fill({ photo: { path, state: 'sending', problem: '', id: '' } })
    const photo = await this.sentPhoto(path)
    // Another one may have been taken meanwhile.
    if (this.data.photo && this.data.photo.path === path) this.fill({ photo })
  },

  /** @param {string} path @returns {Promise<Photo>} */
  async sentPhoto(path) {
    try {
      return { path, state: 'sent', problem: '', id: (await sendPhoto(path)).id }
    } catch (error) {
      return { path, state: 'failed', problem: asFailure(error).message, id: '' }
    }
  },

  async submit() {
    if (this.data.busy) return
    const errors = whatIsWrong(this.data)
    if (Object.keys(errors).length) return this.setData({ errors, problem: '还有没填好的，请看红字的提示。' })
    const { number, spentOn, amount, journey, photo } = this.data
    this.setData({ busy: true, problem: '', errors: {} })
    try {
      const draft = { dispatch_id: this.dispatchId, number, spent_on: spentOn, amount, journey, attachment_id: photo.id }
      const done = await addReceipt(draft, this.key)
      dropDraft(this.draftName())
      this.setData({ done }, () => wx.pageScrollTo({ scrollTop: 0, duration: 0 }))
    } catch (error) {
      this.explain(asFailure(error))
    }
    this.setData({ busy: false })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  explain(failure) {
    // The server has decided about this one: what is sent after it was changed is another receipt.
    if (!failure.passing) this.key = newKey()
    const kept = failure.code === 'no_network' ? '填好的保存在手机里，有网络后再按一次。' : ''
    this.setData({ errors: errorsOf(failure), problem: failure.message + kept })
  },

  another() {
    this.begin({ key: newKey() })
  },

  leave() {
    wx.navigateBack()
  },
})
