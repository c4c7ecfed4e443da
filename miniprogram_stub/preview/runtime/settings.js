// What a developer or a test decides about the imagined phone and its owner.
'use strict'

const KEY = '__preview:settings'

const defaults = {
  openid: 'preview-user',
  phone: '13800000000',
  longitude: 116.397,
  latitude: 39.909,
  accuracy: 30,
  /** granted, denied (the mini-program may not), off (the phone's own switch), timeout (no fix) */
  location: 'granted',
  online: true,
  /** ask, always (the person chose 总是保持以上选择 and accepts), off (no messages at all) */
  messages: 'ask',
  fontSize: 16,
}

const TYPES = { number: Number, boolean: (text) => text === 'true' || text === '1', string: String }

function fromQuery(query) {
  const found = {}
  for (const [name, text] of new URLSearchParams(query)) {
    if (name in defaults) found[name] = TYPES[typeof defaults[name]](text)
  }
  return found
}

const settings = { ...defaults }
const listeners = []

function apply() {
  document.documentElement.style.setProperty('--system-font-size', `${settings.fontSize}px`)
  localStorage.setItem(KEY, JSON.stringify(settings))
}

function change(values) {
  for (const name of Object.keys(values)) {
    if (!(name in defaults)) throw new Error(`there is no setting "${name}"`)
  }
  const before = { ...settings }
  Object.assign(settings, values)
  apply()
  for (const listener of listeners) listener(settings, before)
}

/** What was set last time, and over it what the address says. */
function loadSettings() {
  Object.assign(settings, JSON.parse(localStorage.getItem(KEY) || '{}'), fromQuery(location.search))
  apply()
}

module.exports = { settings, loadSettings, change, onChange: (listener) => listeners.push(listener) }
