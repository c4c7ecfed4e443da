// Lists of what waits for somebody who signs: one whose rows are chosen and decided together, the others opened one by one.

const { yuan } = require('../../../services/money.js')
const { MOST_AT_ONCE } = require('../../../services/signing.js')

const FEW = 6

/**
 * @typedef {{text: string, tone?: '' | 'soft' | 'caution'}} RowLine
 * @typedef {{id: string, title: string, figure?: string, fen?: number, lines: RowLine[]}} Row
 * @typedef {{title: string, choose: boolean, rows: Row[]}} List
 * @typedef {Record<string, boolean>} Marks
 */

/** @param {List[]} lists @param {Marks} unchosen those that were taken out by hand */
const chosenOf = (lists, unchosen) =>
  lists.flatMap(({ choose, rows }) => (choose ? rows.filter(({ id }) => !unchosen[id]) : [])).slice(0, MOST_AT_ONCE)

/** @param {Row[]} rows @returns {string} what they come to, where they are sums of money */
const sumOf = (rows) => (rows.some(({ fen }) => fen !== undefined) ? yuan(rows.reduce((sum, { fen = 0 }) => sum + fen, 0)) : '')

Component({
  properties: {
    lists: { type: Array, value: /** @type {List[]} */ ([]) },
    /** 会签, 同意 */
    verb: String,
    /** 条, 张, 笔 */
    unit: String,
    acting: Boolean,
  },
  data: { unchosen: /** @type {Marks} */ ({}), whole: /** @type {Marks} */ ({}), shown: /** @type {any[]} */ ([]), chosen: 0, sum: '' },
  observers: {
    'lists, unchosen, whole'(/** @type {List[]} */ lists, /** @type {Marks} */ unchosen, /** @type {Marks} */ whole) {
      const chosen = chosenOf(lists, unchosen)
      this.setData({
        chosen: chosen.length,
        sum: sumOf(chosen),
        shown: lists.filter(({ rows }) => rows.length).map(({ title, choose, rows }, index) => ({
          key: String(index),
          title,
          choose,
          count: rows.length,
          rows: (whole[index] ? rows : rows.slice(0, FEW)).map((row) => ({
            ...row,
            lines: row.lines.map((line, at) => ({ ...line, key: String(at) })),
            chosen: choose && !unchosen[row.id],
          })),
        })),
      })
    },
  },
  methods: {
    /** @param {{currentTarget: {dataset: {id: string}}}} event */
    toggle({ currentTarget }) {
      const { id } = currentTarget.dataset
      this.setData({ unchosen: { ...this.data.unchosen, [id]: !this.data.unchosen[id] } })
    },

    chooseAll() {
      const rows = this.data.lists.filter(({ choose }) => choose).flatMap((list) => list.rows)
      this.setData({ unchosen: this.data.chosen ? Object.fromEntries(rows.map(({ id }) => [id, true])) : {} })
    },

    /** @param {{currentTarget: {dataset: {key: string}}}} event */
    showWhole({ currentTarget }) {
      this.setData({ whole: { ...this.data.whole, [currentTarget.dataset.key]: true } })
    },

    act() {
      const ids = chosenOf(this.data.lists, this.data.unchosen).map(({ id }) => id)
      if (ids.length && !this.data.acting) this.triggerEvent('act', { ids })
    },

    /** @param {{currentTarget: {dataset: {id: string}}}} event */
    open({ currentTarget }) {
      this.triggerEvent('open', { id: currentTarget.dataset.id })
    },
  },
})
