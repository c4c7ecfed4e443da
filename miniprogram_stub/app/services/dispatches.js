// My dispatches.

const { asFailure } = require('./errors.js')
const { request } = require('./request.js')

/** Those for which leave may be asked: running, then planned. @returns {Promise<Dispatch[]>} */
async function fetchDispatches() {
  const pages = await Promise.all(['current', 'planned'].map((state) => request({ path: '/dispatches', query: { state } })))
  return pages.map(({ items }) => items).reduce((all, items) => [...all, ...items], [])
}

const KNOWN = 'my-dispatches'

/** Mine as the server last said, those that are over too. @returns {Dispatch[]} */
const knownDispatches = () => wx.getStorageSync(KNOWN) || []

/** Reads mine anew where the server can be asked. */
async function loadDispatches() {
  try {
    const pages = await Promise.all(['current', 'ended'].map((state) => request({ path: '/dispatches', query: { state } })))
    wx.setStorageSync(KNOWN, pages.flatMap(({ items }) => items))
  } catch (error) {
    asFailure(error)
  }
}

/** @param {Dispatch[]} dispatches @param {string} day YYYY-MM-DD */
const coveringDispatches = (dispatches, day) => dispatches.filter(({ starts_on, ends_on }) => starts_on <= day && day <= ends_on)

const forgetDispatches = () => wx.removeStorageSync(KNOWN)

module.exports = { fetchDispatches, knownDispatches, loadDispatches, coveringDispatches, forgetDispatches }
