// Compiles WXML with WeChat's own compiler; what it only warns of is an error in a project's own files.
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const { TmplGroup } = require('glass-easel-template-compiler')
const { resolveReference } = require('./project.js')

const SYNTAX_TAGS = new Set(['block', 'slot', 'template', 'import', 'include', 'wxs'])

/** What WeChat gives to WXS and the generated code does not. */
const WXS_GLOBALS =
  'var getDate=function(a){return a===undefined?new Date():new Date(a)};' +
  'var getRegExp=function(a,b){return new RegExp(a,b)};'

/** The tags of well-formed WXML, with their lines. Comments, scripts and attribute values hold none. */
function listTags(source) {
  const blank = (text) => text.replace(/[^\n]/g, ' ')
  const bare = source
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/(<wxs\b[^>]*>)([\s\S]*?)(<\/wxs>)/g, (_, open, body, close) => open + blank(body) + close)
    .replace(/"[^"]*"|'[^']*'|\{\{[\s\S]*?\}\}/g, blank)
  const tags = []
  for (const match of bare.matchAll(/<([a-zA-Z][\w-]*)/g)) {
    tags.push({ name: match[1], line: bare.slice(0, match.index).split('\n').length })
  }
  return tags
}

function checkTags(unit, source, builtIn, app, problems) {
  const own = { ...app.usingComponents, ...unit.json.usingComponents }
  const used = new Set()
  for (const { name, line } of listTags(source)) {
    used.add(name)
    if (!SYNTAX_TAGS.has(name) && !builtIn.has(name) && !(name in own)) {
      problems.add(`${unit.path}.wxml`, `<${name}> is neither a component of the preview nor in usingComponents`, line)
    }
  }
  for (const name of Object.keys(unit.json.usingComponents || {})) {
    if (!used.has(name)) problems.add(`${unit.path}.json`, `<${name}> is in usingComponents but never used`)
  }
}

/** A group that holds one file and the templates and scripts that it imports. */
function addWithImports(group, root, name, problems, added) {
  if (added.has(name)) return
  added.add(name)
  const file = path.join(root, `${name}.wxml`)
  if (!fs.existsSync(file)) return
  const source = fs.readFileSync(file, 'utf8')
  for (const found of group.addTmpl(name, source)) {
    problems.add(`${name}.wxml`, found.message, found.startLine + 1, found.startColumn + 1)
  }
  for (const dependency of group.getDirectDependencies(name)) {
    const target = resolveReference(`/${dependency}`.replace(/\.wxml$/, ''), name)
    if (fs.existsSync(path.join(root, `${target}.wxml`))) addWithImports(group, root, target, problems, added)
    else problems.add(`${name}.wxml`, `"${dependency}" is missing`)
  }
  for (const dependency of group.getScriptDependencies(name)) addScript(group, root, dependency, name, problems)
}

function addScript(group, root, dependency, from, problems) {
  const name = dependency.replace(/\.wxs$/, '')
  const file = path.join(root, `${name}.wxs`)
  if (fs.existsSync(file)) group.addScript(name, fs.readFileSync(file, 'utf8'))
  else problems.add(`${from}.wxml`, `"${dependency}" is missing`)
}

/** JavaScript whose value maps the path of every page and component to its compiled template. */
function compileTemplates(project, builtIn, problems) {
  const group = new TmplGroup()
  const added = new Set()
  for (const unit of project.units.values()) {
    const file = path.join(project.root, `${unit.path}.wxml`)
    if (!fs.existsSync(file)) continue
    addWithImports(group, project.root, unit.path, problems, added)
    checkTags(unit, fs.readFileSync(file, 'utf8'), builtIn, project.app, problems)
  }
  const source = group.getTmplGenObjectGroups()
  group.free()
  return `(function(){${WXS_GLOBALS}return ${source}})()`
}

/** The same for the preview's own components, given as {name: {template}}. */
function compileBuiltIns(components) {
  const group = new TmplGroup()
  for (const [name, component] of Object.entries(components)) {
    const found = group.addTmpl(name, component.template || '')
    if (found.length) throw new Error(`<${name}>: ${found[0].message}`)
  }
  const source = group.getTmplGenObjectGroups()
  group.free()
  return source
}

module.exports = { compileTemplates, compileBuiltIns, listTags }
