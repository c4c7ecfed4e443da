// input and textarea: a real browser field inside the host.
'use strict'
const { builtIn, addNative } = require('./common.js')

const KEYBOARDS = { number: 'numeric', digit: 'decimal', idcard: 'text', text: 'text', nickname: 'text', 'safe-password': 'text' }
const SILENCED = ['input', 'change', 'focus', 'blur', 'keydown', 'keypress', 'keyup']

const properties = {
  value: { type: String, value: '' },
  name: String,
  type: { type: String, value: 'text' },
  password: Boolean,
  placeholder: String,
  placeholderStyle: String,
  placeholderClass: String,
  disabled: Boolean,
  maxlength: { type: Number, value: 140 },
  focus: Boolean,
  autoHeight: Boolean,
  confirmType: { type: String, value: 'done' },
  confirmHold: Boolean,
  cursorSpacing: Number,
  cursorColor: String,
  showConfirmBar: { type: Boolean, value: true },
  adjustPosition: { type: Boolean, value: true },
  alwaysEmbed: Boolean,
}

const observers = {
  value(value) {
    if (this.field.value !== value) this.field.value = value
    this.grow()
  },
  placeholder(value) {
    this.field.placeholder = value
  },
  disabled(value) {
    this.field.disabled = value
  },
  maxlength(value) {
    if (value < 0) this.field.removeAttribute('maxlength')
    else this.field.maxLength = value
  },
  type(value) {
    if (!(value in KEYBOARDS)) throw new Error(`<input type="${value}"> is not in the preview`)
    this.field.inputMode = KEYBOARDS[value]
  },
  password(value) {
    this.field.type = value ? 'password' : 'text'
  },
  focus(value) {
    if (value) setTimeout(() => this.field.focus())
  },
  ariaLabel(value) {
    this.field.setAttribute('aria-label', value)
  },
}

function field(tag) {
  return builtIn({
    template: '',
    properties,
    observers,
    lifetimes: {
      created() {
        this.field = addNative(this.$$, tag, SILENCED)
        this.field.maxLength = 140
      },
      attached() {
        const { field } = this
        setTimeout(() => this.grow())
        field.addEventListener('input', () => {
          this.setData({ value: field.value })
          this.grow()
          this.triggerEvent('input', { value: field.value, cursor: field.selectionStart })
        })
        field.addEventListener('focus', () => this.triggerEvent('focus', { value: field.value, height: 0 }))
        field.addEventListener('blur', () => this.triggerEvent('blur', { value: field.value }))
        field.addEventListener('keydown', (event) => {
          if (event.key === 'Enter' && tag === 'input') this.triggerEvent('confirm', { value: field.value })
        })
      },
    },
    methods: {
      /** As tall as what is written, where the page wants that. */
      grow() {
        if (!this.data.autoHeight) return
        this.$$.style.height = 'auto'
        this.field.style.height = 'auto'
        if (this.field.scrollHeight) this.field.style.height = `${this.field.scrollHeight}px`
      },
      formValue() {
        return this.field.value
      },
      activate() {
        this.field.focus()
      },
      reset() {
        this.setData({ value: '' })
      },
    },
  })
}

module.exports = { input: field('input'), textarea: field('textarea') }
