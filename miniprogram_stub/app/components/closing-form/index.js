// Closing a clinic: who is affected is read first, then a reason, then one press that says how many will be told.

const { dayWords, moment } = require('../../services/clinic_words.js')
const { asFailure } = require('../../services/errors.js')
const { lastMe } = require('../../services/me.js')
const { officeClinicShown } = require('../../services/office_clinics.js')
const { closeClinic, previewClosure, REASONS, remediesFor } = require('../../services/closures.js')

/** @param {ClosurePreview['proposal'][number]} line */
const lineOf = ({ number, name_masked, to }) => ({
  key: `${number} ${name_masked}`,
  who: `${number} 号 ${name_masked}`,
  to: to ? `改到 ${dayWords(to.clinic.day)} ${moment(to.starts_at).split(' ')[1]} ${to.clinic.expert.name}` : '暂时没有号',
})

/** @param {ClosurePreview} preview */
function sumUp({ affected, arrived, with_place, without_place, without_telephone }) {
  if (!affected) return { title: '没有人预约', lines: ['停诊不影响患者'] }
  const lines = [`${with_place} 人可改约，号源会为他们保留`]
  if (without_place) lines.push(`${without_place} 人暂时没有号可改，会如实告知`)
  if (arrived) lines.push(`${arrived} 人已经到了`)
  if (without_telephone) lines.push(`${without_telephone} 人没有留电话`)
  return { title: `影响 ${affected} 人`, lines }
}

/** @param {number} affected */
const actOf = (affected) => (affected ? `停诊并通知 ${affected} 人` : '停诊')

Component({
  properties: {
    clinic: { type: Object, value: /** @type {any} */ (null) },
    /** at 6:30 the press is enough: it says itself how many are told, and medical affairs look at it later */
    oneTap: Boolean,
  },
  data: {
    reasons: REASONS,
    remedies: /** @type {ReturnType<typeof remediesFor>} */ ([]),
    about: /** @type {any} */ (null),
    preview: /** @type {ClosurePreview | null} */ (null),
    sum: /** @type {ReturnType<typeof sumUp> | null} */ (null),
    lines: /** @type {ReturnType<typeof lineOf>[]} */ ([]),
    listed: false,
    action: '停诊',
    trouble: '',
    reason: /** @type {ClosureReason | ''} */ (''),
    remedy: /** @type {Remedy | 'place' | ''} */ (''),
    needsRemedy: false,
    note: '',
    calls: false,
    missing: '',
    busy: false,
    problem: '',
  },
  lifetimes: {
    attached() {
      this.load()
    },
  },
  methods: {
    async load() {
      /** @type {any} */
      const clinic = this.data.clinic
      this.setData({ trouble: '', about: officeClinicShown(clinic) })
      try {
        const preview = await previewClosure(clinic.id)
        const needsRemedy = preview.has_begun || preview.arrived > 0
        this.setData({ preview, remedies: remediesFor(preview), sum: sumUp(preview), action: actOf(preview.affected), needsRemedy })
      } catch (error) {
        this.setData({ trouble: asFailure(error).message })
      }
    },

    list() {
      const { preview } = this.data
      this.setData({ listed: true, lines: preview ? preview.proposal.map(lineOf) : [] })
    },

    /** @param {{currentTarget: {dataset: {value: ClosureReason}}}} event */
    chooseReason({ currentTarget }) {
      this.setData({ reason: currentTarget.dataset.value, missing: '' })
    },

    /** @param {{currentTarget: {dataset: {value: Remedy | 'place'}}}} event */
    chooseRemedy({ currentTarget }) {
      this.setData({ remedy: currentTarget.dataset.value, missing: '' })
    },

    /** @param {{detail: {value: string}}} event */
    type({ detail }) {
      this.setData({ note: detail.value })
    },

    chooseCalls() {
      this.setData({ calls: !this.data.calls })
    },

    whatIsMissing() {
      const { reason, remedy, needsRemedy } = this.data
      if (!reason) return 'reason'
      return needsRemedy && !remedy ? 'remedy' : ''
    },

    async press() {
      if (this.data.busy) return
      const missing = this.whatIsMissing()
      this.setData({ missing, problem: '' })
      if (missing || !(this.data.oneTap || (await this.confirmed()))) return
      await this.close()
    },

    async confirmed() {
      const { about, action, sum } = this.data
      const { confirm } = await wx.showModal({
        title: `${action}？`,
        content: `${about.day} ${about.hours}\n${about.expert}\n${sum ? sum.lines.join('；') : ''}。停诊后不能恢复。`,
        cancelText: '先不',
        confirmText: '停诊',
      })
      return confirm
    },

    async close() {
      const { reason, note, remedy, needsRemedy, calls } = this.data
      if (!reason) return
      /** @type {any} */
      const clinic = this.data.clinic
      const me = lastMe()
      const callerId = calls && me && me.person ? me.person.id : ''
      this.setData({ busy: true })
      try {
        const closure = await closeClinic(clinic, { reason, note, remedy: needsRemedy ? remedy : '', callerId })
        this.triggerEvent('closed', closure)
      } catch (error) {
        await this.explain(asFailure(error))
      }
      this.setData({ busy: false })
    },

    /** @param {import('../../services/errors.js').Failure} failure */
    async explain({ code, status, message }) {
      const again = status === 0 ? '再按一次不会重复停诊。' : ''
      this.setData({ problem: message + again })
      if (![409, 412].includes(status)) return
      // It has begun, or somebody was quicker: what is shown has to be what there is.
      if (code !== 'clinic_has_begun') this.triggerEvent('stale')
      this.load()
    },

    cancel() {
      this.triggerEvent('cancel')
    },
  },
})
