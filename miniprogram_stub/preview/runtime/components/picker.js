// picker in its modes selector, date and time: a sheet with the browser's own controls.
'use strict'
const { builtIn } = require('./common.js')
const { openSheet } = require('../overlay.js')

const INPUT_TYPES = { 'date day': 'date', 'date month': 'month', 'time day': 'time' }

function listOf(picker) {
  const { range, rangeKey, value } = picker.data
  const list = document.createElement('select')
  list.size = Math.min(Math.max(range.length, 2), 8)
  range.forEach((item, index) => list.add(new Option(rangeKey ? item[rangeKey] : item, String(index))))
  list.selectedIndex = Number(value) || 0
  return list
}

function fieldOf(picker) {
  const { mode, fields, value, start, end } = picker.data
  const type = INPUT_TYPES[`${mode} ${fields}`]
  if (!type) throw new Error(`<picker mode="${mode}" fields="${fields}"> is not in the preview`)
  return Object.assign(document.createElement('input'), { type, value, min: start, max: end })
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
      if (this.data.disabled) return
      const choice = this.data.mode === 'selector' ? listOf(this) : fieldOf(this)
      const done = await openSheet({ title: this.data.headerText, content: choice, buttons: ['取消', '确定'] })
      if (done !== 1) return this.triggerEvent('cancel', {})
      this.setData({ value: choice.value })
      this.triggerEvent('change', { value: choice.value })
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
