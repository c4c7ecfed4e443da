// Adds a patient: who they are to me, their name, and a paper by which they are known.

const { rootFontSize } = require('../../services/appearance.js')
const { readDraft, keepDraft, dropDraft } = require('../../services/drafts.js')
const { asFailure } = require('../../services/errors.js')
const { isVillageDoctor } = require('../../services/me.js')
const { addPatient } = require('../../services/patients.js')
const { requireSignIn } = require('../../services/session.js')
const { FAMILY, RESIDENTS, PAPERS, SEXES, claimOf, lastBirthday, whatIsWrong } = require('./form.js')

const DRAFT = 'patient'
const FIELDS = ['name', 'relation', 'identity_kind', 'identity_number', 'telephone', 'address', 'sex', 'born_on']
const KEPT = ['relation', 'name', 'kind', 'number', 'telephone', 'address', 'sex', 'bornOn']

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  relations: FAMILY,
  papers: PAPERS,
  sexes: SEXES,
  paper: PAPERS[0],
  today: '',
  relation: '',
  name: '',
  kind: 'id_card',
  number: '',
  telephone: '',
  address: '',
  sex: '',
  bornOn: '',
  errors: {},
  problem: '',
  busy: false,
}

Page({
  data: initial,

  onLoad() {
    const village = isVillageDoctor()
    const relations = village ? RESIDENTS : FAMILY
    this.setData({ relations, today: lastBirthday(), ...readDraft(DRAFT) })
    if (!relations.some(({ relation }) => relation === this.data.relation)) this.setData({ relation: relations[0].relation })
    this.draw()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    requireSignIn()
  },

  draw() {
    this.setData({ paper: PAPERS.find(({ kind }) => kind === this.data.kind) })
  },

  /** @param {Record<string, string>} values what was filled in just now */
  fill(values) {
    this.setData({ ...values, errors: {}, problem: '' })
    this.draw()
    /** @type {Record<string, string>} */
    const draft = {}
    for (const name of KEPT) draft[name] = this.data[name]
    keepDraft(DRAFT, draft)
  },

  /** @param {{detail: {value: string}, currentTarget: {dataset: {field: string}}}} event */
  type({ detail, currentTarget }) {
    this.fill({ [currentTarget.dataset.field]: detail.value })
  },

  /** @param {{currentTarget: {dataset: {field: string, value: string}}}} event */
  choose({ currentTarget }) {
    const { field, value } = currentTarget.dataset
    this.fill({ [field]: value })
  },

  async submit() {
    if (this.data.busy) return
    const errors = whatIsWrong(this.data)
    if (Object.keys(errors).length) return this.setData({ errors, problem: '还有没填好的，请看红字的提示。' }, this.toTrouble)
    this.setData({ busy: true, problem: '', errors: {} })
    try {
      await addPatient(claimOf(this.data))
      dropDraft(DRAFT)
      wx.showToast({ title: '已添加' })
      wx.navigateBack()
    } catch (error) {
      this.explain(asFailure(error))
    }
    this.setData({ busy: false })
  },

  toTrouble() {
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  explain({ message, fields }) {
    /** @type {Record<string, string>} */
    const errors = {}
    for (const field of FIELDS) if (fields[field]) errors[field] = fields[field].join('')
    this.setData({ errors, problem: message }, this.toTrouble)
  },
})
