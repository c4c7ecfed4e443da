// What a clinic's page says, and what one can do there.

const { clinicShown, hours, moment } = require('../../services/clinic_words.js')

/** @param {ClinicPeriod} period */
const periodShown = ({ id, starts_at, ends_at, free }) => ({
  id,
  hours: hours(starts_at, ends_at),
  free,
  words: free ? `还有 ${free} 个号` : '约满',
})

/** Why nothing can be booked now, and what to do. @param {WholeClinic} clinic */
function stateNote({ state, release_at, phone_until, waiting, closure }) {
  if (state === 'closed' && closure) {
    const note = [`停诊原因：${closure.reason_label}`, closure.note].filter(Boolean).join('。')
    const next = closure.next.length ? '下面是相近的门诊，可以改看。' : '暂时没有相近的门诊，请到“找专家门诊”再看。'
    return { tone: 'bad', title: '这次门诊停诊了', text: `${note}\n${next}` }
  }
  if (state === 'not_released') return { tone: 'calm', title: `${moment(release_at)} 开始放号`, text: '到时再打开这里预约。' }
  if (state === 'full') {
    const ahead = waiting ? `现在有 ${waiting} 人候补。` : ''
    return { tone: 'warn', title: '号已约满', text: `${ahead}可以候补：有人取消时，按先后给您留号。${moment(phone_until)} 以后，可以到服务台问现场号。` }
  }
  if (state === 'over') return { tone: 'calm', title: '已经不能用手机预约', text: '还想看的，请直接到卫生院服务台问现场号，或看别的日期。' }
  return null
}

/** @param {WholeClinic} clinic */
function wholeShown(clinic) {
  return {
    ...clinicShown(clinic),
    address: clinic.site.address,
    note: clinic.note,
    local: clinic.local_doctor || '',
    bookable: clinic.state === 'bookable',
    full: clinic.state === 'full',
    said: stateNote(clinic),
    periods: clinic.periods.map(periodShown),
    next: clinic.closure ? clinic.closure.next : [],
    until: `${moment(clinic.cancel_until)} 以前可以取消`,
  }
}

module.exports = { wholeShown }
