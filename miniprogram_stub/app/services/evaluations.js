// Evaluations at the end of a dispatch (鉴定): read, written in turn, given back, signed, objected to, answered.

const { dayLabel, dayOf } = require('./clock.js')
const { request } = require('./request.js')
const { oneLine } = require('./typing.js')

/** @param {Record<string, string | number>} query @returns {Promise<Listed<EvaluationCard>>} */
const fetchEvaluations = (query) => request({ path: '/evaluations', query })

/** @param {string} id @returns {Promise<Evaluation>} */
const fetchEvaluation = (id) => request({ path: `/evaluations/${id}` })

/** @typedef {{id: string, version: number}} Versioned */

/** @param {Versioned} evaluation @param {EvaluationWords} words @returns {Promise<Evaluation>} */
const writePart = ({ id, version }, words) => request({ method: 'PUT', path: `/evaluations/${id}/part`, body: { ...words, version } })

/** @param {Versioned} evaluation @param {'return' | 'sign' | 'object' | 'answer'} action @param {object} said @returns {Promise<Evaluation>} */
const act = ({ id, version }, action, said) => request({ method: 'POST', path: `/evaluations/${id}/${action}`, body: { version, ...said } })

/** @param {Versioned} evaluation @param {string} reason */
const returnPart = (evaluation, reason) => act(evaluation, 'return', { reason: oneLine(reason) })

/** @param {Versioned} evaluation */
const sign = (evaluation) => act(evaluation, 'sign', {})

/** @param {Versioned} evaluation @param {string} reason */
const objectTo = (evaluation, reason) => act(evaluation, 'object', { reason: oneLine(reason) })

/** @param {Versioned} evaluation @param {string} answer @param {boolean} revise */
const answerObjection = (evaluation, answer, revise) => act(evaluation, 'answer', { answer: oneLine(answer), revise })

/** @type {Partial<Record<EvaluationStatus, string>>} */
const TONES = { completed: 'good', objected: 'warn' }

/** @param {EvaluationCard} card */
const cardOf = (card) => ({
  id: card.id,
  name: card.person.name,
  place: [card.recipient.name, card.department].filter(Boolean).join(' · '),
  period: `${dayLabel(card.from)}至${dayLabel(card.to)}`,
  status: card.status_label,
  tone: TONES[card.status] || 'calm',
  grade: card.grade_label ? `等次：${card.grade_label}` : '',
})

/** @param {Evaluation} evaluation */
const bodyOf = (evaluation) => ({
  ...cardOf(evaluation),
  parts: evaluation.parts.map((part) => ({
    ...part,
    signed: [part.grade_label && `等次：${part.grade_label}`, part.signer_name, dayLabel(dayOf(part.signed_at))].filter(Boolean).join(' · '),
  })),
  open: evaluation.facts.months_open.length ? `${evaluation.facts.months_open.join('、')}考勤表未会签，未计入。` : '',
  turn: evaluation.turn_label && !Object.values(evaluation.may).some(Boolean) ? `现在由${evaluation.turn_label}办理。` : '',
})

/** @returns {Promise<LeaveBalance>} */
const fetchLeaveBalance = () => request({ path: '/leave-credits' })

module.exports = {
  fetchEvaluations,
  fetchEvaluation,
  writePart,
  returnPart,
  sign,
  objectTo,
  answerObjection,
  cardOf,
  bodyOf,
  fetchLeaveBalance,
}
