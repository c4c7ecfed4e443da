// What today's page shows, worked out from what the server last said and from what waits on the phone.

const { dayLabel, serverNow, weekdayLabel } = require('../../services/clock.js')
const { metresLabel, nearest } = require('../../services/location.js')

/** Waiting taps older than this belong to another shift. */
const SHIFT_MS = 6 * 3600 * 1000

/**
 * @typedef {{dispatchId: string, recipient: string, place: string, shifts: string, sites: Site[], sure: boolean}} Plan
 */

/** @param {{label: string}[]} shifts */
const shiftLabels = (shifts) => shifts.map(({ label }) => label).join('、')

/** @param {Duty} duty @param {boolean} sure @returns {Plan} */
function planOfDuty(duty, sure) {
  return {
    dispatchId: duty.dispatch_id,
    recipient: duty.recipient.name,
    place: [duty.kind === 'visiting' ? '定期下乡' : '长期派驻', duty.department].filter(Boolean).join(' · '),
    shifts: shiftLabels(duty.shifts),
    sites: duty.sites,
    sure,
  }
}

/**
 * Where I am sent today. Without a network the last known posting has to do: the server decides later.
 * @param {Today | null} today what the server last said
 * @param {string} day today by the phone's clock
 * @returns {Plan | null}
 */
function planOf(today, day) {
  if (!today) return null
  if (today.day === day) return today.duty && planOfDuty(today.duty, true)
  if (today.duty && today.duty.ends_on >= day) return planOfDuty(today.duty, false)
  if (today.next && today.next.day <= day) {
    const { dispatch_id: dispatchId, recipient, shifts } = today.next
    return { dispatchId, recipient: recipient.name, place: '', shifts: shiftLabels(shifts), sites: [], sure: false }
  }
  return null
}

/**
 * What the big button offers: the first of in and out that this shift lacks.
 * @param {Today | null} today
 * @param {WaitingTap[]} waiting
 * @param {number} now milliseconds
 * @returns {Kind | 'done'}
 */
function nextKind(today, waiting, now) {
  const duty = today && today.duty
  /** @type {Set<Kind>} */
  const done = new Set()
  for (const tap of today ? today.taps : []) {
    if (tap.effective && duty && tap.shift === duty.current_shift) done.add(tap.kind)
  }
  for (const tap of waiting) {
    if (tap.state === 'waiting' && now - Date.parse(tap.tappedAt) < SHIFT_MS) done.add(tap.kind)
  }
  if (!done.has('in')) return 'in'
  return done.has('out') ? 'done' : 'out'
}

/** @typedef {{tone: string, mark: string, text: string, hint: string}} Distance */

/**
 * How far the nearest site is, and whether a tap now would count as being there.
 * @param {Place} place
 * @param {Site[]} sites
 * @returns {Distance | null}
 */
function distanceOf(place, sites) {
  const near = nearest(place, sites)
  if (!near) return null
  const { site, metres } = near
  const accuracy = `定位误差约 ${metresLabel(place.accuracy_m)}`
  const text = `距${site.name} ${metresLabel(metres)}`
  const range = `签到范围 ${site.radius_m} 米，${accuracy}`
  if (metres + place.accuracy_m <= site.radius_m) return { tone: 'good', mark: '✓', text: `${text}，在签到范围内`, hint: range }
  if (metres - place.accuracy_m <= site.radius_m) {
    return { tone: 'warn', mark: '?', text: `${text}，还不能确定在不在范围内`, hint: `${range}。到开阔处等一会儿，定位会更准。` }
  }
  return { tone: 'bad', mark: '✕', text: `${text}，不在签到范围内`, hint: `${range}。现在签到也会记录，记为“不在点内”。` }
}

/** @param {Today} today */
function nextLine(today) {
  if (!today.next) return '目前没有安排以后的派驻日。'
  const { day, recipient, shifts } = today.next
  return `下一次：${dayLabel(day)}（${weekdayLabel(day)}）${recipient.name}，${shiftLabels(shifts)}`
}

/** Once its time is over, a check is shown for so long: then it is a matter of the list of checks. */
const OVER_MS = 3600000

/** @param {SpotCheck | null} check what the server last said, which may be long ago */
function stillOpen(check) {
  if (!check || !check.answer_by) return check || null
  return serverNow() < Date.parse(check.answer_by) + OVER_MS ? check : null
}

module.exports = { stillOpen, planOf, nextKind, distanceOf, nextLine }
