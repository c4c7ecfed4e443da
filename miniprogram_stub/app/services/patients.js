// Patients (就诊人) for whom this account may book.

const { request } = require('./request.js')
const { plain } = require('./typing.js')

/** All of them, oneself first. @returns {Promise<Patient[]>} */
const fetchPatients = async () => (await request({ path: '/patients' })).items

/** @param {PatientClaim} claim @returns {Promise<Patient>} */
const addPatient = (claim) => request({ method: 'POST', path: '/patients', body: claim })

/** @param {string} id @param {string} telephone @returns {Promise<Patient>} */
const changeTelephone = (id, telephone) => request({ method: 'PUT', path: `/patients/${id}`, body: { telephone: plain(telephone) } })

/** Ends that this account books for them; their record stays. @param {string} id */
const removePatient = (id) => request({ method: 'DELETE', path: `/patients/${id}` })

module.exports = { fetchPatients, addPatient, changeTelephone, removePatient }
