// For whom one may book: family, or the residents of a village doctor.

const { rootFontSize } = require('../../services/appearance.js')
const { asFailure } = require('../../services/errors.js')
const { changeTelephone, fetchPatients, removePatient } = require('../../services/patients.js')
const { isVillageDoctor } = require('../../services/me.js')
const { requireSignIn } = require('../../services/session.js')

/** @param {Patient} patient */
const shown = ({ id, name_masked, relation_label, age, sex, identity_label, identity_masked, telephone_masked, may_book, why_not_book }) => ({
  id,
  name: name_masked,
  relation: relation_label,
  about: [sex === 'male' ? '男' : sex === 'female' ? '女' : '', age === null ? '' : `${age} 岁`].filter(Boolean).join('，'),
  paper: [identity_label, identity_masked].filter(Boolean).join(' '),
  telephone: telephone_masked,
  may: may_book,
  why: may_book ? '' : why_not_book || '',
})

/** More than these are shown when one asks for them, and can be looked for. */
const FEW = 20

/** @param {ReturnType<typeof shown>} patient @param {string} sought */
const matches = ({ name, paper, telephone }, sought) => name.startsWith(sought) || paper.endsWith(sought) || telephone.endsWith(sought)

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, trouble: '', patients: [], found: 0, many: false, sought: '', village: false, acting: '', problem: null }

Page({
  data: initial,
  /** @type {ReturnType<typeof shown>[]} */
  all: [],
  count: FEW,

  onShow() {
    const village = isVillageDoctor()
    this.setData({ rootFontSize: rootFontSize(), village })
    if (village) wx.setNavigationBarTitle({ title: '签约居民' })
    if (requireSignIn()) this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      this.all = (await fetchPatients()).map(shown)
      this.draw()
      this.setData({ loaded: true })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  draw() {
    const sought = this.data.sought.trim()
    const found = sought ? this.all.filter((patient) => matches(patient, sought)) : this.all
    this.setData({ patients: found.slice(0, this.count), found: found.length, many: this.all.length > FEW })
  },

  /** @param {{detail: {value: string}}} event */
  seek({ detail }) {
    this.count = FEW
    this.setData({ sought: detail.value })
    this.draw()
  },

  showMore() {
    this.count += FEW
    this.draw()
  },

  add() {
    wx.navigateTo({ url: '/patient/patient/index' })
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  book({ currentTarget }) {
    const { id, name } = this.data.patients[currentTarget.dataset.index]
    wx.navigateTo({ url: `/patient/clinics/index?patient=${id}&name=${encodeURIComponent(name)}` })
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async end({ currentTarget }) {
    const { id, name } = this.data.patients[currentTarget.dataset.index]
    const { confirm } = await wx.showModal({
      title: `不再给${name}预约？`,
      content: '以后要再给这个人预约，需要重新添加。已经看过的记录不受影响。',
      cancelText: '先不',
      confirmText: '解除',
    })
    if (confirm) await this.attempt(id, '没有解除', () => removePatient(id))
  },

  /** @param {{currentTarget: {dataset: {index: number}}}} event */
  async changeTelephone({ currentTarget }) {
    const { id, name } = this.data.patients[currentTarget.dataset.index]
    const { confirm, content } = await wx.showModal({
      title: `${name}的电话`,
      editable: true,
      placeholderText: '手机号，或带区号的座机',
      cancelText: '先不',
      confirmText: '保存',
    })
    if (confirm && content && content.trim()) await this.attempt(id, '电话没有改成', () => changeTelephone(id, content))
  },

  /** @param {string} id of whom @param {string} title what is said if it fails @param {() => Promise<any>} work */
  async attempt(id, title, work) {
    this.setData({ acting: id, problem: null })
    try {
      await work()
      await this.load()
    } catch (error) {
      const { message, fields } = asFailure(error)
      this.setData({ problem: { id, text: `${title}：${fields.telephone ? fields.telephone.join('') : message}` } })
    }
    this.setData({ acting: '' })
  },
})
