// wx.request and the state of the network.
'use strict'
const { asynchronous, settle } = require('./call.js')
const { connected, exchange, ownAddress } = require('../connection.js')
const { onChange } = require('../settings.js')

const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
const listeners = new Set()

const state = () => ({ isConnected: connected(), networkType: connected() ? 'wifi' : 'none' })

function announce() {
  for (const listener of [...listeners]) listener(state())
}

onChange((now, before) => {
  if (now.online !== before.online) announce()
})
addEventListener('online', announce)
addEventListener('offline', announce)

async function send({ url, data, header = {}, method = 'GET', timeout }, controller) {
  if (!METHODS.includes(method)) throw new Error(`wx.request knows no method ${method}`)
  const hasBody = method !== 'GET' && method !== 'HEAD' && data !== undefined
  const init = {
    method,
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...header },
    body: hasBody ? (typeof data === 'string' ? data : JSON.stringify(data)) : undefined,
  }
  const address = ownAddress(url, method === 'GET' ? data : {})
  const { body, ...answer } = await exchange(address, init, { timeout, controller })
  return { ...answer, data: parse(await body.text()), cookies: [] }
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
