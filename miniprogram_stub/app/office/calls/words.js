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
  { outcome: 'wrong_number', name: '号码有误' },
]

/** @param {WaitingCall} call */
function callShown({ booking_id, number, name, telephone, standing, remedy_label, offer, told_label, answered_label, ...rest }) {
  const { call_label, call_note, calls, called_at } = rest
  const held = offer ? `改到 ${moment(offer.starts_at)}，保留到 ${moment(offer.held_until)}` : ''
  const last = call_label && called_at ? `${moment(called_at)} ${call_label}（第 ${calls} 次）` : ''
  return {
    id: booking_id,
    who: `${number} 号 ${name}`,
    telephone: telephone || '',
    offered: [remedy_label, held].filter(Boolean).join('，'),
    told: [told_label, answered_label].filter(Boolean).join('，'),
    last: [last, call_note].filter(Boolean).join('：'),
    outcomes: offer ? [...WITH_OFFER, ...ALWAYS] : ALWAYS,
    done: standing === 'done',
  }
}

module.exports = { callShown }
