// A spot check that waits for an answer: how long there is, and the ways to answer.

const { hourMinuteOf, serverNow } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { locate } = require('../../services/location.js')
const { scanCode, typeCode } = require('../../services/site_code.js')
const { answerCheck } = require('../../services/spot_checks.js')

const TICK_MS = 1000

/** @param {string | null} answerBy */
function secondsLeft(answerBy) {
  return answerBy ? Math.max(0, Math.ceil((Date.parse(answerBy) - serverNow()) / 1000)) : 0
}

/** @param {number} seconds */
const clockOf = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`

/** @type {Record<string, string>} */
const OBSTACLES = {
  denied: '小程序没有位置权限。请到下面“打开设置”里允许，或改用动态码。',
  off: '手机的定位没有打开。请在手机设置里打开“位置信息”，或改用动态码。',
  failed: '现在定不了位。请到室外或窗边再试，或改用动态码。',
}

Component({
  properties: { check: { type: Object, value: /** @type {any} */ ({}) } },
  data: { left: 0, clock: '', over: false, until: '', question: '', busy: '', trouble: '', denied: false },
  lifetimes: {
    attached() {
      // @ts-ignore: an instance's own field
      this.timer = setInterval(() => this.tick(), TICK_MS)
    },
    detached() {
      // @ts-ignore
      clearInterval(this.timer)
    },
  },
  observers: {
    check(/** @type {SpotCheck} */ check) {
      if (!check.id) return
      const evening = check.kind === 'residence'
      this.setData({
        until: check.answer_by ? hourMinuteOf(check.answer_by) : '',
        question: evening ? '您现在在派驻地住宿吗？' : '您现在在派驻点吗？',
      })
      this.tick()
    },
  },
  methods: {
    tick() {
      const { check } = this.data
      if (!check.id || !check.answer_by) return
      const left = secondsLeft(check.answer_by)
      if (left === this.data.left && this.data.clock) return
      this.setData({ left, clock: clockOf(left), over: left === 0 })
    },

    async byPlace() {
      const { place, obstacle } = await this.during('place', locate)
      if (obstacle) return this.setData({ trouble: OBSTACLES[obstacle], denied: obstacle === 'denied' })
      await this.answer('place', { means: 'location', location: place, location_denied: false })
    },

    async openSettings() {
      await wx.openSetting()
      this.setData({ trouble: '', denied: false })
    },

    async byCamera() {
      await this.byCode(await scanCode())
    },

    async byDigits() {
      await this.byCode(await typeCode())
    },

    /** @param {string} code */
    async byCode(code) {
      if (!code) return
      const { place } = await this.during('code', locate)
      await this.answer('code', { means: 'code', code, location: place })
    },

    async atWork() {
      const labels = ['正在手术', '正在门诊']
      let chosen
      try {
        chosen = (await wx.showActionSheet({ alertText: '手术、门诊中不必离开，由医务科核对安排。', itemList: labels })).tapIndex
      } catch (error) {
        if (/cancel/.test(/** @type {any} */ (error).errMsg || '')) return
        throw error
      }
      await this.answer('work', { means: chosen === 0 ? 'surgery' : 'clinic' })
    },

    /**
     * @template T
     * @param {string} busy which button waits
     * @param {() => Promise<T>} work
     */
    async during(busy, work) {
      this.setData({ busy, trouble: '', denied: false })
      try {
        return await work()
      } finally {
        this.setData({ busy: '' })
      }
    },

    /** @param {string} busy @param {import('../../services/spot_checks.js').Answer} answer */
    async answer(busy, answer) {
      try {
        const check = await this.during(busy, () => answerCheck(this.data.check.id, answer))
        this.triggerEvent('answered', check)
      } catch (error) {
        const failure = asFailure(error)
        this.setData({ trouble: failure.status ? failure.message : `${failure.message}也可以请派驻单位用座机打给医务科。` })
      }
    },
  },
})
