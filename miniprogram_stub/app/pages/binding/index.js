// Ties this WeChat account to a person of the roster: phone number by WeChat's word, name, last four of the ID number.

const { rootFontSize } = require('../../services/appearance.js')
const { asFailure } = require('../../services/errors.js')
const { bind } = require('../../services/me.js')
const { plain } = require('../../services/typing.js')

const FIELDS = /** @type {const} */ (['name', 'identity_last4', 'organisation_code', 'staff_number'])

/** @type {Record<string, string>} */
const TITLES = { binding_not_matched: '没有对上名单', already_bound: '已经绑定过', too_many_attempts: '尝试太多次' }

/** @param {any} data @returns {Record<string, string>} */
function whatIsMissing(data) {
  /** @type {Record<string, string>} */
  const errors = {}
  if (!data.phoneCode) errors.phone_code = '请先按这个按钮，并选“允许”。'
  if (!plain(data.name)) errors.name = '请填写姓名。'
  if (!/^\d{3}[\dX]$/i.test(plain(data.identity_last4))) errors.identity_last4 = '请填写四位，最后一位可以是 X。'
  if (data.changed && !plain(data.organisation_code)) errors.organisation_code = '请填写机构代码。'
  if (data.changed && !plain(data.staff_number)) errors.staff_number = '请填写工号。'
  return errors
}

/** @param {any} data */
function claimOf(data) {
  const claim = { phone_code: data.phoneCode, name: data.name.trim(), identity_last4: plain(data.identity_last4).toUpperCase() }
  if (!data.changed) return claim
  return { ...claim, organisation_code: plain(data.organisation_code), staff_number: plain(data.staff_number) }
}

/** @param {Me} me */
function outcomeOf({ person, binding }) {
  if (binding.state === 'bound' && person) return { tone: 'good', title: `${person.name}，绑定成功`, text: `${person.organisation.name} ${person.staff_number}` }
  return { tone: 'calm', title: '已提交，等待医务科审核', text: binding.message }
}

Page({
  data: {
    rootFontSize: '16px',
    phoneCode: '',
    name: '',
    identity_last4: '',
    changed: false,
    organisation_code: '',
    staff_number: '',
    errors: /** @type {Record<string, string>} */ ({}),
    trouble: /** @type {null | {title: string, text: string}} */ (null),
    busy: false,
    outcome: /** @type {null | {tone: string, title: string, text: string}} */ (null),
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
  },

  /** @param {{detail: {code?: string}}} event */
  takePhone({ detail }) {
    const { errors } = this.data
    if (detail.code) this.setData({ phoneCode: detail.code, errors: { ...errors, phone_code: '' } })
    else this.setData({ errors: { ...errors, phone_code: '没有取得手机号。绑定需要核对手机号，请再按一次并选“允许”。' } })
  },

  /** @param {{detail: {value: string}, currentTarget: {dataset: {field: string}}}} event */
  type({ detail, currentTarget }) {
    const { field } = currentTarget.dataset
    this.setData({ [field]: detail.value, [`errors.${field}`]: '' })
  },

  /** @param {{detail: {value: boolean}}} event */
  toggleChanged({ detail }) {
    this.setData({ changed: detail.value })
  },

  async submit() {
    if (this.data.busy) return
    const errors = whatIsMissing(this.data)
    this.setData({ errors, trouble: null })
    if (Object.keys(errors).length) return this.setData({ trouble: { title: '还有没填好的', text: '请看下面红字的提示。' } }, this.toTop)
    this.setData({ busy: true })
    try {
      this.setData({ outcome: outcomeOf(await bind(claimOf(this.data))) })
    } catch (error) {
      this.explain(asFailure(error))
    }
    this.setData({ busy: false }, this.toTop)
  },

  toTop() {
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  explain({ code, status, message, fields }) {
    /** @type {Record<string, string>} */
    const errors = {}
    for (const field of [...FIELDS, 'phone_code']) if (fields[field]) errors[field] = fields[field].join('')
    this.setData({ errors, trouble: { title: TITLES[code] || '没有提交成功', text: message } })
    // WeChat's code works once: after the server has answered, the button has to be pressed again.
    if (status !== 0) this.setData({ phoneCode: '' })
  },

  leave() {
    wx.switchTab({ url: '/pages/home/index' })
  },
})
