// Bundles app.js, the pages, the components and what they require, each still run on its own and in order.
'use strict'
const path = require('node:path')
const fs = require('node:fs')
const esbuild = require('esbuild')
const { packageOf } = require('./project.js')

/** An entry that hands every script to the runtime as a function, so that none runs before it should. */
function entryOf(project) {
  const names = ['app', ...project.units.keys()].filter((name) => fs.existsSync(path.join(project.root, `${name}.js`)))
  const scripts = names.map((name) => `${JSON.stringify(name)}: () => { require(${JSON.stringify(`./${name}.js`)}) }`)
  return `module.exports = {\n${scripts.join(',\n')}\n}`
}

function report(messages, root, problems) {
  for (const { text, location } of messages) {
    const file = location ? path.relative(root, path.resolve(root, location.file)) : 'app.js'
    problems.add(file, text, location ? location.line : 1, location ? location.column + 1 : 1)
  }
}

/** The main package is loaded alone at first, and sub-packages do not see each other. */
function checkImports(inputs, project, problems) {
  for (const [file, { imports }] of Object.entries(inputs)) {
    if (file === '<stdin>') continue
    for (const imported of imports) {
      const target = packageOf(imported.path, project.app)
      if (target && target !== packageOf(file, project.app)) {
        problems.add(file, `requires "${imported.path}" of another sub-package`)
      }
    }
  }
}

async function compileScripts(project, problems) {
  const result = await esbuild
    .build({
      stdin: { contents: entryOf(project), resolveDir: project.root, sourcefile: '<stdin>' },
      absWorkingDir: project.root,
      bundle: true,
      write: false,
      metafile: true,
      format: 'iife',
      globalName: '__previewScripts',
      platform: 'neutral',
      mainFields: [],
      target: 'es2019',
      sourcemap: 'inline',
      charset: 'utf8',
      logLevel: 'silent',
    })
    .catch((failure) => failure)
  report(result.errors || [], project.root, problems)
  report(result.warnings || [], project.root, problems)
  if (!result.outputFiles) return ''
  checkImports(result.metafile.inputs, project, problems)
  return result.outputFiles[0].text
}

/** The browser side of the preview itself. */
async function bundleRuntime(entry, outfile) {
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'iife',
    target: 'es2020',
    sourcemap: 'inline',
    charset: 'utf8',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
}

module.exports = { compileScripts, bundleRuntime }
