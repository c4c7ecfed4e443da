// The questions that WeChat itself asks a person, and the codes that it then hands out.
'use strict'
const { openDialog } = require('./overlay.js')
const { settings } = require('./settings.js')

/** Whatever plays WeChat for the backend answers: the preview's server passes it on. */
async function order(path, body) {
  const response = await fetch(`/__preview/wechat/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return response.json()
}

const fetchCode = async (kind, body) => (await order(kind, body)).code

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

/** One answer for all, as most people give; WeChat then tells the backend by an event. */
async function confirmMessages(templates) {
  const always = settings.messages === 'always'
  const asked = { title: '申请发送以下消息', content: templates.join('\n'), buttons: ['取消', '允许'] }
  const choice = always || (await openDialog(asked)) === 1 ? 'accept' : 'reject'
  for (const template of templates) await order('grants', { openid: settings.openid, template_id: template, choice })
  return Object.fromEntries(templates.map((template) => [template, choice]))
}

module.exports = { confirmMessages, confirmPhoneNumber, fetchCode }
