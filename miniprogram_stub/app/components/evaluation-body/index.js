// An evaluation as everybody sees it: where it stands, what the record says, and what was written.

const { bodyOf } = require('../../services/evaluations.js')

Component({
  properties: {
    evaluation: { type: Object, value: /** @type {any} */ ({}) },
  },
  data: { body: /** @type {any} */ (null) },
  observers: {
    evaluation(/** @type {Evaluation} */ evaluation) {
      if (evaluation.id) this.setData({ body: bodyOf(evaluation) })
    },
  },
})
