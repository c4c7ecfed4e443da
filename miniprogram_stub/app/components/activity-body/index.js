// A whole record of an activity: what it says, whether its author was there, its files, what was found.

const { showFile } = require('../../services/attachments.js')
const { bodyOf } = require('../../services/activity_cards.js')
const { asFailure } = require('../../services/errors.js')

Component({
  properties: { record: { type: Object, value: /** @type {any} */ ({}) } },
  data: { body: /** @type {any} */ (null), failed: '', problem: '' },
  observers: {
    record(/** @type {Activity} */ record) {
      if (record.id) this.setData({ body: bodyOf(record), failed: '' })
    },
  },
  methods: {
    /** @param {{currentTarget: {dataset: {index: number}}}} event */
    async open({ currentTarget }) {
      const { key, path, type } = this.data.body.files[currentTarget.dataset.index]
      this.setData({ failed: '' })
      wx.showLoading({ title: '正在读取' })
      try {
        await showFile(path, type)
      } catch (error) {
        this.setData({ failed: key, problem: asFailure(error).message })
      } finally {
        wx.hideLoading()
      }
    },
  },
})
