// Builds the project beside this tool and serves it; see README.md for the options.
'use strict'
const http = require('node:http')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { build } = require('./builder/build.js')
const { BuildFailed } = require('./builder/problems.js')

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif', '.webp': 'image/webp' }
const PAGES = { '/': 'desk.html', '/phone': 'phone.html' }

/** Passes a request on; a backend that is away looks to the phone like a network that is away. */
function forward(request, response, origin, target) {
  const url = new URL(target, origin)
  const headers = { ...request.headers, host: url.host }
  const passed = http.request(url, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers)
    answer.pipe(response)
  })
  passed.on('error', () => response.destroy())
  request.pipe(passed)
}

function sendFile(response, root, name) {
  const file = path.join(root, name)
  if (!file.startsWith(root + path.sep) || !fs.existsSync(file) || !fs.statSync(file).isFile()) {
    response.writeHead(404).end('not found')
    return
  }
  const type = TYPES[path.extname(file)] || 'application/octet-stream'
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
  fs.createReadStream(file).pipe(response)
}

/** The newest change below a folder, to build again when a page is reloaded. */
function newestChange(folder) {
  let newest = 0
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestChange(full) : fs.statSync(full).mtimeMs)
  }
  return newest
}

function createServer({ projectRoot, outDir, api, wechat }) {
  let built = 0
  const refresh = async () => {
    const { miniprogramRoot = '.' } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'project.config.json'), 'utf8'))
    const newest = newestChange(path.join(projectRoot, miniprogramRoot))
    if (newest > built) await build(projectRoot, outDir)
    built = newest
  }
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://preview')
    if (pathname.startsWith('/api/')) return forward(request, response, api, request.url)
    if (pathname.startsWith('/__preview/wechat/')) {
      return forward(request, response, wechat, pathname.replace('/__preview/wechat/', '/standin/'))
    }
    if (pathname.startsWith('/__preview/')) return sendFile(response, outDir, decodeURIComponent(pathname.slice(11)))
    if (!(pathname in PAGES)) return response.writeHead(404).end('not found')
    try {
      await refresh()
      sendFile(response, outDir, PAGES[pathname])
    } catch (error) {
      if (!(error instanceof BuildFailed)) throw error
      response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(error.message)
    }
  })
  return { server, refresh }
}

async function main() {
  const { values } = parseArgs({
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8001' },
      api: { type: 'string', default: 'http://127.0.0.1:8000' },
      wechat: { type: 'string', default: 'http://127.0.0.1:8002' },
      project: { type: 'string', default: path.join(__dirname, '..') },
      out: { type: 'string', default: path.join(__dirname, 'dist') },
    },
  })
  const { server, refresh } = createServer({
    projectRoot: path.resolve(values.project),
    outDir: path.resolve(values.out),
    api: values.api,
    wechat: values.wechat,
  })
  await refresh()
  server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    console.error(error.code === 'EADDRINUSE' ? `port ${values.port} is taken` : error.message)
    process.exit(1)
  })
  server.listen(Number(values.port), values.host, () => {
    console.log(`mini-program preview on http://${values.host}:${/** @type {any} */ (server.address()).port}`)
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
}

if (require.main === module) {
  main().catch((error) => {
    console.error(error instanceof BuildFailed ? error.message : error)
    process.exit(1)
  })
}

module.exports = { createServer }
