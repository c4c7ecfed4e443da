// Taps that the place does not bear out, for one who was there to say whether somebody was.

const { rootFontSize } = require('../../services/appearance.js')
const { dayAndWeekday } = require('../../services/clock.js')
const { asFailure } = require('../../services/errors.js')
const { requireSignIn } = require('../../services/session.js')
const { confirmTap, fetchExceptions } = require('../../services/timesheets.js')

/** @param {ExceptionalTap} tap */
const shown = (tap) => ({ id: tap.id, name: tap.person.name, day: dayAndWeekday(tap.duty_on), may: tap.may_confirm, tap })

/** @type {any} */
const initial = { rootFontSize: '16px', loaded: false, busy: false, trouble: '', taps: [], total: 0, acting: '', failed: '', problem: '' }

Page({
  data: initial,
  nextPage: 1,

  onShow() {
    this.setData({ rootFontSize: rootFontSize() })
    if (requireSignIn()) this.reload()
  },

  async onPullDownRefresh() {
    await this.reload()
    wx.stopPullDownRefresh()
  },

  async reload() {
    this.nextPage = 1
    await this.loadMore()
  },

  async loadMore() {
    const page = this.nextPage
    this.setData({ busy: true, trouble: '' })
    try {
      const { items, total } = await fetchExceptions(page)
      const before = page === 1 ? [] : this.data.taps
      const known = new Set(before.map((/** @type {{id: string}} */ { id }) => id))
      this.setData({ taps: [...before, ...items.filter(({ id }) => !known.has(id)).map(shown)], total, loaded: true })
      this.nextPage = page + 1
    } catch (error) {
      this.setData({ trouble: asFailure(error).message })
    }
    this.setData({ busy: false })
  },

  /** @param {{currentTarget: {dataset: {index: number, confirmation: 'present' | 'absent'}}}} event */
  async confirmPresence({ currentTarget }) {
    const { index, confirmation } = currentTarget.dataset
    const { id, name, day, tap } = this.data.taps[index]
    if (this.data.acting) return
    const word = confirmation === 'present' ? '在岗' : '不在岗'
    const { confirm } = await wx.showModal({
      title: `${name}${word}？`,
      content: `${day} ${tap.shift_label}。会以您的姓名记录。`,
      cancelText: '先不',
      confirmText: word,
    })
    if (!confirm) return
    this.setData({ acting: id, failed: '' })
    try {
      await confirmTap(tap, confirmation)
      await this.reload()
    } catch (error) {
      const failure = asFailure(error)
      if ([404, 409, 412].includes(failure.status)) await this.reload()
      this.setData({ failed: id, problem: failure.message })
    }
    this.setData({ acting: '' })
  },
})
