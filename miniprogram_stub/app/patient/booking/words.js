// What the page of one booking says.

const { bookingShown, isOpen } = require('../../services/booking_words.js')
const { pictureOf } = require('./picture.js')

/** @type {Record<string, string>} */
const MADE = { book: '预约成功', rebook: '改约成功，原来的预约已经取消', offer: '换号成功' }

/** @param {Booking} booking */
function appealNote({ status, may_appeal, appeal }) {
  if (!appeal) return status === 'noshow' && may_appeal ? { tone: 'warn', title: '登记为未到诊', text: '服务台登记您约了没有来。其实来过，或有特殊原因的，可以在下面申诉。' } : null
  if (!appeal.decision) return { tone: 'calm', title: '申诉已提交，等服务台处理', text: appeal.text }
  const tone = appeal.decision === 'excused' ? 'good' : 'bad'
  return { tone, title: `申诉结果：${appeal.decision_label}`, text: appeal.reason }
}

/** @param {Booking} booking */
function wholeShown(booking) {
  const { ticket, clinic, status, may_cancel, why_not_cancel, may_appeal, offer } = booking
  return {
    ...bookingShown(booking),
    live: status === 'booked',
    code: ticket ? pictureOf(ticket) : '',
    address: clinic.site.address,
    note: clinic.note,
    may_cancel,
    why_not: status === 'booked' && !may_cancel ? why_not_cancel || '' : '',
    may_appeal,
    appeal: appealNote(booking),
    offer: offer && isOpen(offer) ? offer : null,
    ended: status === 'cancelled',
    closed: clinic.state === 'closed',
  }
}

module.exports = { MADE, wholeShown }
