// Reads a DevTools project: project.config.json, app.json, and every page and component that they reach.
'use strict'
const fs = require('node:fs')
const path = require('node:path')

/**
 * @typedef {{path: string, kind: 'page' | 'component', json: any, packageRoot: string}} Unit
 * @typedef {{root: string, app: any, pages: string[], tabPages: string[], units: Map<string, Unit>}} Project
 */

function lineOfOffset(text, offset) {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: before[before.length - 1].length + 1 }
}

function readJson(file, name, problems) {
  if (!fs.existsSync(file)) {
    problems.add(name, 'the file is missing')
    return null
  }
  const text = fs.readFileSync(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    const at = /position (\d+)/.exec(error.message)
    const { line, column } = lineOfOffset(text, at ? Number(at[1]) : 0)
    problems.add(name, error.message, line, column)
    return null
  }
}

/** The pages of app.json, sub-packages included, each with the package that it belongs to. */
function listPages(app) {
  const pages = (app.pages || []).map((page) => ({ path: page, packageRoot: '' }))
  for (const sub of app.subPackages || app.subpackages || []) {
    const root = sub.root.replace(/^\/|\/$/g, '')
    for (const page of sub.pages) pages.push({ path: `${root}/${page}`, packageRoot: `${root}/` })
  }
  return pages
}

function resolveReference(reference, from) {
  const joined = reference.startsWith('/')
    ? reference.slice(1)
    : path.posix.join(path.posix.dirname(from), reference)
  return path.posix.normalize(joined)
}

function packageOf(unitPath, app) {
  const roots = (app.subPackages || app.subpackages || []).map((sub) => sub.root.replace(/^\/|\/$/g, '') + '/')
  return roots.find((root) => unitPath.startsWith(root)) || ''
}

function checkAppJson(app, pages, root, problems) {
  if (app.lazyCodeLoading !== 'requiredComponents') {
    problems.add('app.json', '"lazyCodeLoading" must be "requiredComponents": glass-easel needs it')
  }
  const tabs = app.tabBar ? app.tabBar.list : []
  if (app.tabBar && (tabs.length < 2 || tabs.length > 5)) problems.add('app.json', 'a tabBar has 2 to 5 items')
  for (const tab of tabs) {
    if (!(app.pages || []).includes(tab.pagePath)) {
      problems.add('app.json', `tabBar page "${tab.pagePath}" is not a page of the main package`)
    }
    for (const icon of [tab.iconPath, tab.selectedIconPath]) {
      if (icon && !fs.existsSync(path.join(root, icon))) problems.add('app.json', `"${icon}" is missing`)
    }
  }
  const seen = new Set()
  for (const page of pages) {
    if (seen.has(page.path)) problems.add('app.json', `page "${page.path}" is listed twice`)
    seen.add(page.path)
  }
}

/** @returns {Project | null} */
function loadProject(projectRoot, problems) {
  const config = readJson(path.join(projectRoot, 'project.config.json'), 'project.config.json', problems)
  if (!config) return null
  if (config.componentFramework !== 'glass-easel') {
    problems.add('project.config.json', '"componentFramework" must be "glass-easel"')
  }
  const root = path.join(projectRoot, config.miniprogramRoot || '.')
  const app = readJson(path.join(root, 'app.json'), 'app.json', problems)
  if (!app) return null
  const pages = listPages(app)
  checkAppJson(app, pages, root, problems)

  const units = new Map()
  const waiting = pages.map((page) => ({ path: page.path, kind: 'page', from: 'app.json' }))
  const use = (components, from) => {
    for (const reference of Object.values(components || {})) {
      waiting.push({ path: resolveReference(reference, from), kind: 'component', from })
    }
  }
  use(app.usingComponents, 'app')
  while (waiting.length) {
    const { path: unitPath, kind, from } = waiting.shift()
    if (units.has(unitPath)) continue
    const unit = { path: unitPath, kind, json: {}, packageRoot: packageOf(unitPath, app) }
    units.set(unitPath, unit)
    for (const extension of ['js', 'wxml']) {
      if (!fs.existsSync(path.join(root, `${unitPath}.${extension}`))) {
        problems.add(from, `"${unitPath}.${extension}" is missing`)
      }
    }
    const jsonFile = path.join(root, `${unitPath}.json`)
    unit.json = readJson(jsonFile, `${unitPath}.json`, problems) || {}
    if (kind === 'component' && unit.json.component !== true) {
      problems.add(`${unitPath}.json`, 'a component needs "component": true')
    }
    use(unit.json.usingComponents, unitPath)
  }
  for (const unit of units.values()) checkPackageBorders(unit, units, problems)
  return {
    root,
    app,
    pages: pages.map((page) => page.path),
    tabPages: (app.tabBar ? app.tabBar.list : []).map((tab) => tab.pagePath),
    units,
  }
}

/** A component of one sub-package is not there yet when another package is shown. */
function checkPackageBorders(unit, units, problems) {
  for (const reference of Object.values(unit.json.usingComponents || {})) {
    const target = units.get(resolveReference(reference, unit.path))
    if (target && target.packageRoot && target.packageRoot !== unit.packageRoot) {
      problems.add(`${unit.path}.json`, `"${reference}" lies in another sub-package`)
    }
  }
}

module.exports = { loadProject, resolveReference, packageOf }
