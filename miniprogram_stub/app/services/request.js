// Every call to the server goes through here: tokens, renewal, silent log-in.

const { Failure, noNetwork, signedOut } = require('./errors.js')
const tokens = require('./tokens.js')
const { send, sendFile, fetchFile } = require('./transport.js')

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
 * @template {{open?: boolean}} Call
 * @template Answer
 * @param {(call: Call, accessToken: string | null) => Promise<Answer>} exchange
 * @returns {(call: Call) => Promise<Answer>}
 */
function authorised(exchange) {
  return async (call) => {
    // What is open to everybody needs no log-in.
    if (tokens.isSignedOut() && call.open) return exchange(call, null)
    if (tokens.isSignedOut()) throw signedOut()
    if (!tokens.read()) await beforeCall(signIn)
    const used = accessToken()
    try {
      return await exchange(call, used)
    } catch (error) {
      if (!failedWith(error, 401)) throw error
      await beforeCall(() => recover(/** @type {any} */ (error).code, used))
      return exchange(call, accessToken())
    }
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

module.exports = { request: authorised(send), upload: authorised(sendFile), download: authorised(fetchFile), signIn }
