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
  data: { text: '', empty: false },
  observers: {
    name(/** @type {string} */ name) {
      this.setData({ text: (name && readDraft(name)) || '', empty: false })
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
