// My month: each duty day with what was recorded on it, the latest first.

const { rootFontSize } = require('../../services/appearance.js')
const { fetchMonth } = require('../../services/check_ins.js')
const { phoneDay } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')

/** @type {Record<MonthDay['state'], [string, string]>} */
const STATES = {
  complete: ['✓', '已签到'],
  partial: ['◐', '只签到一部分'],
  missing: ['✕', '未签到'],
  off: ['–', '不用派驻'],
  future: ['○', '还没到'],
}

/** @type {Record<Shift, string>} */
const SHIFTS = { morning: '上午', afternoon: '下午', night: '夜班' }

/** @param {MonthDay} day */
function shown({ day, weekday_label, state, required_shifts, taps }) {
  const [mark, label] = STATES[state]
  const shifts = state === 'off' || state === 'complete' ? '' : required_shifts.map((shift) => SHIFTS[shift]).join('、')
  return {
    day,
    state,
    mark,
    taps,
    label: shifts ? `${label}（${shifts}）` : label,
    number: Number(day.slice(8)),
    weekday: weekday_label.replace('星期', '周'),
  }
}

/** @param {string} month YYYY-MM @param {number} step */
function shift(month, step) {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + step, 1)).toISOString().slice(0, 7)
}

const thisMonth = () => phoneDay().slice(0, 7)

Page({
  data: {
    rootFontSize: '16px',
    title: '',
    isNow: true,
    month: /** @type {Month | null} */ (null),
    days: /** @type {ReturnType<typeof shown>[]} */ ([]),
    ahead: 0,
    trouble: '',
  },
  wanted: '',

  onLoad() {
    this.wanted = thisMonth()
  },

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    const { wanted } = this
    const [year, number] = wanted.split('-').map(Number)
    this.setData({ title: `${year}年${number}月`, isNow: wanted >= thisMonth(), trouble: '' })
    try {
      const month = await fetchMonth(wanted)
      if (wanted !== this.wanted) return
      const duty = month.days.filter(({ state, taps }) => state !== 'off' || taps.length)
      const past = duty.filter(({ state }) => state !== 'future').map(shown)
      this.setData({ month, days: past.reverse(), ahead: duty.length - past.length })
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
  },

  /** @param {number} step */
  turn(step) {
    this.wanted = shift(this.wanted, step)
    this.setData({ month: null, days: [] })
    this.load()
  },

  earlier() {
    this.turn(-1)
  },

  later() {
    this.turn(1)
  },
})
