// What a month comes to.

/** @param {Timesheet['figures']} figures */
function restOf({ not_checked_in_days, absent_days, leave }) {
  const rest = leave.map(({ kind, label, days }) => ({ key: kind, label, days, bad: false }))
  if (Number(not_checked_in_days)) rest.unshift({ key: /** @type {any} */ ('missing'), label: '未签到', days: not_checked_in_days, bad: true })
  if (Number(absent_days)) rest.unshift({ key: /** @type {any} */ ('absent'), label: '旷工', days: absent_days, bad: true })
  return rest
}

Component({
  properties: { figures: { type: Object, value: /** @type {any} */ ({}) } },
  data: { rest: /** @type {any[]} */ ([]) },
  observers: {
    figures(/** @type {Timesheet['figures']} */ figures) {
      if (figures.due_days) this.setData({ rest: restOf(figures) })
    },
  },
})
