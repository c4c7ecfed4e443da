// A clinic in a list; a press opens it.

const { clinicShown } = require('../../../services/clinic_words.js')
const { openPage } = require('../../../services/pages.js')

Component({
  properties: {
    clinic: { type: Object, value: /** @type {any} */ ({}) },
    /** what the clinic's page has to know besides, as &name=value */
    more: String,
  },
  data: { shown: /** @type {any} */ (null) },
  observers: {
    clinic(/** @type {ClinicCard} */ clinic) {
      if (clinic.id) this.setData({ shown: clinicShown(clinic) })
    },
  },
  methods: {
    open() {
      openPage(`/patient/clinic/index?id=${this.data.shown.id}${this.data.more}`)
    },
  },
})
