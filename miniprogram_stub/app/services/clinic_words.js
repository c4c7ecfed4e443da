// How clinics are named to patients: when, who, where, and whether there is a place.

const { dayAndWeekday, dayLabel, dayOf, hourMinuteOf, isoOf, serverNow } = require('./clock.js')
const { metresLabel } = require('./location.js')

const DAY_MS = 24 * 3600 * 1000

/** @param {string} day YYYY-MM-DD @returns {string} 明天 11月3日（周一） */
function dayWords(day) {
  const near = ['今天', '明天', '后天'].find((word, step) => isoOf(serverNow() + step * DAY_MS).slice(0, 10) === day)
  return near ? `${near} ${dayAndWeekday(day)}` : dayAndWeekday(day)
}

/** @param {string} starts @param {string} ends */
const hours = (starts, ends) => `${hourMinuteOf(starts)}–${hourMinuteOf(ends)}`

/** @param {string} instant @returns {string} 11月3日 08:00 */
const moment = (instant) => `${dayLabel(dayOf(instant))} ${hourMinuteOf(instant)}`

/** @param {ClinicCard['expert']} expert */
const expertWords = ({ name, title }) => [name, title].filter(Boolean).join(' ')

/** A site is often named as its hospital is, or begins with that name. @param {ClinicCard['site']} site */
const siteWords = ({ name, organisation }) => (name.startsWith(organisation) ? name : `${organisation} ${name}`)

/** @param {ClinicCard} clinic @returns {{tone: string, mark: string, text: string}} */
function stateWords({ state, state_label, free, release_at, waiting }) {
  if (state === 'bookable') return { tone: 'good', mark: '✓', text: `还有 ${free} 个号` }
  if (state === 'full') return { tone: 'warn', mark: '!', text: waiting ? `约满，${waiting} 人候补` : '约满，可候补' }
  if (state === 'not_released') return { tone: 'calm', mark: '◷', text: `${moment(release_at)} 放号` }
  if (state === 'closed') return { tone: 'bad', mark: '✕', text: '停诊' }
  return { tone: 'calm', mark: '–', text: state_label }
}

/** @param {ClinicCard} clinic */
function clinicShown(clinic) {
  const { id, day, starts_at, ends_at, expert, department, site, distance_m, fee_fen, fee_label } = clinic
  return {
    id,
    day: dayWords(day),
    hours: hours(starts_at, ends_at),
    expert: expertWords(expert),
    from: expert.hospital,
    department: department || '',
    site: siteWords(site),
    distance: distance_m === null ? '' : `距您约 ${metresLabel(distance_m)}`,
    fee: fee_fen ? `${fee_label}，到院再交` : fee_label,
    state: stateWords(clinic),
  }
}

module.exports = { dayWords, hours, moment, expertWords, siteWords, stateWords, clinicShown }
