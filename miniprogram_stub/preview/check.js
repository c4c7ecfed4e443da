// node check.js: the project's WXML, WXSS, JSON and requires; then the types of the project and of this tool.
'use strict'
const path = require('node:path')
const { spawnSync } = require('node:child_process')
const { compile } = require('./builder/build.js')
const { BuildFailed } = require('./builder/problems.js')

function checkTypes(config) {
  const tsc = require.resolve('typescript/bin/tsc')
  return spawnSync(process.execPath, [tsc, '-p', path.join(__dirname, config)], { stdio: 'inherit' }).status === 0
}

async function main() {
  const { project } = await compile(path.join(__dirname, '..'))
  const ok = ['tsconfig.app.json', 'tsconfig.json'].map(checkTypes).every(Boolean)
  if (!ok) process.exit(1)
  console.log(`${project.pages.length} pages, ${project.units.size - project.pages.length} components: nothing wrong`)
}

main().catch((error) => {
  console.error(error instanceof BuildFailed ? error.message : error)
  process.exit(1)
})
