// Those whom a closing did not reach, or who have not answered: called one after the other, and ticked off.

const { rootFontSize } = require('../../services/appearance.js')
const { fetchCalls, recordCall } = require('../../services/closures.js')
const { readDraft, keepDraft, dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { callShown } = require('./words.js')

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  loaded: false,
  trouble: '',
  items: [],
  done: [],
  noting: '',
  note: '',
  recording: '',
  problem: null,
}

Page({
  data: initial,
  id: '',
  /** @type {WaitingCall[]} */
  calls: [],

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
    this.setData({ trouble: '' })
    try {
      this.calls = await fetchCalls(this.id)
      this.setData({ loaded: true })
      this.draw()
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  draw() {
    const shown = this.calls.map(callShown)
    this.setData({ items: shown.filter(({ done }) => !done), done: shown.filter(({ done }) => done) })
  },

  /** @param {{currentTarget: {dataset: {number: string}}}} event */
  async dial({ currentTarget }) {
    try {
      await wx.makePhoneCall({ phoneNumber: currentTarget.dataset.number })
    } catch (error) {
      // Turning back from the phone's own question is no failure; what came of the call is said by the buttons below.
      if (!(/** @type {any} */ (error).errMsg)) throw error
    }
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  beginNote({ currentTarget }) {
    const { id } = currentTarget.dataset
    this.setData({ noting: id, note: readDraft(`call:${id}`) || '' })
  },

  /** @param {{detail: {value: string}}} event */
  type({ detail }) {
    this.setData({ note: detail.value })
    keepDraft(`call:${this.data.noting}`, detail.value)
  },

  /** @param {{currentTarget: {dataset: {id: string, outcome: CallOutcome}}}} event */
  async record({ currentTarget }) {
    const { id, outcome } = currentTarget.dataset
    const call = this.calls.find(({ booking_id }) => booking_id === id)
    if (this.data.recording || !call) return
    this.setData({ recording: id, problem: null })
    try {
      await recordCall(this.id, call, outcome, this.data.noting === id ? this.data.note : '')
      dropDraft(`call:${id}`)
      this.setData({ noting: this.data.noting === id ? '' : this.data.noting })
      await this.reload()
    } catch (error) {
      const { status, message } = asFailure(error)
      this.setData({ problem: { id, text: message } })
      // The patient or a colleague was quicker: what is shown has to be what there is.
      if ([404, 409, 412].includes(status)) await this.reload()
    }
    this.setData({ recording: '' })
  },
})
