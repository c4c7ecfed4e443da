// One tap that the server does not have yet, or would not take.

const { dayLabel, dayOf, hourMinuteOf, phoneDay } = require('../../services/clock.js')

Component({
  properties: { tap: { type: Object, value: /** @type {any} */ ({}) } },
  data: { label: '', time: '' },
  observers: {
    tap(/** @type {WaitingTap} */ tap) {
      if (!tap.key) return
      const day = dayOf(tap.tappedAt)
      const time = hourMinuteOf(tap.tappedAt)
      this.setData({
        label: tap.kind === 'in' ? '签到' : '签退',
        time: day === phoneDay() ? time : `${dayLabel(day)} ${time}`,
      })
    },
  },
  methods: {
    dismiss() {
      this.triggerEvent('dismiss', { key: this.data.tap.key })
    },
  },
})
