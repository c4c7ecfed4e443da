// Patients (就诊人) for whom this account may book.

const { request } = require('./request.js')

/** All of them, oneself first. @returns {Promise<Patient[]>} */
const fetchPatients = async () => (await request({ path: '/patients' })).items

/** @param {PatientClaim} claim @returns {Promise<Patient>} */
const addPatient = (claim) => request({ method: 'POST', path: '/patients', body: claim })

/** Ends that this account books for them; their record stays. @param {string} id */
const removePatient = (id) => request({ method: 'DELETE', path: `/patients/${id}` })

module.exports = { fetchPatients, addPatient, removePatient }
