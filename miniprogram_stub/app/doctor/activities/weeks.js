// My weeks: what each holds, what is missing in it and what is thin, newest first.

const { dayAfter, mondayOf, thisMonday } = require('../../services/weeks.js')

/** @param {string} monday */
function titleOf(monday) {
  if (monday === thisMonday()) return '本周'
  return monday === dayAfter(thisMonday(), -7) ? '上周' : ''
}

/** @param {ActivityCard} record @param {ActivityWeek | undefined} week */
function lineOf(record, week) {
  const thin = week ? week.thin.filter(({ record_id }) => record_id === record.id) : []
  const findings = thin.flatMap((one) => one.findings)
  // What is thin is said in words here, and need not be counted besides.
  return { id: record.id, record: findings.length ? { ...record, thin: 0 } : record, findings }
}

/**
 * @param {ActivityWeek[]} weeks @param {ActivityCard[]} records
 * @returns {{monday: string, title: string, label: string, summary: string, missing: Finding[], lines: ReturnType<typeof lineOf>[]}[]}
 */
function sectionsOf(weeks, records) {
  const mondays = new Set([...weeks.map(({ week }) => week), ...records.map(({ occurred_on }) => mondayOf(occurred_on))])
  return [...mondays].sort().reverse().map((monday) => {
    const week = weeks.find((one) => one.week === monday)
    const own = records.filter(({ occurred_on }) => mondayOf(occurred_on) === monday)
    return {
      monday,
      title: titleOf(monday),
      label: week ? week.label : monday,
      summary: [week && week.days_present ? `到岗 ${week.days_present} 天` : '', `记录 ${week ? week.records : own.length} 条`].filter(Boolean).join('，'),
      missing: week ? week.missing : [],
      lines: own.map((record) => lineOf(record, week)),
    }
  })
}

module.exports = { sectionsOf }
