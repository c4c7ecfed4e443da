// Clinics as the expert, the desk and the offices see them: their own, with counts and conflicts.

const { hours, dayWords, expertWords, siteWords } = require('./clinic_words.js')
const { isoOf, serverNow } = require('./clock.js')
const { Failure } = require('./errors.js')
const { request } = require('./request.js')

const DAY_MS = 24 * 3600 * 1000

/** @param {number} step days from today, by the server's clock */
const dayFromToday = (step) => isoOf(serverNow() + step * DAY_MS).slice(0, 10)

/** @param {string} first @param {string} last @returns {Promise<OfficeClinic[]>} the earliest first */
const fetchClinics = async (first, last) => (await request({ path: '/clinics/mine', query: { day_from: first, day_to: last } })).items

/**
 * One clinic: what everybody sees of it and what only its people see.
 * @param {string} id
 * @returns {Promise<OfficeClinic & WholeClinic>}
 */
async function fetchClinic(id) {
  const open = await request({ path: `/clinics/${id}` })
  const own = (await fetchClinics(open.day, open.day)).find((clinic) => clinic.id === id)
  if (!own) throw new Failure('not_found', '您看不到这次门诊。身份不对时，请到“我的”切换当前身份。', 404)
  return { ...open, ...own }
}

/** @param {string} clinicId @param {string} periodId @param {number} count @returns {Promise<any>} */
const addPlaces = (clinicId, periodId, count) =>
  request({ method: 'POST', path: `/clinics/${clinicId}/places`, body: { period_id: periodId, count } })

/** @param {ClinicCard} clinic */
const hasBegun = ({ starts_at }) => serverNow() >= Date.parse(starts_at)

/** @param {OfficeClinic} clinic */
function countsLine({ counts, waiting }) {
  const { capacity, booked, arrived, fulfilled, noshow } = counts
  const parts = [`预约 ${booked} / ${capacity}`]
  if (arrived) parts.push(`已报到 ${arrived}`)
  if (fulfilled) parts.push(`已就诊 ${fulfilled}`)
  if (noshow) parts.push(`未到诊 ${noshow}`)
  if (waiting) parts.push(`候补 ${waiting}`)
  return parts.join('，')
}

/** @param {OfficeClinic} clinic */
function officeClinicShown(clinic) {
  const { id, day, starts_at, ends_at, expert, department, site, conflict, status, version, may_close } = clinic
  const closed = status === 'closed'
  return {
    id,
    version,
    day: dayWords(day),
    hours: hours(starts_at, ends_at),
    expert: [expertWords(expert), department].filter(Boolean).join(' · '),
    place: siteWords(site),
    counts: countsLine(clinic),
    closed,
    conflict: closed ? '' : conflict || '',
    mayClose: may_close && !closed,
    begun: hasBegun(clinic),
    over: serverNow() >= Date.parse(ends_at),
  }
}

module.exports = { dayFromToday, fetchClinics, fetchClinic, addPlaces, hasBegun, officeClinicShown }
