// My service and what it comes to for a title (晋升资格), and my certificates of it.

const { showFile } = require('./attachments.js')
const { request } = require('./request.js')

/** @returns {Promise<Promotion>} */
const fetchPromotion = () => request({ path: '/me/promotion' })

/** @param {string} id */
const showCertificate = (id) => showFile(`/me/certificates/${id}.pdf`, 'application/pdf')

module.exports = { fetchPromotion, showCertificate }
