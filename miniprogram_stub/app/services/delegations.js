// Delegation (授权代签): who signs for the director, from when to when.

const { request } = require('./request.js')

/** @returns {Promise<{items: Delegation[]}>} */
const fetchDelegations = () => request({ path: '/delegations' })

/** The server gives as many at once; a township hospital has fewer who could sign. */
const MOST = 100

/** @returns {Promise<Listed<Candidate>>} */
const fetchCandidates = () => request({ path: '/delegations/candidates', query: { page_size: MOST } })

/** @param {{person_id: string, starts_on: string, ends_on: string}} given @returns {Promise<Delegation>} */
const delegate = (given) => request({ method: 'POST', path: '/delegations', body: given })

/** @param {string} id */
const endDelegation = (id) => request({ method: 'POST', path: `/delegations/${id}/end`, body: {} })

module.exports = { fetchDelegations, fetchCandidates, delegate, endDelegation }
