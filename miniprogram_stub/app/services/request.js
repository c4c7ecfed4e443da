// Every call to the server goes through request(): tokens, renewal, silent log-in, errors, the server's clock.

const { apiRoot } = require('../config.js')
const { noteServerTime } = require('./clock.js')
const { Failure, failureOf, noNetwork, signedOut } = require('./errors.js')
const tokens = require('./tokens.js')

const TIMEOUT_MS = 15000

/**
 * @typedef {'GET' | 'POST' | 'PUT' | 'DELETE'} Method
 * @typedef {{method?: Method, path: string, query?: Record<string, string | number>, body?: object, idempotencyKey?: string}} Call
 */

/**
 * @param {Call} call
 * @param {string | null} accessToken
 * @returns {Promise<any>} the answer's body
 */
function send({ method = 'GET', path, query, body, idempotencyKey }, accessToken) {
  /** @type {Record<string, string>} */
  const header = {}
  if (accessToken) header.Authorization = `Bearer ${accessToken}`
  if (idempotencyKey) header['Idempotency-Key'] = idempotencyKey
  return new Promise((resolve, reject) => {
    wx.request({
      url: apiRoot + path,
      method,
      data: method === 'GET' ? query : body,
      header,
      timeout: TIMEOUT_MS,
      success: ({ statusCode, data, header: received }) => {
        noteServerTime(received.Date || received.date)
        if (statusCode >= 200 && statusCode < 300) resolve(data)
        else reject(failureOf(statusCode, data))
      },
      fail: () => reject(noNetwork()),
    })
  })
}

/** @type {Promise<any> | null} */
let signingIn = null
/** @type {Promise<any> | null} */
let renewing = null

async function exchangeCode() {
  const { code } = await wx.login().catch(() => {
    throw noNetwork()
  })
  const session = await send({ method: 'POST', path: '/session', body: { code } }, null)
  tokens.keep(session)
  tokens.setSignedOut(false)
  return session.me
}

/** Logs in with WeChat; those who ask at the same time share one log-in. */
function signIn() {
  signingIn = signingIn || exchangeCode().finally(() => (signingIn = null))
  return signingIn
}

async function renew() {
  const session = tokens.read()
  if (!session) return signIn()
  try {
    tokens.keep(await send({ method: 'POST', path: '/session/refresh', body: { refresh_token: session.refresh_token } }, null))
  } catch (error) {
    if (failedWith(error, 401)) return signIn()
    throw error
  }
}

function renewOnce() {
  renewing = renewing || renew().finally(() => (renewing = null))
  return renewing
}

/**
 * @param {any} error
 * @param {number} status
 */
const failedWith = (error, status) => error && error.status === status

/**
 * Marks what fails in here as having happened before the call itself.
 * @param {() => Promise<any>} prepare
 */
async function beforeCall(prepare) {
  try {
    await prepare()
  } catch (error) {
    if (error instanceof Failure) error.beforeCall = true
    throw error
  }
}

function accessToken() {
  const session = tokens.read()
  return session && session.access_token
}

/**
 * @param {Call} call
 * @returns {Promise<any>}
 */
async function request(call) {
  if (tokens.isSignedOut()) throw signedOut()
  if (!tokens.read()) await beforeCall(signIn)
  const used = accessToken()
  try {
    return await send(call, used)
  } catch (error) {
    if (!failedWith(error, 401)) throw error
    await beforeCall(() => recover(/** @type {any} */ (error).code, used))
    return send(call, accessToken())
  }
}

/**
 * @param {string} code
 * @param {string | null} used the token that was refused; another call may have renewed it meanwhile
 */
async function recover(code, used) {
  if (accessToken() !== used) return
  await (code === 'access_expired' ? renewOnce() : signIn())
}

module.exports = { request, signIn }
