// A claim as everybody sees it: its sum in large figures, the lines that make it up, whose turn it is, what was paid.

const { bodyOf } = require('../../services/claim_words.js')

Component({
  properties: {
    claim: { type: Object, value: /** @type {any} */ ({}) },
    /** whether others read it: then it says whose it is */
    named: Boolean,
  },
  data: { body: /** @type {any} */ (null) },
  observers: {
    claim(/** @type {Claim} */ claim) {
      if (claim.id) this.setData({ body: bodyOf(claim) })
    },
  },
})
