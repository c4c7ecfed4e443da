// The sentences of confirming a booking, a place in the waitlist, or a change to another clinic.

const { clinicShown, hours } = require('../../services/clinic_words.js')

/** @typedef {'book' | 'wait' | 'rebook'} Mode */

/** @type {Record<Mode, {title: string, question: string, action: string, busy: string, failed: string}>} */
const MODES = {
  book: { title: '确认预约', question: '给谁预约', action: '确认预约', busy: '正在预约', failed: '没有预约成功' },
  wait: { title: '候补', question: '给谁候补', action: '加入候补', busy: '正在提交', failed: '没有候补成功' },
  rebook: { title: '改约', question: '就诊人', action: '确认改约', busy: '正在改约', failed: '没有改约成功' },
}

/** @param {Patient} patient */
function patientChoice({ id, name_masked, relation_label, age, identity_label, may_book, why_not_book }) {
  const about = [relation_label, age === null ? '' : `${age} 岁`, identity_label].filter(Boolean)
  return { id, name: name_masked, about: about.join('，'), may: may_book, why: may_book ? '' : why_not_book || '' }
}

/** @param {WholeClinic} clinic @param {string} periodId */
function whatShown(clinic, periodId) {
  const shown = clinicShown(clinic)
  const period = clinic.periods.find(({ id }) => id === periodId)
  return { ...shown, hours: period ? hours(period.starts_at, period.ends_at) : shown.hours }
}

/** @typedef {{title: string, text: string, act: '' | 'wait' | 'bookings' | 'other', label: string}} Problem */

/** @type {Problem} */
const NOBODY = { title: '还没有选就诊人', text: '请按一下来看病的人的名字，再确认。', act: '', label: '' }

/**
 * What went wrong, and the one step that leads on.
 * @param {Mode} mode
 * @param {import('../../services/errors.js').Failure} failure
 * @returns {Problem}
 */
function problemOf(mode, { code, status, message }) {
  const { failed, action } = MODES[mode]
  if (status === 0 || status >= 500) {
    return { title: '没有收到答复', text: `${message}再按一次“${action}”，不会重复预约。`, act: '', label: '' }
  }
  if (code === 'clinic_full' && mode === 'book') return { title: '刚刚约满了', text: message, act: 'wait', label: '改为候补' }
  if (code === 'already_booked') return { title: '已经约过了', text: message, act: 'bookings', label: '看我的预约' }
  if (['clinic_full', 'period_full', 'clinic_closed', 'clinic_over', 'not_released', 'time_clash'].includes(code)) {
    return { title: failed, text: message, act: 'other', label: '回去看别的时间' }
  }
  return { title: failed, text: message, act: '', label: '' }
}

module.exports = { MODES, NOBODY, patientChoice, whatShown, problemOf }
