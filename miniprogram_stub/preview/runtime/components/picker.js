// picker in its modes selector, multiSelector, date and time: a sheet with the browser's own controls.
'use strict'
const { builtIn } = require('./common.js')
const { openSheet } = require('../overlay.js')

const INPUT_TYPES = { 'date day': 'date', 'date month': 'month', 'time day': 'time' }

function listOf(items, rangeKey, chosen) {
  const list = document.createElement('select')
  list.size = Math.min(Math.max(items.length, 2), 8)
  items.forEach((item, index) => list.add(new Option(rangeKey ? item[rangeKey] : item, String(index))))
  list.selectedIndex = Number(chosen) || 0
  return list
}

/** Lists beside each other; a page may answer the change of one by giving the others new items. */
function columnsOf(picker) {
  const element = document.createElement('div')
  element.className = 'preview-columns'
  /** @type {HTMLSelectElement[]} */
  let lists = []
  const chosen = () => lists.map((list) => list.selectedIndex)
  const draw = () => {
    const { range, rangeKey, value } = picker.data
    lists = range.map((items, column) => listOf(items, rangeKey, value[column]))
    element.replaceChildren(...lists)
    lists.forEach((list, column) => {
      list.onchange = () => {
        picker.setData({ value: chosen() })
        picker.triggerEvent('columnchange', { column, value: list.selectedIndex })
        if (picker.data.range !== range) draw()
      }
    })
  }
  draw()
  return { element, chosen }
}

function fieldOf(picker) {
  const { mode, fields, value, start, end } = picker.data
  const type = INPUT_TYPES[`${mode} ${fields}`]
  if (!type) throw new Error(`<picker mode="${mode}" fields="${fields}"> is not in the preview`)
  return Object.assign(document.createElement('input'), { type, value, min: start, max: end })
}

/** What to show for a mode, and what is chosen in it. */
function choiceOf(picker) {
  const { mode, range, rangeKey, value } = picker.data
  if (mode === 'multiSelector') return columnsOf(picker)
  const element = mode === 'selector' ? listOf(range, rangeKey, value) : fieldOf(picker)
  return { element, chosen: () => element.value }
}

const picker = builtIn({
  properties: {
    mode: { type: String, value: 'selector' },
    range: { type: Array, value: [] },
    rangeKey: String,
    value: { type: null, value: '' },
    start: String,
    end: String,
    fields: { type: String, value: 'day' },
    disabled: Boolean,
    headerText: String,
    name: String,
  },
  lifetimes: {
    attached() {
      if (!this.data.ariaRole) this.$$.setAttribute('role', 'button')
      this.addListener('tap', () => this.activate())
    },
  },
  methods: {
    async activate() {
      const { disabled, value: before, headerText } = this.data
      if (disabled) return
      const { element, chosen } = choiceOf(this)
      const done = await openSheet({ title: headerText, content: element, buttons: ['取消', '确定'] })
      const value = done === 1 ? chosen() : before
      this.setData({ value })
      this.triggerEvent(done === 1 ? 'change' : 'cancel', done === 1 ? { value } : {})
    },
    formValue() {
      return this.data.value
    },
    reset() {
      this.setData({ value: '' })
    },
  },
})

module.exports = { picker }
