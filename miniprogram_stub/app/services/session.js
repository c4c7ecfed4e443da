// Logging in and out.

const { request, signIn } = require('./request.js')
const { asFailure } = require('./errors.js')
const tokens = require('./tokens.js')

/** Ends the session here at once; the server learns of it if it can be reached. */
async function signOut() {
  try {
    await request({ method: 'DELETE', path: '/session' })
  } catch (error) {
    asFailure(error)
  }
  tokens.drop()
  tokens.setSignedOut(true)
}

/** @returns {boolean} false where the log-in page has taken over */
function requireSignIn() {
  if (tokens.isSignedOut()) wx.reLaunch({ url: '/pages/login/index' })
  return !tokens.isSignedOut()
}

module.exports = { signIn, signOut, requireSignIn, isSignedOut: tokens.isSignedOut }
