// My dispatches.

const { request } = require('./request.js')

/** Those for which leave may be asked: running, then planned. @returns {Promise<Dispatch[]>} */
async function fetchDispatches() {
  const pages = await Promise.all(['current', 'planned'].map((state) => request({ path: '/dispatches', query: { state } })))
  return pages.map(({ items }) => items).reduce((all, items) => [...all, ...items], [])
}

module.exports = { fetchDispatches }
