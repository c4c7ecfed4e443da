// What pages on which many are signed or approved at once have in common: reading all that wait, the way from one to the
// next, the question, the deed and what is said of its outcome.

const { asFailure } = require('./errors.js')

/** The server decides about as many at once, and lists as many. */
const MOST_AT_ONCE = 100

/** @typedef {{id: string | null, version: number}} SignedOne */

/** @param {SignedOne[]} ones what the server is told of them */
const namesOf = (ones) => ones.slice(0, MOST_AT_ONCE).map(({ id, version }) => ({ id, version }))

/**
 * Reads a list page by page, as far as there is something or as far as one looks on a phone.
 * @template Item
 * @param {(page: number) => Promise<Listed<Item>>} fetchPage
 * @param {number} [most]
 * @returns {Promise<{items: Item[], total: number}>}
 */
async function fetchAll(fetchPage, most = Infinity) {
  /** @type {Item[]} */
  const all = []
  for (let page = 1; ; page += 1) {
    const { items, total } = await fetchPage(page)
    all.push(...items)
    if (!items.length || all.length >= Math.min(total, most)) return { items: all, total }
  }
}

/** Those that have to be opened, in the order in which they were last seen: so that one leads to the next. */
function newRound() {
  /** @type {string[]} */
  let toOpen = []
  return {
    /** @param {string[]} ids */
    begin(ids) {
      toOpen = ids
    },

    /** @param {string} id what is open now @returns {{id: string, count: number}} which comes next, and how many are left */
    next(id) {
      const place = toOpen.indexOf(id)
      const left = toOpen.filter((other) => other !== id)
      return { id: toOpen.slice(place + 1)[0] || left[0] || '', count: left.length }
    },

    /** @param {string} id it is decided */
    forget(id) {
      toOpen = toOpen.filter((other) => other !== id)
    },
  }
}

/**
 * @typedef {{verb: string, unit: string}} Words 会签, 条
 * @typedef {{done: number, left: {id: string, message: string}[], extra?: string}} Outcome
 */

/** @param {Words} words @param {Outcome} outcome @param {(id: string) => string} nameOf */
function outcomeNote({ verb, unit }, { done, left, extra = '' }, nameOf) {
  const title = `已${verb} ${done} ${unit}${extra}`
  if (!left.length) return { tone: 'good', title, text: '' }
  const lines = left.map(({ id, message }) => `${nameOf(id)}：${message}`)
  return { tone: 'warn', title: `${title}，${left.length} ${unit}没有${verb}`, text: lines.join('\n') }
}

/**
 * Asks, does it with all of them at once, says what became of each and shows what is left.
 * @param {{data: {acting: boolean}, setData: (values: object) => void, reload: () => Promise<void>}} page
 * @param {{words: Words, title: string, content: string, nameOf: (id: string) => string, send: () => Promise<Outcome>}} what
 */
async function decideTogether(page, { words, title, content, nameOf, send }) {
  if (page.data.acting) return
  const { confirm } = await wx.showModal({ title, content, cancelText: '先不', confirmText: words.verb })
  if (!confirm) return
  page.setData({ acting: true, note: null })
  try {
    page.setData({ note: outcomeNote(words, await send(), nameOf) })
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    await page.reload()
  } catch (error) {
    const text = `${asFailure(error).message}再按一次不会重复${words.verb}。`
    page.setData({ note: { tone: 'bad', title: `没有${words.verb}成功`, text } })
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  }
  page.setData({ acting: false })
}

module.exports = { MOST_AT_ONCE, namesOf, fetchAll, newRound, decideTogether }
