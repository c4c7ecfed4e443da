// The kinds of records and what each asks for: the server's table, kept for days without a network; what I use most.

const { fetchKindTable, fetchLastValues } = require('./activities.js')
const { asFailure } = require('./errors.js')

const TABLE = 'kind-table'
const USES = 'kind-uses'
const LAST = 'last-values'
const MANY = 4

/** @returns {KindTable | null} */
const knownTable = () => wx.getStorageSync(TABLE) || null

/** @returns {Promise<KindTable>} what the server says, or said when it last answered */
async function loadTable() {
  try {
    const table = await fetchKindTable()
    wx.setStorageSync(TABLE, table)
    return table
  } catch (error) {
    const known = asFailure(error) && knownTable()
    if (!known) throw error
    return known
  }
}

/** @param {KindTable} table @returns {KindEntry[]} */
const entriesOf = (table) => table.groups.flatMap(({ kinds }) => kinds)

/** @param {KindTable} table @param {string} kind @returns {KindEntry | null} */
const entryOf = (table, kind) => entriesOf(table).find((entry) => entry.kind === kind) || null

/** @returns {Record<string, number>} */
const uses = () => wx.getStorageSync(USES) || {}

/** @param {string} kind */
const noteUse = (kind) => wx.setStorageSync(USES, { ...uses(), [kind]: (uses()[kind] || 0) + 1 })

/** What my records say besides, of what was written on another phone. @param {string[]} kinds */
function learnUses(kinds) {
  const counted = uses()
  for (const kind of new Set(kinds)) counted[kind] = Math.max(counted[kind] || 0, kinds.filter((other) => other === kind).length)
  wx.setStorageSync(USES, counted)
}

/** The kinds that I write most, the most frequent first. @param {KindTable} table @returns {KindEntry[]} */
function mostUsed(table) {
  const counted = uses()
  const used = entriesOf(table).filter(({ kind }) => counted[kind])
  return used.sort((one, other) => counted[other.kind] - counted[one.kind]).slice(0, MANY)
}

/** @returns {Record<string, LastValues>} */
const lastOnes = () => wx.getStorageSync(LAST) || {}

/** @param {string} kind @param {LastValues} values */
const keepLast = (kind, values) => wx.setStorageSync(LAST, { ...lastOnes(), [kind]: values })

/** What the phone knows of my last record of a kind. @param {string} kind @returns {FieldValues} */
const knownLast = (kind) => (lastOnes()[kind] || { fields: {} }).fields

/** What my last record of a kind said, as well as can be known now. @param {string} kind @returns {Promise<FieldValues>} */
async function loadLast(kind) {
  try {
    keepLast(kind, await fetchLastValues(kind))
  } catch (error) {
    asFailure(error)
  }
  return knownLast(kind)
}

/** Remembers what was just written, for a next one without a network. @param {KindEntry} entry @param {FieldValues} fields */
function noteLast(entry, fields) {
  /** @type {FieldValues} */
  const remembered = {}
  for (const { name, remembered: kept } of entry.fields) if (kept && fields[name] !== undefined) remembered[name] = fields[name]
  keepLast(entry.kind, { fields: remembered, dispatch_id: null })
}

/** What one person wrote is not offered to the next. */
function forgetUses() {
  wx.removeStorageSync(USES)
  wx.removeStorageSync(LAST)
}

module.exports = { knownTable, loadTable, entryOf, noteUse, learnUses, mostUsed, knownLast, loadLast, noteLast, forgetUses }
