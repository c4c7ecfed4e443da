// One record of an activity in a list: what, when, how much, where it stands; in its slot, what can be done.

const { headOf } = require('../../services/activity_cards.js')

Component({
  properties: {
    record: { type: Object, value: /** @type {any} */ ({}) },
    /** who did it, where others read the list */
    person: String,
  },
  data: { head: /** @type {any} */ (null) },
  observers: {
    record(/** @type {ActivityCard} */ record) {
      if (record.id) this.setData({ head: headOf(record) })
    },
  },
})
