// Who I am, as whom I act, and what today holds.

const { request } = require('./request.js')
const { noteServerTime } = require('./clock.js')
const { forgetClaims } = require('./claims.js')
const { forgetUses } = require('./activity_kinds.js')
const { forgetDispatches } = require('./dispatches.js')
const { dropDrafts } = require('./drafts.js')
const { forgetOpen } = require('./kept_records.js')
const { forgetRecords } = require('./my_records.js')
const { forgetSheets } = require('./timesheets.js')

const TODAY = 'last-today'
const ME = 'last-me'

/** @returns {Promise<Me>} */
async function fetchMe() {
  return keepMe(await request({ path: '/me' }))
}

/** @param {Me} me */
function keepMe(me) {
  wx.setStorageSync(ME, me)
  return me
}

/** Who I was when the server last answered. @returns {Me | null} */
const lastMe = () => wx.getStorageSync(ME) || null

/** Whether I stand in the role of one who books for residents. */
function isVillageDoctor() {
  const me = lastMe()
  return Boolean(me && me.current_role && me.current_role.role === 'village_doctor')
}

/** @returns {Promise<Today>} */
async function fetchToday() {
  const today = await request({ path: '/me/today' })
  noteServerTime(today.server_time)
  wx.setStorageSync(TODAY, today)
  return today
}

/** @returns {Today | null} */
const lastToday = () => wx.getStorageSync(TODAY) || null

/**
 * Adds a tap that the server has just recorded to what it last said of its day.
 * @param {Tap} tap
 */
function addTap(tap) {
  const today = lastToday()
  if (!today || today.day !== tap.duty_on) return
  const others = today.taps.filter(({ id }) => id !== tap.id)
  const same = (/** @type {Tap} */ other) => other.dispatch_id === tap.dispatch_id && other.shift === tap.shift && other.kind === tap.kind
  const taps = others.map((other) => (tap.effective && same(other) ? { ...other, effective: false } : other))
  wx.setStorageSync(TODAY, { ...today, taps: [...taps, tap] })
}

/** @param {Role} role @returns {Promise<Me>} */
async function switchRole(role) {
  const body = { role: role.role, organisation_id: role.organisation.id }
  const me = keepMe(await request({ method: 'PUT', path: '/me/current-role', body }))
  forgetSheets()
  return me
}

/**
 * @param {{phone_code: string, name: string, identity_last4: string, organisation_code?: string, staff_number?: string}} claim
 * @returns {Promise<Me>}
 */
async function bind(claim) {
  return keepMe(await request({ method: 'POST', path: '/me/binding', body: claim }))
}

/** Nothing of one person stays on the phone for the next; taps and records that wait do. */
function forget() {
  wx.removeStorageSync(ME)
  wx.removeStorageSync(TODAY)
  dropDrafts()
  forgetOpen()
  forgetUses()
  forgetDispatches()
  forgetRecords()
  forgetSheets()
  forgetClaims()
}

module.exports = { fetchMe, keepMe, lastMe, isVillageDoctor, fetchToday, lastToday, addTap, switchRole, bind, forget }
