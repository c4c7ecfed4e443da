// What may be done with somebody who comes, and what is said when they have.

/** @typedef {ReturnType<typeof import('../../services/desk.js').comingShown>} Coming */
/** @typedef {import('../../services/desk.js').Step} Step */

/** @type {Record<string, {step: Step, name: string, main?: boolean}[]>} */
const STEPS = {
  booked: [{ step: 'arrive', name: '报到', main: true }],
  late: [
    { step: 'arrive', name: '报到', main: true },
    { step: 'no-show', name: '未到诊' },
  ],
  arrived: [
    { step: 'call', name: '叫号', main: true },
    { step: 'fulfil', name: '已就诊' },
  ],
  called: [
    { step: 'fulfil', name: '已就诊', main: true },
    { step: 'call', name: '再叫一次' },
  ],
}

/** @param {Coming} person */
function standing({ status, called, late }) {
  if (status === 'arrived' && called) return 'called'
  return status === 'booked' && late ? 'late' : status
}

/** @param {Coming} person @param {boolean} desk @returns {Coming & {steps: {step: Step, name: string, main?: boolean}[]}} */
function stepsOf(person, desk) {
  return { ...person, steps: (desk && STEPS[standing(person)]) || [] }
}

/** @param {ListedBooking} booking @param {{id: string}[]} everyone who comes to the clinic that is shown */
function gatheredNote({ id, number, patient, queue }, everyone) {
  const elsewhere = !everyone.some((person) => person.id === id)
  const waits = queue === null ? '' : `排在第 ${queue} 位。`
  return {
    tone: elsewhere ? 'warn' : 'good',
    title: `${number} 号 ${patient.name_masked} 已报到`,
    text: elsewhere ? '这是另一次门诊的预约，已在那边登记。' : waits,
  }
}

module.exports = { stepsOf, gatheredNote }
