// A clinic in a few lines, for its expert, its desk and its offices: when, who, where, how many, what stands against it.

const { officeClinicShown } = require('../../services/office_clinics.js')

Component({
  properties: {
    clinic: { type: Object, value: /** @type {any} */ (null) },
    /** the expert knows who they are */
    own: Boolean,
  },
  data: { shown: /** @type {any} */ (null) },
  observers: {
    clinic(/** @type {OfficeClinic | null} */ clinic) {
      this.setData({ shown: clinic && officeClinicShown(clinic) })
    },
  },
})
