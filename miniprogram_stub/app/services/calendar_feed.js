// The secret address at which a calendar reads one's own clinics.

const { request } = require('./request.js')

/** A new address; the one before it ends. @returns {Promise<string>} */
const giveFeed = async () => (await request({ method: 'POST', path: '/me/calendar-feed' })).url

const endFeed = () => request({ method: 'DELETE', path: '/me/calendar-feed' })

module.exports = { giveFeed, endFeed }
