// The form of a record, drawn from its kind's entry alone: what each field shows, holds and lacks.

const { dayAndWeekday } = require('../../services/clock.js')
const { plain } = require('../../services/typing.js')

/** So many choices stand side by side; more are chosen from a list. */
const FEW_CHOICES = 6

/** @type {Partial<Record<FieldKind, 'number' | 'digit'>>} the pad of each sort of number */
const PADS = { count: 'number', hours: 'digit' }

/** @typedef {Record<string, string>} Typed what stands in the form, by field */

/** @param {KindEntry} entry @param {FieldValues} values @returns {Typed} */
function typedOf(entry, values) {
  /** @type {Typed} */
  const typed = {}
  for (const { name } of entry.fields) {
    const value = values[name]
    typed[name] = value === undefined || value === null ? '' : String(value)
  }
  return typed
}

/** @param {KindField} field @param {string} text @returns {string | number | null} what is sent, null where nothing was said */
function valueOf(field, text) {
  if (!(field.kind in PADS)) return text.trim() || null
  const number = plain(text)
  return /^\d+(\.\d+)?$/.test(number) ? Number(number) : number || null
}

/** @param {KindEntry} entry @param {Typed} typed @returns {FieldValues} */
function valuesOf(entry, typed) {
  /** @type {FieldValues} */
  const values = {}
  for (const field of entry.fields) {
    const value = valueOf(field, typed[field.name] || '')
    if (value !== null) values[field.name] = value
  }
  return values
}

/** A value as it is read. @param {KindField} field @param {string | number} value */
function wordOf(field, value) {
  if (field.kind === 'choice') return (field.choices.find((choice) => choice.value === value) || { label: String(value) }).label
  if (field.kind === 'day') return dayAndWeekday(String(value))
  return `${value}${field.kind in PADS ? field.unit : ''}`
}

/** @param {KindField} field @param {string} text */
const looksOf = (field, text) => ({
  ...field,
  text,
  pad: PADS[field.kind] || '',
  few: field.kind === 'choice' && field.choices.length <= FEW_CHOICES,
  chosen: field.choices.findIndex(({ value }) => value === text),
  shown: text ? wordOf(field, text) : '请选择',
  mark: field.required ? '' : '（选填）',
})

/** @param {KindEntry} entry @param {Typed} typed */
const fieldsOf = (entry, typed) => entry.fields.map((field) => looksOf(field, typed[field.name] || ''))

/** What was said last time and is not said yet. @param {KindEntry} entry @param {FieldValues} last @param {Typed} typed @returns {{values: Typed, words: string} | null} */
function offerOf(entry, last, typed) {
  const fields = entry.fields.filter(({ name, remembered }) => remembered && last[name] !== undefined && last[name] !== null && !typed[name])
  if (!fields.length) return null
  const words = fields.map((field) => `${field.label} ${wordOf(field, /** @type {string | number} */ (last[field.name]))}`).join('，')
  return { values: Object.fromEntries(fields.map(({ name }) => [name, String(last[name])])), words }
}

/** @param {KindField} field @param {string | number} value */
function faultOf(field, value) {
  const { kind, label, maximum, unit } = field
  if (!(kind in PADS)) return ''
  if (typeof value !== 'number' || (kind === 'count' && !Number.isInteger(value))) return `${label}请填数字。`
  if (value > maximum) return `${label}最多 ${maximum} ${unit}，请核对。`
  return kind === 'hours' && (value * 2) % 1 ? `${label}按半${unit}填写，例如 1.5。` : ''
}

/**
 * What has to be said before it can be handed in; the server knows the rest.
 * @param {KindEntry} entry @param {FieldValues} values @param {boolean} complete a draft may lack what is required
 * @returns {Record<string, string>}
 */
function whatIsWrong(entry, values, complete) {
  /** @type {Record<string, string>} */
  const errors = {}
  for (const field of entry.fields) {
    const value = values[field.name]
    if (value !== undefined && value !== null) errors[field.name] = faultOf(field, value)
    else if (field.required && complete) errors[field.name] = `请${field.choices.length || field.kind === 'day' ? '选' : '填写'}${field.label}。`
  }
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error))
}

module.exports = { typedOf, valuesOf, fieldsOf, offerOf, whatIsWrong }
