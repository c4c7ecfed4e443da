// Two clocks: the phone's, and what the server last said. Times are written in China's offset, whatever the phone's zone.

const KEY = 'server-clock'
const CHINA_MS = 8 * 3600 * 1000

/** @param {number} [at] milliseconds since 1970 */
function isoOf(at = Date.now()) {
  return new Date(at + CHINA_MS).toISOString().replace('Z', '+08:00')
}

/** @param {string} iso */
const dayOf = (iso) => isoOf(Date.parse(iso)).slice(0, 10)

/** @param {string} iso */
const hourMinuteOf = (iso) => isoOf(Date.parse(iso)).slice(11, 16)

/** Today by the phone's clock, in China. */
const phoneDay = () => isoOf().slice(0, 10)

/** @returns {ServerClock | null} */
function lastServerClock() {
  return wx.getStorageSync(KEY) || null
}

/** @param {string | undefined} time what the server just said, as ISO 8601 or as an HTTP date */
function noteServerTime(time) {
  const at = Date.parse(time || '')
  if (!Number.isNaN(at)) wx.setStorageSync(KEY, { time: isoOf(at), seenAt: isoOf() })
}

/** @param {string} day YYYY-MM-DD */
function dayLabel(day) {
  const [, month, date] = day.split('-')
  return `${Number(month)}月${Number(date)}日`
}

const WEEKDAYS = ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六']

/** @param {string} day YYYY-MM-DD */
const weekdayLabel = (day) => WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]

module.exports = { isoOf, dayOf, hourMinuteOf, phoneDay, lastServerClock, noteServerTime, dayLabel, weekdayLabel }
