// button, switch, checkbox, radio and their groups, label, form.
'use strict'
const { builtIn, componentOf, closest } = require('./common.js')
const { confirmPhoneNumber } = require('../consent.js')

const OPEN_TYPES = {
  getPhoneNumber: async (button) => button.triggerEvent('getphonenumber', await confirmPhoneNumber()),
  openSetting: async (button) => button.triggerEvent('opensetting', await wx.openSetting()),
  agreePrivacyAuthorization: async (button) => button.triggerEvent('agreeprivacyauthorization', {}),
}

const button = builtIn({
  properties: {
    type: { type: String, value: 'default' },
    size: { type: String, value: 'default' },
    plain: Boolean,
    disabled: Boolean,
    loading: Boolean,
    openType: String,
    formType: String,
  },
  observers: {
    disabled(value) {
      this.$$.toggleAttribute('data-disabled', value)
      this.$$.setAttribute('aria-disabled', String(value))
    },
    'type, size, plain, loading'(type, size, plain, loading) {
      this.$$.setAttribute('data-look', [type, size, plain ? 'plain' : '', loading ? 'loading' : ''].join(' '))
    },
    openType(value) {
      if (value && !(value in OPEN_TYPES)) throw new Error(`<button open-type="${value}"> is not in the preview`)
    },
  },
  lifetimes: {
    attached() {
      if (!this.data.ariaRole) this.$$.setAttribute('role', 'button')
      this.$$.tabIndex = 0
      this.addListener('tap', () => {
        if (this.data.openType) OPEN_TYPES[this.data.openType](this)
        const form = this.data.formType && closest(this, 'form')
        if (form) form[this.data.formType]()
      })
    },
  },
})

/**
 * A control with a state that a tap changes.
 * @param {string} role
 * @param {{properties?: Record<string, any>, change: () => void} & ThisType<any>} parts
 */
function control(role, parts) {
  return builtIn({
    properties: { checked: Boolean, disabled: Boolean, color: String, value: String, name: String, type: String, ...parts.properties },
    observers: {
      checked(value) {
        this.$$.setAttribute('aria-checked', String(value))
      },
      disabled(value) {
        this.$$.toggleAttribute('data-disabled', value)
        this.$$.setAttribute('aria-disabled', String(value))
      },
      ariaLabel(value) {
        this.$$.setAttribute('aria-label', value)
      },
    },
    lifetimes: {
      attached() {
        this.$$.setAttribute('role', role)
        this.$$.setAttribute('aria-checked', String(this.data.checked))
        this.addListener('tap', () => this.activate())
      },
    },
    methods: {
      activate() {
        if (!this.data.disabled) parts.change.call(this)
      },
      reset() {
        this.setData({ checked: false })
      },
      formValue() {
        return this.data.checked
      },
    },
  })
}

const toggle = control('switch', {
  change() {
    this.setData({ checked: !this.data.checked })
    this.triggerEvent('change', { value: this.data.checked })
  },
})

const members = (group, tag) => [...group.$$.querySelectorAll(`wx-${tag}`)].map(componentOf)
const chosen = (group, tag) => members(group, tag).filter((member) => member.data.checked).map((member) => member.data.value)

const checkbox = control('checkbox', {
  change() {
    this.setData({ checked: !this.data.checked })
    const group = closest(this, 'checkbox-group')
    if (group) group.triggerEvent('change', { value: chosen(group, 'checkbox') })
  },
})

const radio = control('radio', {
  change() {
    if (this.data.checked) return
    const group = closest(this, 'radio-group')
    if (group) for (const other of members(group, 'radio')) if (other !== this) other.setData({ checked: false })
    this.setData({ checked: true })
    if (group) group.triggerEvent('change', { value: this.data.value })
  },
})

function group(tag, value) {
  return builtIn({
    properties: { name: String },
    lifetimes: {
      attached() {
        this.$$.setAttribute('role', tag === 'radio' ? 'radiogroup' : 'group')
      },
    },
    methods: {
      formValue() {
        return value(chosen(this, tag))
      },
      reset() {
        for (const member of members(this, tag)) member.reset()
      },
    },
  })
}

const LABELLED = 'wx-switch, wx-checkbox, wx-radio, wx-input, wx-textarea'

const label = builtIn({
  properties: { for: String },
  lifetimes: {
    attached() {
      this.$$.addEventListener('click', (event) => {
        if (event.target.closest(LABELLED)) return
        const target = this.data.for
          ? this.ownerShadowRoot.querySelector(`#${this.data.for}`)
          : componentOf(this.$$.querySelector(LABELLED))
        if (target) target.activate()
      })
    },
  },
})

const form = builtIn({
  properties: { reportSubmit: Boolean },
  methods: {
    named() {
      const all = [...this.$$.querySelectorAll('*')].map(componentOf)
      return all.filter((component) => component && component.formValue && component.data.name)
    },
    submit() {
      const value = {}
      for (const component of this.named()) value[component.data.name] = component.formValue()
      this.triggerEvent('submit', { value })
    },
    reset() {
      for (const component of this.named()) component.reset()
      this.triggerEvent('reset', {})
    },
  },
})

module.exports = {
  button,
  switch: toggle,
  checkbox,
  'checkbox-group': group('checkbox', (values) => values),
  radio,
  'radio-group': group('radio', (values) => (values.length ? values[0] : '')),
  label,
  form,
}
