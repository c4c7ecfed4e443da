// Whether each week of a month had the days that it has to have.

const { dayLabel } = require('../../services/clock.js')

/** @param {WeekFigures} week */
function shown({ week_starts_on, required_days, served_days, leave_days, met }) {
  return {
    week: week_starts_on,
    label: `${dayLabel(week_starts_on)}起`,
    text: `应到 ${required_days} 天，实到 ${served_days} 天${Number(leave_days) ? `，请假 ${leave_days} 天` : ''}`,
    met,
    mark: met ? '✓ 达到' : '✕ 未达到',
  }
}

Component({
  properties: { weeks: { type: Array, value: /** @type {any[]} */ ([]) } },
  data: { shown: /** @type {any[]} */ ([]) },
  observers: {
    weeks(/** @type {WeekFigures[]} */ weeks) {
      this.setData({ shown: weeks.map(shown) })
    },
  },
})
