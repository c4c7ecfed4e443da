// Corrections (补签) and leave (请假): asked for, withdrawn, decided.

const { request } = require('./request.js')
const { oneLine } = require('./typing.js')

/** @typedef {{id: string, version: number}} Versioned */

/** @param {{page?: number, status?: string}} query @returns {Promise<Listed<Correction>>} */
const fetchCorrections = (query) => request({ path: '/correction-requests', query })

/** @param {{page?: number, status?: string}} query @returns {Promise<Listed<Leave>>} */
const fetchLeaves = (query) => request({ path: '/leave-requests', query })

/**
 * @param {{dispatch_id: string, duty_on: string, shift: Shift, kind: Kind, happened_at: string, reason: string}} wanted
 * @param {string} key makes a repeat harmless
 * @returns {Promise<Correction>}
 */
const requestCorrection = (wanted, key) =>
  request({ method: 'POST', path: '/correction-requests', body: { ...wanted, reason: oneLine(wanted.reason) }, idempotencyKey: key })

/**
 * @param {{dispatch_id: string, kind: LeaveKind, starts_on: string, starts_with: Shift, ends_on: string, ends_with: Shift, reason: string, attachment_ids: string[]}} wanted
 * @param {string} key
 * @returns {Promise<Leave>}
 */
const requestLeave = (wanted, key) =>
  request({ method: 'POST', path: '/leave-requests', body: { ...wanted, reason: oneLine(wanted.reason) }, idempotencyKey: key })

/** @typedef {'correction' | 'leave'} Sort */

/** @type {Record<Sort, string>} */
const PATHS = { correction: '/correction-requests', leave: '/leave-requests' }

/** @param {Sort} sort @param {Versioned} asked @param {'cancel' | 'accept'} action */
const act = (sort, { id, version }, action) => request({ method: 'POST', path: `${PATHS[sort]}/${id}/${action}`, body: { version } })

/** @param {Sort} sort @param {Versioned} asked @param {string} reason */
const reject = (sort, { id, version }, reason) =>
  request({ method: 'POST', path: `${PATHS[sort]}/${id}/reject`, body: { version, reason: oneLine(reason) } })

module.exports = { fetchCorrections, fetchLeaves, requestCorrection, requestLeave, act, reject }
