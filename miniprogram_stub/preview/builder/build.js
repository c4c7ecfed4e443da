// Builds a project into a folder that a browser can show.
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const { Problems } = require('./problems.js')
const { loadProject } = require('./project.js')
const { compileTemplates, compileBuiltIns } = require('./templates.js')
const { compileStyles, scopeNameOf } = require('./styles.js')
const { compileScripts, bundleRuntime } = require('./scripts.js')
const { components } = require('../runtime/components/index.js')

const RUNTIME = path.join(__dirname, '..', 'runtime')
const ASSETS = /\.(png|jpe?g|gif|webp)$/i

/** Everything about the project that the runtime needs besides its scripts. */
function describe(project) {
  const units = {}
  for (const unit of project.units.values()) {
    units[unit.path] = { kind: unit.kind, json: unit.json, scope: unit.kind === 'component' ? scopeNameOf(unit.path) : '' }
  }
  return { app: project.app, pages: project.pages, tabPages: project.tabPages, units }
}

function copyAssets(from, to) {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name)
    const target = path.join(to, entry.name)
    if (entry.isDirectory()) copyAssets(source, target)
    else if (ASSETS.test(entry.name)) {
      fs.mkdirSync(to, { recursive: true })
      fs.copyFileSync(source, target)
    }
  }
}

/** Everything short of writing; throws BuildFailed with all that is wrong. */
async function compile(projectRoot) {
  const problems = new Problems()
  const project = loadProject(projectRoot, problems)
  if (!project) problems.throwIfAny()
  const templates = compileTemplates(project, new Set(Object.keys(components)), problems)
  const styles = compileStyles(project, problems)
  const scripts = await compileScripts(project, problems)
  problems.throwIfAny()
  return { project, templates, styles, scripts }
}

async function build(projectRoot, outDir) {
  const { project, templates, styles, scripts } = await compile(projectRoot)
  fs.rmSync(outDir, { recursive: true, force: true })
  fs.mkdirSync(outDir, { recursive: true })
  const data = [
    `window.__previewProject = ${JSON.stringify(describe(project))}`,
    `window.__previewTemplates = ${templates}`,
    `window.__previewBuiltIns = ${compileBuiltIns(components)}`,
  ]
  fs.writeFileSync(path.join(outDir, 'templates.js'), data.join('\n'))
  fs.writeFileSync(path.join(outDir, 'app.js'), scripts)
  fs.writeFileSync(path.join(outDir, 'app.css'), styles)
  await bundleRuntime(path.join(RUNTIME, 'main.js'), path.join(outDir, 'runtime.js'))
  for (const name of ['phone.html', 'phone.css', 'desk.html', 'desk.js']) {
    fs.copyFileSync(path.join(RUNTIME, name), path.join(outDir, name))
  }
  copyAssets(project.root, path.join(outDir, 'app'))
  return project
}

module.exports = { build, compile }
