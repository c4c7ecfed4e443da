// Receipts of return fares (路费票据): listed, entered, withdrawn.

const { showFile } = require('./attachments.js')
const { request } = require('./request.js')
const { fetchAll } = require('./signing.js')
const { oneLine, plain } = require('./typing.js')

/** @typedef {{dispatch_id: string, number: string, spent_on: string, amount: string, journey: string, attachment_id: string | null}} ReceiptDraft */

/** @param {string} dispatchId @returns {Promise<Receipt[]>} */
async function fetchReceipts(dispatchId) {
  const { items } = await fetchAll((page) => request({ path: '/subsidy-receipts', query: { dispatch_id: dispatchId, page, page_size: 100 } }))
  return items
}

/**
 * @param {ReceiptDraft} draft
 * @param {string} key makes a repeat harmless
 * @returns {Promise<Receipt>}
 */
function addReceipt({ number, amount, journey, ...rest }, key) {
  const body = { ...rest, number: plain(number), amount: plain(amount).replace('。', '.'), journey: oneLine(journey) }
  return request({ method: 'POST', path: '/subsidy-receipts', body, idempotencyKey: key })
}

/** @param {string} id */
const withdrawReceipt = (id) => request({ method: 'DELETE', path: `/subsidy-receipts/${id}` })

/** Shows the photograph of a receipt; the server notes who looked. @param {string} id */
const showReceipt = (id) => showFile(`/subsidy-receipts/${id}/attachment`, 'image/jpeg')

module.exports = { fetchReceipts, addReceipt, withdrawReceipt, showReceipt }
