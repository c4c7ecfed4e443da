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

/** Now by the server's clock as well as the phone knows it, in milliseconds. */
function serverNow() {
  const clock = lastServerClock()
  return Date.now() + (clock ? Date.parse(clock.time) - Date.parse(clock.seenAt) : 0)
}

/** @param {string} day YYYY-MM-DD */
function dayLabel(day) {
  const [, month, date] = day.split('-')
  return `${Number(month)}月${Number(date)}日`
}

const WEEKDAYS = ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六']

/** @param {string} day YYYY-MM-DD */
const weekdayLabel = (day) => WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]

/** @param {string} day YYYY-MM-DD @returns {string} 11月3日（周一） */
const dayAndWeekday = (day) => `${dayLabel(day)}（${weekdayLabel(day).replace('星期', '周')}）`

/** @param {string} month YYYY-MM */
function monthLabel(month) {
  const [year, number] = month.split('-').map(Number)
  return `${year}年${number}月`
}

/** @param {string} month YYYY-MM @param {number} step */
function monthAfter(month, step) {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + step, 1)).toISOString().slice(0, 7)
}

module.exports = {
  isoOf,
  dayOf,
  hourMinuteOf,
  phoneDay,
  serverNow,
  lastServerClock,
  noteServerTime,
  dayLabel,
  weekdayLabel,
  dayAndWeekday,
  monthLabel,
  monthAfter,
}
