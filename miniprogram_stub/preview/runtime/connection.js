// How the phone reaches the server, for wx.request, wx.uploadFile and wx.downloadFile alike.
'use strict'
const { Refused } = require('./wx/call.js')
const { settings } = require('./settings.js')

const connected = () => settings.online && navigator.onLine

/** Every host is the preview's own origin, whose server passes /api on to the backend. */
function ownAddress(url, query = {}) {
  const { pathname, search } = new URL(url)
  const all = new URLSearchParams(search)
  for (const [name, value] of Object.entries(query)) all.append(name, String(value))
  return pathname + (all.toString() ? `?${all}` : '')
}

/** One exchange; a server that cannot be reached looks like a network that is away. */
async function exchange(address, init, { timeout = 60000, controller }) {
  if (!connected()) throw new Refused('', { errno: 600001 })
  const timer = setTimeout(() => controller.abort('timeout'), timeout)
  try {
    const response = await fetch(address, { ...init, signal: controller.signal, cache: 'no-store' })
    return { statusCode: response.status, header: Object.fromEntries(response.headers), body: await response.blob() }
  } catch (error) {
    throw new Refused(controller.signal.aborted ? controller.signal.reason : '', { errno: 600001 })
  } finally {
    clearTimeout(timer)
  }
}

module.exports = { connected, ownAddress, exchange }
