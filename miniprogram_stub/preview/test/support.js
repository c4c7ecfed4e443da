// A copy of the fixture project that a test may spoil, and a place for what is built of it.
'use strict'
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

function temporary(t, name) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `preview-${name}-`))
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The fixture with some of its files replaced: {'pages/first/index.wxml': '...'}; null removes one. */
function fixture(t, files = {}) {
  const root = temporary(t, 'project')
  fs.cpSync(path.join(__dirname, 'fixture'), root, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, 'app', name)
    if (text === null) fs.rmSync(file)
    else fs.writeFileSync(file, text)
  }
  return root
}

module.exports = { fixture, temporary }
