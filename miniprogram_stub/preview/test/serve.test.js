// The server: what it shows, what it passes on, and what becomes of a backend that is away.
'use strict'
const { test } = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const http = require('node:http')
const path = require('node:path')
const { spawnSync } = require('node:child_process')
const { createServer } = require('../serve.js')
const { fixture, temporary } = require('./support.js')

const listen = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)))

/** Answers with what it was asked. */
async function echo(t) {
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.writeHead(201, { 'content-type': 'application/json', date: 'Sat, 01 Aug 2026 00:00:00 GMT' })
    response.end(JSON.stringify({ url: request.url, method: request.method, key: request.headers['idempotency-key'], body }))
  })
  t.after(() => server.close())
  return listen(server)
}

async function preview(t, options = {}) {
  const projectRoot = fixture(t)
  const away = 'http://127.0.0.1:9'
  const { server } = createServer({ projectRoot, outDir: temporary(t, 'out'), api: away, wechat: away, ...options })
  t.after(() => server.close())
  return { origin: await listen(server), projectRoot }
}

test('the phone and the desk are shown', async (t) => {
  const { origin } = await preview(t)
  assert.match(await (await fetch(`${origin}/phone`)).text(), /id="screen"/)
  assert.match(await (await fetch(`${origin}/`)).text(), /id="desk"/)
  assert.equal((await fetch(`${origin}/__preview/runtime.js`)).status, 200)
})

test('a request below /api reaches the backend as it was, and so does its answer', async (t) => {
  const { origin } = await preview(t, { api: await echo(t) })
  const answer = await fetch(`${origin}/api/v1/check-ins?a=1`, { method: 'POST', headers: { 'idempotency-key': 'k' }, body: '{}' })
  assert.equal(answer.status, 201)
  assert.equal(answer.headers.get('date'), 'Sat, 01 Aug 2026 00:00:00 GMT')
  assert.deepEqual(await answer.json(), { url: '/api/v1/check-ins?a=1', method: 'POST', key: 'k', body: '{}' })
})

test('codes are asked of whatever plays WeChat', async (t) => {
  const { origin } = await preview(t, { wechat: await echo(t) })
  const answer = await (await fetch(`${origin}/__preview/wechat/login-codes`, { method: 'POST', body: '{"openid":"o"}' })).json()
  assert.equal(answer.url, '/standin/login-codes')
  assert.equal(answer.body, '{"openid":"o"}')
})

test('a backend that is away looks like a network that is away', async (t) => {
  const { origin } = await preview(t)
  await assert.rejects(fetch(`${origin}/api/v1/me`))
})

test('nothing outside what was built is served', async (t) => {
  const { origin } = await preview(t)
  await fetch(`${origin}/phone`)
  assert.equal((await fetch(`${origin}/__preview/..%2f..%2fpackage.json`)).status, 404)
  assert.equal((await fetch(`${origin}/elsewhere`)).status, 404)
})

test('a reload shows what was changed since, and what is wrong with it', async (t) => {
  const { origin, projectRoot } = await preview(t)
  assert.equal((await fetch(`${origin}/phone`)).status, 200)
  const file = path.join(projectRoot, 'app/pages/tab/index.wxml')
  fs.writeFileSync(file, '<view>')
  fs.utimesSync(file, new Date(), new Date(Date.now() + 2000))
  const answer = await fetch(`${origin}/phone`)
  assert.equal(answer.status, 500)
  assert.match(await answer.text(), /pages\/tab\/index\.wxml:1:2: missing end tag/)
})

test('a project that does not build is not served', (t) => {
  const root = fixture(t, { 'app.json': '{' })
  const run = spawnSync(process.execPath, [path.join(__dirname, '../serve.js'), '--port', '0', '--project', root, '--out', temporary(t, 'out')], { encoding: 'utf8' })
  assert.equal(run.status, 1)
  assert.match(run.stderr, /app\.json:1:/)
})

test('a taken port is told in a sentence', async (t) => {
  const taken = http.createServer()
  t.after(() => taken.close())
  const port = new URL(await listen(taken)).port
  const run = spawnSync(process.execPath, [path.join(__dirname, '../serve.js'), '--port', port, '--project', fixture(t), '--out', temporary(t, 'out')], { encoding: 'utf8' })
  assert.equal(run.status, 1)
  assert.equal(run.stderr.trim(), `port ${port} is taken`)
})
