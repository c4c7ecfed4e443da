// Logs what was done: the kind first, then the fields of that kind alone, then proof; kept on the phone from the first letter.

const { fetchRecord } = require('../../services/activities.js')
const { entryOf, knownLast, loadLast, loadTable, mostUsed, noteLast, noteUse } = require('../../services/activity_kinds.js')
const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday, isoOf, phoneDay } = require('../../services/clock.js')
const { coveringDispatches, knownDispatches, loadDispatches } = require('../../services/dispatches.js')
const { asFailure } = require('../../services/errors.js')
const { changeKept, changeKeptFile, dropKept, findKept, findKeptOf, keep, keptOf, listKept, newKept } = require('../../services/kept_records.js')
const { sendKept } = require('../../services/record_sending.js')
const { requireSignIn } = require('../../services/session.js')
const { fieldsOf, offerOf, typedOf, valuesOf, whatIsWrong } = require('./form.js')
const { keptNote, recordedNote } = require('./words.js')

const DAY_MS = 24 * 3600 * 1000

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  /** loading, trouble, kinds, form or done */
  view: 'loading',
  trouble: '',
  used: [],
  groups: [],
  unfinished: [],
  entry: null,
  fields: [],
  offer: null,
  day: '',
  dayLabel: '',
  today: '',
  yesterday: '',
  dispatches: [],
  dispatchId: '',
  where: '',
  files: [],
  proofs: [],
  errors: {},
  /** why the server did not take it */
  refused: '',
  problem: '',
  warnings: [],
  busy: '',
  outcome: null,
  recordId: '',
}

Page({
  data: initial,
  /** @type {KindTable | null} */
  table: null,
  /** @type {KeptRecord | null} */
  kept: null,
  /** @type {import('./form.js').Typed} */
  typed: {},
  /** @type {Record<string, string>} */
  asked: {},

  /** @param {Record<string, string>} asked kind of a new record, id of the server's, or key of one on the phone */
  onLoad(asked) {
    this.asked = asked
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn() && this.data.view === 'loading') this.load()
  },

  async load() {
    this.setData({ view: 'loading', trouble: '' })
    const { kind, id, key } = this.asked
    try {
      this.table = await loadTable()
      if (id) return this.begin(findKeptOf(id) || keptOf(await fetchRecord(id)))
      const kept = key ? findKept(key) : null
      if (kept) return this.begin(kept)
      if (kind) return this.start(kind)
      this.showKinds()
    } catch (error) {
      this.setData({ view: 'trouble', trouble: asFailure(error).message })
    }
  },

  showKinds() {
    const table = /** @type {KindTable} */ (this.table)
    const unfinished = listKept().filter(({ state, id }) => state === 'open' && !id)
    this.setData({
      view: 'kinds',
      used: mostUsed(table),
      groups: table.groups,
      unfinished: unfinished.map(({ key, kindLabel, occurredOn }) => ({ key, label: `${kindLabel}，${dayAndWeekday(occurredOn)}` })),
    })
  },

  /** @param {{currentTarget: {dataset: {kind: string}}}} event */
  chooseKind({ currentTarget }) {
    this.start(currentTarget.dataset.kind)
  },

  /** @param {{currentTarget: {dataset: {key: string}}}} event */
  goOn({ currentTarget }) {
    const kept = findKept(currentTarget.dataset.key)
    if (kept) this.begin(kept)
  },

  /** @param {string} kind */
  start(kind) {
    const entry = entryOf(/** @type {KindTable} */ (this.table), kind)
    if (!entry) return this.showKinds()
    this.begin(newKept({ kind, kindLabel: entry.label, occurredOn: phoneDay() }))
  },

  /** Opens what is on the phone; nothing of it is sent while its author writes. @param {KeptRecord} kept */
  begin(kept) {
    const entry = entryOf(/** @type {KindTable} */ (this.table), kept.kind)
    if (!entry) return this.setData({ view: 'trouble', trouble: '这一类记录现在不能填写，请更新小程序后再试。' })
    this.kept = changeKept(kept.key, { state: 'open' }) || kept
    this.typed = typedOf(entry, kept.fields)
    const today = phoneDay()
    this.setData({
      view: 'form',
      entry,
      today,
      yesterday: isoOf(Date.now() - DAY_MS).slice(0, 10),
      errors: kept.fieldProblems,
      refused: kept.problem,
      problem: '',
      warnings: kept.warnings,
      recordId: kept.id,
      proofs: this.table && this.table.proofs,
    })
    wx.setNavigationBarTitle({ title: entry.label })
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    this.draw()
    this.learnMore(entry)
  },

  /** What the server knows besides: where I am sent, and what I said last time. @param {KindEntry} entry */
  async learnMore(entry) {
    await Promise.all([loadDispatches(), loadLast(entry.kind)])
    if (this.data.view === 'form') this.draw()
  },

  draw() {
    const kept = /** @type {KeptRecord} */ (this.kept)
    const entry = /** @type {KindEntry} */ (this.data.entry)
    const dispatches = kept.id ? [] : coveringDispatches(knownDispatches(), kept.occurredOn)
    this.setData({
      fields: fieldsOf(entry, this.typed),
      offer: kept.id ? null : offerOf(entry, knownLast(entry.kind), this.typed),
      day: kept.occurredOn,
      dayLabel: dayAndWeekday(kept.occurredOn),
      dispatches: dispatches.length > 1 ? dispatches : [],
      dispatchId: kept.dispatchId,
      where: kept.recipient || (dispatches.length === 1 ? dispatches[0].recipient.name : ''),
      files: kept.files,
    })
  },

  /** Keeps what was filled in just now. @param {Partial<KeptRecord>} values */
  fill(values) {
    const kept = /** @type {KeptRecord} */ (this.kept)
    // Files may have arrived meanwhile: what lies on the phone is newer than what the page drew.
    this.kept = { ...(findKept(kept.key) || kept), fieldProblems: {}, problem: '', seen: false, warnings: [], ...values, state: 'open' }
    keep(this.kept)
    this.setData({ errors: {}, refused: '', problem: '', warnings: [] })
    this.draw()
  },

  /** @param {string} name @param {string} text */
  type(name, text) {
    this.typed = { ...this.typed, [name]: text }
    this.fill({ fields: valuesOf(/** @type {KindEntry} */ (this.data.entry), this.typed) })
  },

  /** @param {{currentTarget: {dataset: {name: string}}, detail: {value: string}}} event */
  typeField({ currentTarget, detail }) {
    this.type(currentTarget.dataset.name, detail.value)
  },

  /** @param {{currentTarget: {dataset: {name: string, value: string}}}} event */
  choose({ currentTarget: { dataset } }) {
    this.type(dataset.name, this.typed[dataset.name] === dataset.value ? '' : dataset.value)
  },

  /** @param {{currentTarget: {dataset: {name: string}}, detail: {value: string}}} event */
  pick({ currentTarget: { dataset }, detail }) {
    const field = this.data.fields.find((/** @type {KindField} */ { name }) => name === dataset.name)
    this.type(dataset.name, field.choices[Number(detail.value)].value)
  },

  takeOffer() {
    const { entry, offer } = this.data
    this.typed = { ...this.typed, ...offer.values }
    this.fill({ fields: valuesOf(entry, this.typed) })
  },

  /** @param {{currentTarget: {dataset: {day: string}}}} event */
  chooseDay({ currentTarget }) {
    this.fill({ occurredOn: currentTarget.dataset.day })
  },

  /** @param {{detail: {value: string}}} event */
  pickDay({ detail }) {
    this.fill({ occurredOn: detail.value })
  },

  /** @param {{currentTarget: {dataset: {id: string}}}} event */
  chooseDispatch({ currentTarget }) {
    this.fill({ dispatchId: currentTarget.dataset.id })
  },

  /** @param {{detail: {files: KeptFile[]}}} event */
  addFiles({ detail }) {
    this.fill({ files: [...this.data.files, ...detail.files] })
  },

  /** A file has arrived, or was refused; what was typed stays as it is. @param {{detail: {key: string, values: Partial<KeptFile>}}} event */
  changeFile({ detail }) {
    const kept = /** @type {KeptRecord} */ (this.kept)
    changeKeptFile(kept.key, detail.key, detail.values)
    const now = findKept(kept.key)
    if (now && this.data.view === 'form') this.setData({ files: now.files })
  },

  /** @param {{detail: {key: string}}} event */
  removeFile({ detail }) {
    this.fill({ files: this.data.files.filter((/** @type {KeptFile} */ { key }) => key !== detail.key) })
  },

  saveDraft() {
    return this.save(false)
  },

  handIn() {
    return this.save(true)
  },

  /** @param {boolean} wanted whether it is to be handed in */
  async save(wanted) {
    if (this.data.busy) return
    const entry = /** @type {KindEntry} */ (this.data.entry)
    const kept = /** @type {KeptRecord} */ (this.kept)
    const errors = whatIsWrong(entry, valuesOf(entry, this.typed), wanted)
    if (this.data.files.some((/** @type {KeptFile} */ { state }) => state === 'refused')) errors.files = '有文件不能上传，请移除后再提交。'
    if (this.data.dispatches.length && !kept.dispatchId) errors.dispatch_id = '这一天您有不止一处派驻，请选一处。'
    if (Object.keys(errors).length) return this.setData({ errors, problem: '还有没填好的，请看红字的提示。' })
    const seen = this.data.warnings.length > 0
    this.fill({})
    this.setData({ busy: wanted ? 'handIn' : 'draft' })
    changeKept(kept.key, { state: 'waiting', handIn: wanted, seen })
    const { recorded, failure } = await sendKept()
    this.setData({ busy: '' })
    const sent = recorded.find(({ key }) => key === kept.key)
    this.tell(sent ? sent.record : null, wanted, failure && failure.code !== 'no_network' ? failure.message : '')
  },

  /** @param {Activity | null} record @param {boolean} wanted @param {string} message */
  tell(record, wanted, message) {
    const left = this.kept && findKept(this.kept.key)
    if (left && left.state !== 'waiting') return this.begin(left)
    const entry = /** @type {KindEntry} */ (this.data.entry)
    noteUse(entry.kind)
    noteLast(entry, valuesOf(entry, this.typed))
    const outcome = record ? recordedNote(record, wanted) : keptNote(message)
    this.setData({ view: 'done', outcome, recordId: record ? record.id : '' })
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  },

  logAnother() {
    this.kept = null
    this.setData({ recordId: '' })
    wx.setNavigationBarTitle({ title: '记一条' })
    this.showKinds()
  },

  async giveUp() {
    const { confirm } = await wx.showModal({ title: '不要这些修改了？', content: '手机里没有上传的内容和照片会删除。', cancelText: '先不', confirmText: '删除' })
    if (!confirm || !this.kept) return
    dropKept(this.kept.key)
    wx.navigateBack()
  },

  openRecord() {
    wx.redirectTo({ url: `/doctor/activity/index?id=${this.data.recordId}` })
  },

  leave() {
    wx.navigateBack()
  },
})
