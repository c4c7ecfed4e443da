// One tap as the server recorded it: when, what it made of it, and why.

const { hourMinuteOf } = require('../../services/clock.js')
const { metresLabel } = require('../../services/location.js')

/** @type {Record<Verdict, string>} */
const MARKS = { inside: '✓', uncertain: '?', outside: '✕' }

/** @param {Tap} tap */
function detailOf(tap) {
  const parts = []
  if (tap.distance_m !== null) parts.push(`距${tap.site ? tap.site.name : '派驻点'} ${metresLabel(tap.distance_m)}`)
  if (tap.late) parts.push(`${hourMinuteOf(tap.received_at)} 补传`)
  return parts.join('，')
}

Component({
  properties: { tap: { type: Object, value: /** @type {any} */ ({}) } },
  data: { time: '', mark: '', detail: '' },
  observers: {
    tap(/** @type {Tap} */ tap) {
      if (tap.id) this.setData({ time: hourMinuteOf(tap.tapped_at), mark: MARKS[tap.verdict], detail: detailOf(tap) })
    },
  },
})
