// What every built-in component has: hidden, hover-class, and the aria-* attributes that WeChat passes on.
'use strict'

const ARIA = ['role', 'label', 'hidden', 'checked', 'disabled', 'live', 'expanded', 'selected', 'labelledby', 'describedby']

const ariaAttribute = (name) => (name === 'role' ? 'role' : `aria-${name}`)
const ariaProperty = (name) => `aria${name[0].toUpperCase()}${name.slice(1)}`

function setAttribute(host, name, value) {
  if (value === '' || value === null || value === undefined) host.removeAttribute(name)
  else host.setAttribute(name, String(value))
}

function ariaParts() {
  const properties = {}
  /** @type {Functions} */
  const observers = {}
  for (const name of ARIA) {
    properties[ariaProperty(name)] = { type: null, value: '' }
    observers[ariaProperty(name)] = function (value) {
      setAttribute(this.$$, ariaAttribute(name), value)
    }
  }
  return { properties, observers }
}

const HOVER_SEGMENT = 3

function startHover() {
  if (this.data.hoverClass === '' || this.data.hoverClass === 'none' || this.data.disabled) return
  this.setNodeClass(this.data.hoverClass, HOVER_SEGMENT)
  const stop = () => setTimeout(() => this.setNodeClass('', HOVER_SEGMENT), 70)
  for (const name of ['touchend', 'touchcancel', 'mouseup']) addEventListener(name, stop, { once: true, capture: true })
}

/**
 * @typedef {Record<string, any> & ThisType<any>} Functions
 * @typedef {{template?: string, properties?: Record<string, any>, observers?: Functions, lifetimes?: Functions, methods?: Functions}} Parts
 */

/** A page may still set data when it has been left; then there is nothing to draw on. */
function whileDrawn(observers) {
  const guarded = Object.entries(observers).map(([name, observer]) => [
    name,
    function (...values) {
      if (this.$$) observer.apply(this, values)
    },
  ])
  return Object.fromEntries(guarded)
}

/**
 * Adds the common parts to the definition of a built-in component.
 * @param {Parts} parts
 * @returns {Parts}
 */
function builtIn({ properties = {}, observers = {}, lifetimes = {}, ...rest }) {
  const aria = ariaParts()
  const attached = lifetimes.attached
  return {
    template: '<slot/>',
    ...rest,
    properties: {
      hidden: Boolean,
      hoverClass: String,
      hoverStayTime: Number,
      hoverStartTime: Number,
      ...aria.properties,
      ...properties,
    },
    observers: whileDrawn({
      hidden(value) {
        this.$$.toggleAttribute('hidden', value)
      },
      ...aria.observers,
      ...observers,
    }),
    lifetimes: {
      ...lifetimes,
      attached() {
        for (const name of ['touchstart', 'mousedown']) this.$$.addEventListener(name, startHover.bind(this))
        if (attached) attached.call(this)
      },
    },
  }
}

/** Puts a browser element inside a host; its own events must not reach listeners of the same name on the host. */
function addNative(host, tag, silenced) {
  const element = document.createElement(tag)
  for (const name of silenced) element.addEventListener(name, (event) => event.stopPropagation())
  host.appendChild(element)
  return element
}

/** The component instance that a browser element belongs to. */
function componentOf(element) {
  return element && element.__wxElement
}

function closest(component, tag) {
  return componentOf(component.$$.parentElement && component.$$.parentElement.closest(`wx-${tag}`))
}

module.exports = { builtIn, addNative, componentOf, closest }
