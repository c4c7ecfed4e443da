// The way to one's records from today's page: one press to write one, how many this week has, what waits for its author.

const { asFailure } = require('../../services/errors.js')
const { listKept } = require('../../services/kept_records.js')
const { countWeek, knownCount } = require('../../services/my_records.js')
const { dayAfter, thisMonday } = require('../../services/weeks.js')

const NEEDED = ['warned', 'refused']

Component({
  properties: { /** when today's page was last drawn */ asked: Number },
  data: { line: '', notes: /** @type {string[]} */ ([]) },
  observers: {
    asked(/** @type {number} */ asked) {
      if (asked) this.load()
    },
  },
  methods: {
    async load() {
      const monday = thisMonday()
      this.draw(knownCount(monday))
      try {
        this.draw(await countWeek(monday, dayAfter(monday, 6)))
      } catch (error) {
        // The page above says what is wrong with the network.
        asFailure(error)
      }
    },

    /** @param {import('../../services/my_records.js').WeekCount | null} count */
    draw(count) {
      const kept = listKept()
      const waiting = kept.filter(({ state }) => state === 'waiting').length
      const needed = kept.filter(({ state }) => NEEDED.includes(state)).length
      this.setData({
        line: count ? `本周已记 ${count.records} 条` : '',
        notes: [
          count && count.returned ? `退回 ${count.returned} 条，要修改` : '',
          needed ? `${needed} 条没有交成，要看一下` : '',
          waiting ? `${waiting} 条在手机里等待上传` : '',
        ].filter(Boolean),
      })
    },

    log() {
      wx.navigateTo({ url: '/doctor/log/index' })
    },

    open() {
      wx.navigateTo({ url: '/doctor/activities/index' })
    },
  },
})
