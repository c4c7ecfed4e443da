// Where the phone is, in GCJ-02, and how far that is from a site.

const EARTH_M = 6371008.8
const GIVE_UP_MS = 10000

/** What the server takes at most; some phones name more, or nothing sensible. */
const WORST_ACCURACY_M = 10000

/** @param {number} degrees */
const radians = (degrees) => (degrees * Math.PI) / 180

/**
 * Metres between two points of one coordinate system (haversine).
 * @param {{longitude: number, latitude: number}} a
 * @param {{longitude: number, latitude: number}} b
 */
function distance(a, b) {
  const dLat = radians(b.latitude - a.latitude)
  const dLng = radians(b.longitude - a.longitude)
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(dLng / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * The site whose edge is nearest.
 * @param {{longitude: number, latitude: number}} place
 * @param {Site[]} sites
 */
function nearest(place, sites) {
  const measured = sites.map((site) => ({ site, metres: distance(place, site) }))
  measured.sort((a, b) => a.metres - a.site.radius_m - (b.metres - b.site.radius_m))
  return measured[0] || null
}

/** @param {number} metres */
function metresLabel(metres) {
  return metres < 1000 ? `${Math.round(metres)} 米` : `${(metres / 1000).toFixed(1)} 公里`
}

/** @typedef {'denied' | 'off' | 'failed'} Obstacle why there is no place */

/** @param {string} message wx's errMsg @returns {Obstacle} */
function obstacleOf(message) {
  if (/system permission|system.*den|location.*off|ERROR_NOCELL/i.test(message)) return 'off'
  return /auth|privacy|permission/i.test(message) ? 'denied' : 'failed'
}

/**
 * @typedef {{place: Place, obstacle: null} | {place: null, obstacle: Obstacle}} Fix
 * @returns {Promise<Fix>} never rejects: without a place one can still check in
 */
async function locate() {
  /** @type {Promise<Fix>} */
  const late = new Promise((resolve) => setTimeout(() => resolve({ place: null, obstacle: 'failed' }), GIVE_UP_MS))
  return Promise.race([ask(), late])
}

/** @returns {Promise<Fix>} */
async function ask() {
  try {
    const found = await wx.getLocation({ type: 'gcj02', isHighAccuracy: true, highAccuracyExpireTime: 4000 })
    const { longitude, latitude, accuracy } = found
    const accuracy_m = accuracy >= 0 ? Math.min(accuracy, WORST_ACCURACY_M) : WORST_ACCURACY_M
    return { place: { longitude, latitude, accuracy_m, coordinate_system: 'GCJ-02' }, obstacle: null }
  } catch (error) {
    const message = error && /** @type {any} */ (error).errMsg
    if (!message) throw error
    return { place: null, obstacle: obstacleOf(message) }
  }
}

module.exports = { locate, distance, nearest, metresLabel }
