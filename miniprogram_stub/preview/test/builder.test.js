// What the builder makes of a project, and what it refuses.
'use strict'
const { test } = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { spawnSync } = require('node:child_process')
const { compile } = require('../builder/build.js')
const { fixture, temporary } = require('./support.js')

const refuses = (t, files, expected) => assert.rejects(compile(fixture(t, files)), { message: expected })

test('a sound project compiles', async (t) => {
  const { project } = await compile(fixture(t))
  assert.deepEqual(project.pages, ['pages/first/index', 'pages/tab/index', 'pages/second/index'])
})

test('rpx becomes a share of the width, vh a share of the page, and a tag a tag of the preview', async (t) => {
  const { styles } = await compile(fixture(t, { 'app.wxss': 'view { width: calc(75rpx + 1px); height: 50vh } page { --gap: 15rpx }' }))
  assert.match(styles, /wx-view\{width:calc\(10vw \+ 1px\);height:calc\(var\(--page-vh\) \* 50\)\}/)
  assert.match(styles, /\.preview-page\{--gap:2vw\}/)
})

test('rules of a page apply to that page alone', async (t) => {
  const { styles } = await compile(fixture(t, { 'pages/second/index.wxss': 'page { margin: 0 } .wide, view { top: 0 }' }))
  assert.match(styles, /\[data-page="pages\/second\/index"\]\{margin:0\}/)
  assert.match(styles, /\[data-page="pages\/second\/index"\] \.wide,\[data-page="pages\/second\/index"\] wx-view\{top:0\}/)
})

test('classes of a component carry its name', async (t) => {
  const { styles } = await compile(fixture(t))
  assert.match(styles, /\.components-card-index--row\{/)
  assert.match(styles, /\[wx-host="components-card-index"\]\{display:block\}/)
})

test('an imported style sheet is taken in', async (t) => {
  const { styles } = await compile(fixture(t, { 'parts/base.wxss': '.base { top: 15rpx }', 'app.wxss': '@import "./parts/base.wxss";' }))
  assert.match(styles, /\.base\{top:2vw\}/)
})

test('keyframes keep their percentages', async (t) => {
  const { styles } = await compile(fixture(t, { 'pages/second/index.wxss': '@keyframes turn { from { top: 0 } 50% { top: 1px } }' }))
  assert.match(styles, /@keyframes turn\{from\{top:0\}50%\{top:1px\}\}/)
})

test('an unclosed tag, of which the compiler only warns, is an error with its line', (t) =>
  refuses(t, { 'pages/second/index.wxml': '<view>\n<text>a</text>\n<view>' }, /^pages\/second\/index\.wxml:3:2: missing end tag/))

test('an unknown component is an error with its line', (t) =>
  refuses(t, { 'pages/second/index.wxml': '<view />\n<swiper />' }, /pages\/second\/index\.wxml:2:1: <swiper> is neither/))

test('a tag inside a comment, a script or a text is no component', async (t) => {
  const wxml = '<!-- <nothing /> --><wxs module="m">module.exports = "<nope>"</wxs><view hover-class="<no>">{{ 1 <two }}</view>'
  await compile(fixture(t, { 'pages/second/index.wxml': wxml }))
})

test('a component that is named but not used is an error', (t) =>
  refuses(t, { 'pages/second/index.json': '{"usingComponents":{"card":"/components/card/index"}}' }, /<card> is in usingComponents but never used/))

test('a missing file of a component is an error', (t) =>
  refuses(t, { 'components/card/index.wxml': null }, /"components\/card\/index\.wxml" is missing/))

test('a broken JSON file is an error with its line', (t) =>
  refuses(t, { 'pages/tab/index.json': '{\n "a": 1,\n}' }, /pages\/tab\/index\.json:3:1:/))

test('an unknown style property is an error with its line', (t) =>
  refuses(t, { 'app.wxss': '.a {\n  colour: red;\n}' }, /app\.wxss:2:3: colour: Unknown property/))

test('a style value that makes no sense is an error', (t) =>
  refuses(t, { 'app.wxss': '.a { color: 12rpx }' }, /app\.wxss:1:6: color: Mismatch/))

test('a style variable that is nowhere set is an error', (t) =>
  refuses(t, { 'app.wxss': 'page { --ink: #111 }\n.a { color: var(--ink); top: var(--inc) }' }, /^app\.wxss:2:34: --inc is nowhere set$/))

test('a component that styles tags is an error', (t) =>
  refuses(t, { 'components/card/index.wxss': 'view { top: 0 }' }, /a component may select by class only/))

test('a require of nothing is an error with its line', (t) =>
  refuses(t, { 'pages/tab/index.js': "\nrequire('./nowhere.js')" }, /pages\/tab\/index\.js:2:9: Could not resolve/))

test('a script that does not parse is an error with its line', (t) =>
  refuses(t, { 'pages/tab/index.js': 'Page({' }, /pages\/tab\/index\.js:1:7:/))

test('the main package may not require a script of a sub-package', async (t) => {
  const app = JSON.parse(fs.readFileSync(path.join(__dirname, 'fixture/app/app.json'), 'utf8'))
  const root = fixture(t, {
    'app.json': JSON.stringify({ ...app, pages: app.pages.slice(0, 2), subPackages: [{ root: 'pages/second', pages: ['index'] }] }),
    'pages/tab/index.js': "require('../second/index.js')",
  })
  await assert.rejects(compile(root), { message: /pages\/tab\/index\.js:1:1: requires "pages\/second\/index\.js" of another sub-package/ })
})

test('a tab of a page that is not in the main package is an error', async (t) => {
  const app = JSON.parse(fs.readFileSync(path.join(__dirname, 'fixture/app/app.json'), 'utf8'))
  app.tabBar.list[1].pagePath = 'pages/none/index'
  await refuses(t, { 'app.json': JSON.stringify(app) }, /tabBar page "pages\/none\/index" is not a page/)
})

test('everything that is wrong is told at once', (t) =>
  refuses(t, { 'app.wxss': '.a { colour: red }', 'pages/second/index.wxml': '<swiper />' }, /swiper[\s\S]*colour/))

test('the command line exits with 1 and names the place', (t) => {
  const root = fixture(t, { 'pages/second/index.wxml': '<view>' })
  const run = spawnSync(process.execPath, [path.join(__dirname, '../build.js'), root, temporary(t, 'out')], { encoding: 'utf8' })
  assert.equal(run.status, 1)
  assert.match(run.stderr, /^pages\/second\/index\.wxml:1:2: missing end tag/)
})
