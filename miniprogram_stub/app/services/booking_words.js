// How bookings, offers and places in the waitlist are told to patients.

const { clinicShown, hours, moment } = require('./clinic_words.js')
const { dayAndWeekday, serverNow } = require('./clock.js')

/** @type {Record<BookingStatus, {tone: string, mark: string}>} */
const TONES = {
  booked: { tone: 'good', mark: '✓' },
  arrived: { tone: 'good', mark: '✓' },
  fulfilled: { tone: 'calm', mark: '✓' },
  cancelled: { tone: 'calm', mark: '✕' },
  noshow: { tone: 'bad', mark: '!' },
}

/** @param {{clinic: ClinicCard, starts_at: string, ends_at: string, number: number, patient: MaskedPatient}} place */
const placeShown = ({ clinic, starts_at, ends_at, number, patient }) => ({
  ...clinicShown(clinic),
  hours: hours(starts_at, ends_at),
  number,
  patient: patient.name_masked,
})

/** @param {Booking} booking */
function bookingShown(booking) {
  const { id, status, status_label, cancelled_for_label } = booking
  const fallen = status === 'cancelled' && cancelled_for_label
  return { ...placeShown(booking), id, ...TONES[status], status: fallen ? `${status_label}（${cancelled_for_label}）` : status_label }
}

/** An offer that the server has not yet ended is over by the clock all the same. @param {PlaceOffer} offer */
const isOpen = ({ status, held_until }) => status === 'offered' && Date.parse(held_until) > serverNow()

/** @param {PlaceOffer} offer */
function whyOffered({ kind, instead_of }) {
  if (!instead_of) return kind === 'waitlist' ? '有人取消，轮到您了。' : ''
  const { day, expert_name, reason_label } = instead_of
  return `您约的 ${dayAndWeekday(day)}${expert_name}的门诊停诊了（${reason_label}）。`
}

/** @param {PlaceOffer} offer */
const offerShown = (offer) => ({
  ...placeShown(offer),
  id: offer.id,
  why: whyOffered(offer),
  until: moment(offer.held_until),
  open: isOpen(offer),
  status: offer.status_label,
})

/** @param {WaitlistEntry} entry */
function entryShown({ id, clinic, patient, status, status_label, ahead, offer }) {
  const words = status === 'waitlist' ? (ahead ? `候补中，前面还有 ${ahead} 人` : '候补中，排在第一位') : status_label
  return { ...clinicShown(clinic), id, patient: patient.name_masked, words, waits: status === 'waitlist', offerId: offer && isOpen(offer) ? offer.id : '' }
}

module.exports = { bookingShown, offerShown, entryShown, isOpen }
