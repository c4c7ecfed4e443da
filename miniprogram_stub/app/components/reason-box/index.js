// A field for a reason and the button that sends it; what was typed stays on the phone until its page drops it.

const { readDraft, keepDraft } = require('../../services/drafts.js')

Component({
  properties: {
    /** under which the phone keeps what was typed */
    name: String,
    label: String,
    placeholder: String,
    action: String,
    busy: Boolean,
    problem: String,
    main: Boolean,
  },
  data: { shown: '', text: '', empty: false },
  observers: {
    // A page draws itself anew whenever the server answers: that must not take away what was just said about the field.
    name(/** @type {string} */ name) {
      if (name && name !== this.data.shown) this.setData({ shown: name, text: readDraft(name) || '', empty: false })
    },
    busy(/** @type {boolean} */ busy) {
      const { shown } = this.data
      if (!busy && shown) this.setData({ text: readDraft(shown) || '' })
    },
  },
  methods: {
    /** @param {{detail: {value: string}}} event */
    type({ detail }) {
      this.setData({ text: detail.value, empty: false })
      keepDraft(this.data.name, detail.value)
    },

    send() {
      const text = this.data.text.trim()
      this.setData({ empty: !text })
      if (text && !this.data.busy) this.triggerEvent('send', { text })
    },
  },
})
