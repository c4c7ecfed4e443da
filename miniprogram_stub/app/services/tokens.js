// The session's tokens in the phone's storage, and whether the person left on purpose.

const KEY = 'session'
const SIGNED_OUT = 'signed-out'

/** @returns {{access_token: string, refresh_token: string} | null} */
const read = () => wx.getStorageSync(KEY) || null

/** @param {{access_token: string, refresh_token: string}} session */
function keep({ access_token, refresh_token }) {
  wx.setStorageSync(KEY, { access_token, refresh_token })
}

const drop = () => wx.removeStorageSync(KEY)

/** True before the first log-in and after a log-out: then nothing may log in silently. */
const isSignedOut = () => wx.getStorageSync(SIGNED_OUT) !== false

/** @param {boolean} value */
const setSignedOut = (value) => wx.setStorageSync(SIGNED_OUT, value)

module.exports = { read, keep, drop, isSignedOut, setSignedOut }
