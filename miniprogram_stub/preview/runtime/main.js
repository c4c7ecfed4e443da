// Starts the project in this browser window.
'use strict'
const { createEngine, runScripts, glassEasel } = require('./engine.js')
const camera = require('./camera.js')
const { Navigation } = require('./navigation.js')
const { createWx } = require('./wx/index.js')
const { fail, failures, watchForFailures } = require('./failure.js')
const { settings, change, loadSettings } = require('./settings.js')

const project = window.__previewProject
const scripts = window.__previewScripts
watchForFailures(glassEasel)
loadSettings()

const engine = createEngine(project, window.__previewTemplates, window.__previewBuiltIns)
const navigation = new Navigation(project, engine, document.getElementById('screen'))

let app = {}
Object.assign(window, {
  wx: createWx(project.app, navigation),
  App: (definition) => {
    app = definition
  },
  getApp: () => app,
  getCurrentPages: () => navigation.stack.map((page) => page.caller),
})

function call(name, ...args) {
  if (typeof app[name] === 'function') app[name](...args)
}

let visible = true
/** The mini-program goes to the background, or comes back. */
function setVisible(value, options) {
  if (value === visible) return
  visible = value
  if (value) call('onShow', options)
  if (navigation.top) value ? navigation.call(navigation.top, 'onShow') : navigation.hide(navigation.top)
  if (!value) call('onHide')
}

/** What tests and the developers' desk hold on to. */
window.__preview = {
  settings,
  change,
  failures,
  hide: () => setVisible(false),
  show: () => setVisible(true, launchOptions()),
  pullDown: () => navigation.pullDown(),
  /** What the next wx.scanCode reads; null: the person turns back. */
  showCamera: (text) => camera.show(text),
  currentPage: () => navigation.top && navigation.top.path,
}

function launchOptions() {
  const [path, query = ''] = (new URLSearchParams(location.search).get('launch') || project.app.entryPagePath || project.pages[0]).split('?')
  return { path, query: Object.fromEntries(new URLSearchParams(query)), scene: 1001, shareTicket: '', referrerInfo: {} }
}

try {
  scripts.app()
  runScripts(engine.codeSpace, project, scripts)
  const options = launchOptions()
  call('onLaunch', options)
  call('onShow', options)
  navigation.enter(options.path, options.query)
} catch (error) {
  fail(error)
}
document.addEventListener('visibilitychange', () => setVisible(!document.hidden, launchOptions()))
