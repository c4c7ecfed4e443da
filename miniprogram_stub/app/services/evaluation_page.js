// What the pages of one evaluation have in common, for the one concerned and for who evaluates: reading it, doing one
// thing with it, and showing what has become of it.

const { showFile } = require('./attachments.js')
const { dropDraft } = require('./drafts.js')
const { asFailure } = require('./errors.js')
const { fetchEvaluation, writePart } = require('./evaluations.js')

const initial = {
  rootFontSize: '16px',
  trouble: '',
  evaluation: /** @type {Evaluation | null} */ (null),
  busy: '',
  problem: /** @type {{at: string, title: string, text: string} | null} */ (null),
  mode: '',
  draft: '',
}

/** @param {any} page @param {string} id */
async function load(page, id) {
  page.setData({ trouble: '' })
  try {
    draw(page, await fetchEvaluation(id))
  } catch (error) {
    page.setData({ trouble: asFailure(error).message })
  }
}

/** What is typed is kept under the turn in which it is typed. @param {any} page @param {Evaluation} evaluation */
function draw(page, evaluation) {
  page.setData({ evaluation, draft: `evaluation:${evaluation.id}:${evaluation.version}` })
}

/**
 * Does one thing, then shows what has become of the evaluation.
 * @param {any} page
 * @param {string} busy which button waits
 * @param {string} title what is said if it fails
 * @param {() => Promise<Evaluation>} work
 */
async function attempt(page, busy, title, work) {
  if (page.data.busy) return
  page.setData({ busy, problem: null })
  try {
    const evaluation = await work()
    dropDraft(page.data.draft)
    for (const name of ['return', 'object', 'uphold', 'revise']) dropDraft(`${page.data.draft}:${name}`)
    page.setData({ mode: '' })
    draw(page, evaluation)
    wx.pageScrollTo({ scrollTop: 0, duration: 0 })
  } catch (error) {
    const failure = asFailure(error)
    page.setData({ problem: { at: busy, title, text: failure.message } })
    // Somebody else was quicker: what is shown has to be what there is.
    if ([404, 412].includes(failure.status)) await load(page, page.data.evaluation.id)
  } finally {
    page.setData({ busy: '' })
  }
}

/** @param {any} page @param {EvaluationWords} words */
const write = (page, words) => attempt(page, 'write', '没有提交成功', () => writePart(page.data.evaluation, words))

/** @param {any} page */
async function openForm(page) {
  wx.showLoading({ title: '正在读取' })
  try {
    await showFile(`/evaluations/${page.data.evaluation.id}/form.pdf`, 'application/pdf')
  } catch (error) {
    page.setData({ problem: { at: 'form', title: '没有读到鉴定表', text: asFailure(error).message } })
  }
  wx.hideLoading()
}

module.exports = { initial, load, attempt, write, openForm }
