// Expert clinics (专家门诊): looked for, and one of them with its periods. Anybody may look, logged in or not.

const { request } = require('./request.js')

/** A hundred metres or so are enough to tell what is near; the server needs no more of where one is. */
const DECIMALS = 3

/**
 * @param {ClinicWish} wish
 * @param {{longitude: number, latitude: number} | null} place by which to measure
 * @param {number} page
 */
function queryOf({ day, siteId, department, expert, onlyFree }, place, page) {
  return {
    page,
    ...(day ? { day_from: day, day_to: day } : {}),
    ...(siteId ? { site_id: siteId } : {}),
    ...(department ? { department } : {}),
    ...(expert ? { expert } : {}),
    ...(onlyFree ? { only_free: 'true' } : {}),
    ...(place ? { longitude: place.longitude.toFixed(DECIMALS), latitude: place.latitude.toFixed(DECIMALS) } : {}),
  }
}

/**
 * @param {ClinicWish} wish
 * @param {{longitude: number, latitude: number} | null} place
 * @param {number} page
 * @returns {Promise<Listed<ClinicCard>>}
 */
const fetchClinics = (wish, place, page) => request({ path: '/clinics', query: queryOf(wish, place, page), open: true })

/** @returns {Promise<ClinicFilters>} */
const fetchFilters = () => request({ path: '/clinics/filters', open: true })

/** @param {string} id @returns {Promise<WholeClinic>} */
const fetchClinic = (id) => request({ path: `/clinics/${id}`, open: true })

module.exports = { fetchClinics, fetchFilters, fetchClinic }
