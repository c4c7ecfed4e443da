// One call: whom, why, and what may have come of it.

const { moment } = require('../../services/clinic_words.js')

/** @type {{outcome: CallOutcome, name: string}[]} */
const WITH_OFFER = [
  { outcome: 'accepted', name: '接受改约' },
  { outcome: 'declined', name: '不接受' },
]

/** @type {{outcome: CallOutcome, name: string}[]} */
const ALWAYS = [
  { outcome: 'informed', name: '已告知' },
  { outcome: 'no_answer', name: '没人接' },
  { outcome: 'wrong_number', name: '号码不对' },
]

/** What needs another call. @type {(CallOutcome | null)[]} */
const OPEN = [null, 'no_answer']

/** @param {WaitingCall} call */
function callShown({ booking_id, number, name, telephone, remedy_label, offer, told_label, answered_label, ...rest }) {
  const { call_outcome, call_label, calls, called_at } = rest
  const offered = offer ? `可改到 ${moment(offer.starts_at)}，保留到 ${moment(offer.held_until)}` : remedy_label
  return {
    id: booking_id,
    who: `${number} 号 ${name}`,
    telephone: telephone || '',
    offered,
    told: [told_label, answered_label].filter(Boolean).join('，'),
    last: call_label && called_at ? `${moment(called_at)} ${call_label}（第 ${calls} 次）` : '',
    outcomes: offer ? [...WITH_OFFER, ...ALWAYS] : ALWAYS,
    done: !OPEN.includes(call_outcome),
  }
}

module.exports = { callShown }
