// One tap as the server recorded it: when, what it made of it, why, and what people said about it.

const { hourMinuteOf } = require('../../services/clock.js')
const { metresLabel } = require('../../services/location.js')

/** @type {Record<Outcome, string>} */
const MARKS = { verified: '✓', uncertain: '?', suspect: '✕' }

/** @param {Tap} tap */
function labelOf({ verdict, verdict_label, outcome, outcome_label }) {
  if (outcome === 'verified') return verdict === 'inside' ? verdict_label : outcome_label
  return verdict === 'inside' ? `${verdict_label}，${outcome_label}` : verdict_label
}

/** @param {Tap} tap */
function detailOf(tap) {
  const parts = []
  if (tap.distance_m !== null) parts.push(`距${tap.site ? tap.site.name : '派驻点'} ${metresLabel(tap.distance_m)}`)
  if (tap.late) parts.push(`${hourMinuteOf(tap.received_at)} 补传`)
  return parts.join('，')
}

/** @param {Tap} tap */
function wordsAbout({ review }) {
  if (!review) return []
  const judged = review.judgement && [review.judgement_label, review.judgement_reason].filter(Boolean).join('：')
  return [review.explanation && `本人说明：${review.explanation}`, review.confirmation_label, judged].filter(Boolean)
}

Component({
  properties: { tap: { type: Object, value: /** @type {any} */ ({}) } },
  data: { time: '', mark: '', label: '', detail: '', words: /** @type {any[]} */ ([]) },
  observers: {
    tap(/** @type {Tap} */ tap) {
      if (!tap.id) return
      this.setData({
        time: hourMinuteOf(tap.tapped_at),
        mark: MARKS[tap.outcome],
        label: labelOf(tap),
        detail: detailOf(tap),
        words: wordsAbout(tap),
      })
    },
  },
})
