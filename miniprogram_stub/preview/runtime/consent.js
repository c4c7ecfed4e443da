// The questions that WeChat itself asks a person, and the codes that it then hands out.
'use strict'
const { openDialog } = require('./overlay.js')
const { settings } = require('./settings.js')

/** Codes come from whatever plays WeChat for the backend: the preview's server asks it for one. */
async function fetchCode(kind, body) {
  const response = await fetch(`/__preview/wechat/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${kind}: ${await response.text()}`)
  return (await response.json()).code
}

const masked = (phone) => `${phone.slice(0, 3)}****${phone.slice(-4)}`

async function confirmPhoneNumber() {
  const chosen = await openDialog({
    title: '申请获取并验证你的手机号',
    content: masked(settings.phone),
    buttons: ['不允许', '允许'],
  })
  if (chosen !== 1) return { errMsg: 'getPhoneNumber:fail user deny' }
  return { errMsg: 'getPhoneNumber:ok', code: await fetchCode('phone-codes', { phone: settings.phone }) }
}

module.exports = { confirmPhoneNumber, fetchCode }
