// Sets up glass-easel: the backend that draws, the code space that holds the project, the scripts' globals.
'use strict'
const { MiniProgramEnv, glassEasel } = require('glass-easel-miniprogram-adapter')
const { components } = require('./components/index.js')
const { beginTap } = require('./tapping.js')

const convertRpx = (style) => style.replace(/(-?[\d.]+)rpx\b/g, (_, value) => `${Number(value) / 7.5}vw`)

/** Browser elements never carry a component's bare tag: <button> and <input> are other things here and there. */
function createElement(tag) {
  const element = document.createElement(`wx-${tag}`)
  element.setAttribute = (name, value) => {
    Element.prototype.setAttribute.call(element, name, name === 'style' ? convertRpx(value) : value)
  }
  return element
}

class PreviewBackend extends glassEasel.CurrentWindowBackendContext {
  constructor() {
    super()
    this.document = /** @type {any} */ ({
      createElement,
      createTextNode: (text) => document.createTextNode(text),
      createDocumentFragment: () => document.createDocumentFragment(),
    })
    this.onEvent((target, type, detail, options) => {
      if (type === 'tap' && /** @type {any} */ (options.originalEvent).target.closest('[data-disabled]')) return undefined
      if (type === 'tap') beginTap()
      const event = new glassEasel.Event(type, detail, options)
      glassEasel.Event.dispatchEvent(target, event)
      return event.getEventBubbleStatus()
    })
  }
}

const templateOf = (all, name) => ({ groupList: all, content: all[name] })

function defineBuiltIns(space, templates) {
  for (const [name, definition] of Object.entries(components)) {
    const component = space.defineComponent({ ...definition, is: `built-in/${name}`, template: templateOf(templates, name) })
    space.setGlobalUsingComponent(name, component)
  }
}

function createEngine(project, templates, builtInTemplates) {
  const env = new MiniProgramEnv()
  const backend = env.associateBackend(new PreviewBackend())
  const codeSpace = env.createCodeSpace('app', true)
  defineBuiltIns(codeSpace.getComponentSpace(), builtInTemplates)
  for (const [path, unit] of Object.entries(project.units)) {
    const usingComponents = { ...project.app.usingComponents, ...unit.json.usingComponents }
    codeSpace.addComponentStaticConfig(path, { ...unit.json, usingComponents })
    codeSpace.addCompiledTemplate(path, templateOf(templates, path))
    codeSpace.addStyleSheet(path, undefined, unit.scope)
  }
  return { backend, codeSpace }
}

/** Runs the script of a page or component with its Page, Component and Behavior. */
function runScripts(codeSpace, project, scripts) {
  for (const [path, unit] of Object.entries(project.units)) {
    if (unit.kind === 'component') codeSpace.globalComponentEnv(window, path, scripts[path])
  }
  for (const path of project.pages) codeSpace.globalComponentEnv(window, path, scripts[path])
}

module.exports = { createEngine, runScripts, glassEasel }
