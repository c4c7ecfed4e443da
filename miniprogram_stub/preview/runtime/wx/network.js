// wx.request and the state of the network.
'use strict'
const { asynchronous, settle, Refused } = require('./call.js')
const { settings, onChange } = require('../settings.js')

const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
const listeners = new Set()

const connected = () => settings.online && navigator.onLine
const state = () => ({ isConnected: connected(), networkType: connected() ? 'wifi' : 'none' })

function announce() {
  for (const listener of [...listeners]) listener(state())
}

onChange((now, before) => {
  if (now.online !== before.online) announce()
})
addEventListener('online', announce)
addEventListener('offline', announce)

/** Every host is the preview's own origin, whose server passes /api on to the backend. */
function ownAddress(url, method, data) {
  const { pathname, search } = new URL(url)
  const query = new URLSearchParams(search)
  if (method === 'GET' && data) for (const [name, value] of Object.entries(data)) query.append(name, String(value))
  return pathname + (query.toString() ? `?${query}` : '')
}

async function send({ url, data, header = {}, method = 'GET', timeout = 60000 }, controller) {
  if (!METHODS.includes(method)) throw new Error(`wx.request knows no method ${method}`)
  if (!connected()) throw new Refused('', { errno: 600001 })
  const timer = setTimeout(() => controller.abort('timeout'), timeout)
  const hasBody = method !== 'GET' && method !== 'HEAD' && data !== undefined
  try {
    const response = await fetch(ownAddress(url, method, data), {
      method,
      headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...header },
      body: hasBody ? (typeof data === 'string' ? data : JSON.stringify(data)) : undefined,
      signal: controller.signal,
      cache: 'no-store',
    })
    return { statusCode: response.status, header: Object.fromEntries(response.headers), data: parse(await response.text()), cookies: [] }
  } catch (error) {
    throw new Refused(controller.signal.aborted ? controller.signal.reason : '', { errno: 600001 })
  } finally {
    clearTimeout(timer)
  }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function request(options) {
  const controller = new AbortController()
  settle('request', send(options, controller), options)
  return { abort: () => controller.abort('abort') }
}

module.exports = {
  request,
  getNetworkType: asynchronous('getNetworkType', () => ({ networkType: state().networkType })),
  onNetworkStatusChange: (listener) => listeners.add(listener),
  offNetworkStatusChange: (listener) => (listener ? listeners.delete(listener) : listeners.clear()),
}
