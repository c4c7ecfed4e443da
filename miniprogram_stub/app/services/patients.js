// Patients (就诊人) for whom this account may book.

const { isVillageDoctor } = require('./me.js')
const { request } = require('./request.js')
const { plain } = require('./typing.js')

/**
 * A suspension stops booking by phone; a village doctor's residents are booked out of other places.
 * @param {Patient} patient @returns {Patient}
 */
const asResident = (patient) => (patient.relation === 'resident' ? { ...patient, may_book: true, why_not_book: null } : patient)

/** All of them, oneself first. @returns {Promise<Patient[]>} */
async function fetchPatients() {
  /** @type {{items: Patient[]}} */
  const { items } = await request({ path: '/patients' })
  return isVillageDoctor() ? items.map(asResident) : items
}

/** @param {PatientClaim} claim @returns {Promise<Patient>} */
const addPatient = (claim) => request({ method: 'POST', path: '/patients', body: claim })

/** @param {string} id @param {string} telephone @returns {Promise<Patient>} */
const changeTelephone = (id, telephone) => request({ method: 'PUT', path: `/patients/${id}`, body: { telephone: plain(telephone) } })

/** Ends that this account books for them; their record stays. @param {string} id */
const removePatient = (id) => request({ method: 'DELETE', path: `/patients/${id}` })

module.exports = { fetchPatients, addPatient, changeTelephone, removePatient }
