// What the phone's camera sees: a test says it beforehand, a person types it in.
'use strict'
const { openDialog } = require('./overlay.js')

/** @type {(string | null)[]} what it sees next; null: the person turns back */
const coming = []

async function ask() {
  const field = Object.assign(document.createElement('textarea'), { placeholder: '二维码的内容' })
  const chosen = await openDialog({ title: '扫一扫', field, buttons: ['取消', '扫到了'] })
  return chosen === 1 ? field.value : null
}

/** @returns {Promise<string | null>} */
async function look() {
  return coming.length ? coming.shift() : ask()
}

module.exports = { look, show: (text) => coming.push(text) }
