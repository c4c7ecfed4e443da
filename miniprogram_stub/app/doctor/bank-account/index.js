// My bank account: the masked number, and changing it with the number typed twice. No number is ever kept on the phone.

const { rootFontSize } = require('../../services/appearance.js')
const { changeAccount, fetchAccount } = require('../../services/bank.js')
const { dayLabel, dayOf } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { plain } = require('../../services/typing.js')

/** @type {Record<string, string>} the field that a refusal is about, where the server names none */
const FIELD_OF = { bank_name_invalid: 'bank', account_number_invalid: 'number' }

/** A long number is compared by eye in fours. @param {string} number */
const inFours = (number) => digitsOf(number).replace(/(.{4})(?=.)/g, '$1 ')

/** @param {string} number */
const digitsOf = (number) => plain(number).replace(/[-·]/g, '')

/** @param {{bank: string, number: string, again: string}} filled @returns {Record<string, string>} */
function whatIsWrong({ bank, number, again }) {
  /** @type {Record<string, string>} */
  const errors = {}
  if (!bank.trim()) errors.bank = '请填写开户行，例如 中国农业银行云岭县支行。'
  if (!/^\d{8,30}$/.test(digitsOf(number))) errors.number = '账号应为 8 到 30 位数字。'
  else if (digitsOf(number) !== digitsOf(again)) errors.again = '两次填写的账号不一样，请对照银行卡再填一次。'
  return errors
}

/** @type {any} */
const initial = {
  rootFontSize: '16px',
  loaded: false,
  trouble: '',
  account: null,
  changed: '',
  editing: false,
  saved: false,
  moved: false,
  bank: '',
  number: '',
  again: '',
  spaced: '',
  errors: {},
  problem: '',
  busy: false,
}

Page({
  data: initial,

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn() && !this.data.loaded) this.load()
  },

  async load() {
    this.setData({ trouble: '' })
    try {
      this.draw(await fetchAccount())
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {BankAccount | null} account */
  draw(account) {
    this.setData({
      loaded: true,
      account,
      changed: account ? `${dayLabel(dayOf(account.changed_at))} 登记` : '',
      editing: !account,
      bank: account ? account.bank : '',
      number: '',
      again: '',
      spaced: '',
      errors: {},
      problem: '',
    })
  },

  begin() {
    this.setData({ editing: true, saved: false, moved: false })
  },

  giveUp() {
    this.draw(this.data.account)
  },

  /** @param {{currentTarget: {dataset: {name: string}}, detail: {value: string}}} event */
  type({ currentTarget, detail }) {
    this.setData({ [currentTarget.dataset.name]: detail.value, errors: {}, problem: '' })
    this.setData({ spaced: inFours(this.data.number) })
  },

  async save() {
    if (this.data.busy) return
    const { bank, number, account } = this.data
    const errors = whatIsWrong(this.data)
    if (Object.keys(errors).length) return this.setData({ errors, problem: '还有没填好的，请看红字的提示。' })
    this.setData({ busy: true, problem: '', errors: {} })
    try {
      this.draw(await changeAccount({ bank, number: digitsOf(number), ...(account ? { version: account.version } : {}) }))
      this.setData({ saved: true }, () => wx.pageScrollTo({ scrollTop: 0, duration: 0 }))
    } catch (error) {
      await this.explain(asFailure(error))
    }
    this.setData({ busy: false })
  },

  /** @param {import('../../services/errors.js').Failure} failure */
  async explain({ status, code, message, fields }) {
    // Finance changed it meanwhile, or the answer to this very press was lost: one has to look at what there is.
    if (status === 412) {
      await this.load()
      return this.setData({ moved: true })
    }
    /** @type {Record<string, string>} */
    const errors = {}
    for (const field of ['bank', 'number']) if (fields[field]) errors[field] = fields[field].join('')
    if (FIELD_OF[code]) errors[FIELD_OF[code]] = message
    this.setData({ errors, problem: message })
  },
})
