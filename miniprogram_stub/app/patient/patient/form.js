// What is asked of a new patient, and what is wrong with what was filled in.

const { phoneDay } = require('../../services/clock.js')
const { plain } = require('../../services/typing.js')

/** @type {{relation: Relation, name: string}[]} */
const FAMILY = [
  { relation: 'self', name: '我本人' },
  { relation: 'parent', name: '我的父母' },
  { relation: 'child', name: '我的子女' },
  { relation: 'spouse', name: '我的配偶' },
  { relation: 'relative', name: '其他亲属' },
]
/** @type {{relation: Relation, name: string}[]} */
const RESIDENTS = [{ relation: 'resident', name: '签约居民' }, ...FAMILY]

/** @type {{kind: IdentityKind, name: string, label: string, hint: string}[]} */
const PAPERS = [
  { kind: 'id_card', name: '身份证', label: '身份证号（18 位）', hint: '最后一位可能是 X' },
  { kind: 'household_book', name: '户口簿', label: '户口簿上本人页的号码', hint: '没有身份证的用' },
  { kind: 'social_security_card', name: '社会保障卡', label: '社会保障卡号', hint: '卡正面的号码' },
]

/** @type {{sex: Sex, name: string}[]} */
const SEXES = [
  { sex: 'female', name: '女' },
  { sex: 'male', name: '男' },
]

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** What is wrong with an ID card's number (GB 11643), in words; '' for nothing. @param {string} typed */
function whyNotIdCard(typed) {
  const number = plain(typed).toUpperCase()
  if (!number) return '请填写身份证号。'
  if (!/^\d{17}[\dX]$/.test(number)) return number.length === 18 ? '只有最后一位可以是 X，其余都是数字。请核对。' : `身份证号是 18 位，现在填了 ${number.length} 位。请核对。`
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return CHECKS[sum % 11] === number[17] ? '' : '身份证号对不上，有一位填错了。请照着证件逐位核对。'
}

/** @param {any} data @returns {Record<string, string>} */
function whatIsWrong({ name, kind, number, telephone, sex, bornOn }) {
  /** @type {Record<string, string>} */
  const errors = {}
  if (!plain(name)) errors.name = '请填写姓名，与证件上一样。'
  if (kind === 'id_card') {
    const why = whyNotIdCard(number)
    if (why) errors.identity_number = why
  } else {
    if (!plain(number)) errors.identity_number = '请填写证件上的号码。'
    if (!sex) errors.sex = '请选性别。'
    if (!bornOn) errors.born_on = '请选出生日期。'
  }
  const phone = plain(telephone)
  if (phone && !/^(1\d{10}|0[\d-]{9,12})$/.test(phone)) errors.telephone = '手机号是 11 位，以 1 开头；座机要加区号。没有电话的可以不填。'
  return errors
}

/** @param {any} data @returns {PatientClaim} */
function claimOf({ relation, name, kind, number, telephone, address, sex, bornOn }) {
  return {
    name: name.trim(),
    relation,
    identity_kind: kind,
    identity_number: plain(number).toUpperCase(),
    ...(plain(telephone) ? { telephone: plain(telephone) } : {}),
    ...(address.trim() ? { address: address.trim() } : {}),
    ...(kind === 'id_card' ? {} : { sex, born_on: bornOn }),
  }
}

module.exports = { FAMILY, RESIDENTS, PAPERS, SEXES, whatIsWrong, claimOf, lastBirthday: phoneDay }
