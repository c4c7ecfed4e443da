// The desk of a clinic: who comes, who has come, who was seen.

const { hours } = require('./clinic_words.js')
const { serverNow } = require('./clock.js')
const { request } = require('./request.js')

/** @param {string} clinicId @returns {Promise<ListedBooking[]>} all of them, by number */
const fetchComing = async (clinicId) => (await request({ path: `/clinics/${clinicId}/bookings` })).items

/** @param {string} ticket the text of a booking's QR code @returns {Promise<ListedBooking>} */
const arriveByTicket = (ticket) => request({ method: 'POST', path: '/bookings/arrivals', body: { ticket } })

/** @typedef {'arrive' | 'call' | 'fulfil' | 'no-show'} Step */

/** @param {{id: string, version: number}} booking @param {Step} step @returns {Promise<ListedBooking>} */
const takeStep = ({ id, version }, step) => request({ method: 'POST', path: `/bookings/${id}/${step}`, body: { version } })

/** @param {string} content */
const explain = (content) => wx.showModal({ title: '没有读到就诊码', content, showCancel: false, confirmText: '知道了' })

/** @returns {Promise<string>} what the camera read, '' where the person turned back */
async function scanTicket() {
  try {
    const { result } = await wx.scanCode({ scanType: ['qrCode'] })
    if (result.trim().startsWith('BF1.')) return result.trim()
    await explain('这不是预约的就诊码。请患者打开“我的预约”，出示里面的二维码；没有手机的，按姓名在名单里登记报到。')
  } catch (error) {
    const { errMsg } = /** @type {any} */ (error)
    if (!errMsg) throw error
    if (!/cancel/.test(errMsg)) await explain('相机没有打开。请按姓名在名单里登记报到。')
  }
  return ''
}

/** @type {Record<Sex, string>} */
const SEXES = { male: '男', female: '女', unknown: '' }

/** @type {Record<BookingStatus, string>} */
const TONES = { booked: 'calm', arrived: 'warn', fulfilled: 'good', noshow: 'bad', cancelled: 'calm' }

/** @param {number} others */
const ahead = (others) => (others > 0 ? `前面 ${others} 人` : '下一个')

/** @param {ListedBooking} booking */
function comingShown({ id, number, extra, period, patient, status, status_label, channel_label, called_at, queue, version }) {
  const { name_masked, sex, age, identity_label } = patient
  const waits = status === 'arrived' && !called_at && queue !== null ? ahead(queue - 1) : ''
  return {
    id,
    version,
    number,
    name: name_masked,
    about: [SEXES[sex], age === null ? '' : `${age} 岁`, identity_label].filter(Boolean).join(' · '),
    way: [hours(period.starts_at, period.ends_at), extra ? '加号' : channel_label].join(' · '),
    status,
    label: called_at && status === 'arrived' ? '已叫号' : status_label,
    tone: TONES[status],
    called: Boolean(called_at),
    // Only who let their time go by has stayed away.
    late: serverNow() >= Date.parse(period.ends_at),
    waits,
  }
}

module.exports = { fetchComing, arriveByTicket, takeStep, scanTicket, comingShown }
