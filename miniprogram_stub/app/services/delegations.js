// Delegation (授权代签): who signs for the director, from when to when.

const { request } = require('./request.js')

/** @returns {Promise<{items: Delegation[]}>} */
const fetchDelegations = () => request({ path: '/delegations' })

/** @returns {Promise<{items: Named[]}>} */
const fetchCandidates = () => request({ path: '/delegations/candidates' })

/** @param {{person_id: string, starts_on: string, ends_on: string}} given @returns {Promise<Delegation>} */
const delegate = (given) => request({ method: 'POST', path: '/delegations', body: given })

/** @param {string} id */
const endDelegation = (id) => request({ method: 'POST', path: `/delegations/${id}/end`, body: {} })

module.exports = { fetchDelegations, fetchCandidates, delegate, endDelegation }
