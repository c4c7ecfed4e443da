// A coloured note that says what is the matter and, in its slot, offers what to do.

/** @type {Record<string, string>} */
const MARKS = { good: '✓', warn: '!', bad: '✕', calm: 'i' }

Component({
  properties: {
    /** good, warn, bad or calm */
    tone: { type: String, value: 'calm' },
    title: String,
    text: String,
  },
  data: { mark: MARKS.calm },
  observers: {
    tone(/** @type {string} */ tone) {
      this.setData({ mark: MARKS[tone] })
    },
  },
})
