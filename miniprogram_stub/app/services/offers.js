// Places that are held for a patient for a while: taken or given back with one tap.

const { request } = require('./request.js')

/** Those that wait for an answer. @returns {Promise<Listed<PlaceOffer>>} */
const fetchOffers = () => request({ path: '/offers' })

/** @param {string} id @returns {Promise<PlaceOffer>} */
const fetchOffer = (id) => request({ path: `/offers/${id}` })

/** @param {string} id @returns {Promise<Booking>} */
const acceptOffer = (id) => request({ method: 'POST', path: `/offers/${id}/accept`, body: {} })

/** @param {string} id @returns {Promise<PlaceOffer>} */
const declineOffer = (id) => request({ method: 'POST', path: `/offers/${id}/decline`, body: {} })

module.exports = { fetchOffers, fetchOffer, acceptOffer, declineOffer }
