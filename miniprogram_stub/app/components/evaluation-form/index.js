// The part of an evaluation that is written now; what was typed stays on the phone until its page drops it.

const { keepDraft, readDraft } = require('../../services/drafts.js')

/** @type {EvaluationWords} */
const NOTHING = { opinion: '', grade: null, signer_name: '', education: '', specialty: '', title_applied: '' }

/** What stands in the fields at first: what stood there before it came back. @param {Evaluation} evaluation @returns {EvaluationWords} */
const presetOf = ({ draft, education, specialty, title_applied, part }) => ({
  opinion: draft ? draft.opinion : '',
  grade: draft ? draft.grade : null,
  signer_name: draft && part === 'department' ? draft.signer_name : '',
  education,
  specialty,
  title_applied,
})

/** @param {Evaluation} evaluation @param {EvaluationWords} words @returns {Record<string, string>} */
function whatIsWrong({ part, must_grade }, { opinion, grade, signer_name }) {
  /** @type {Record<string, string>} */
  const errors = {}
  if (!opinion.trim()) errors.opinion = '请先填写。'
  if (must_grade && !grade) errors.grade = '请选择等次。'
  if (part === 'department' && !signer_name.trim()) errors.signer_name = '请填写科室负责人的姓名。'
  return errors
}

Component({
  properties: {
    evaluation: { type: Object, value: /** @type {any} */ ({}) },
    /** under which the phone keeps what was typed */
    name: String,
    busy: Boolean,
    problem: String,
  },
  data: { shown: '', words: NOTHING, errors: /** @type {Record<string, string>} */ ({}) },
  observers: {
    // A page draws itself anew whenever the server answers: that must not take away what was typed.
    'name, evaluation'(/** @type {string} */ name, /** @type {Evaluation} */ evaluation) {
      if (!name || !evaluation.id || name === this.data.shown) return
      this.setData({ shown: name, words: readDraft(name) || presetOf(evaluation), errors: {} })
    },
  },
  methods: {
    /** @param {{detail: {value: string}, currentTarget: {dataset: {name: string}}}} event */
    type({ detail, currentTarget }) {
      this.fill({ [currentTarget.dataset.name]: detail.value })
    },

    /** @param {{currentTarget: {dataset: {grade: string}}}} event */
    choose({ currentTarget }) {
      const { grade } = currentTarget.dataset
      this.fill({ grade: grade === this.data.words.grade ? null : grade })
    },

    /** @param {object} values */
    fill(values) {
      const words = { ...this.data.words, ...values }
      this.setData({ words, errors: {} })
      keepDraft(this.data.name, words)
    },

    send() {
      const { words, busy } = this.data
      const errors = whatIsWrong(/** @type {Evaluation} */ (this.data.evaluation), words)
      this.setData({ errors })
      if (!Object.keys(errors).length && !busy) this.triggerEvent('send', { words })
    },
  },
})
