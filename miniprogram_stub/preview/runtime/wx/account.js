// Who the person is to WeChat, and what they agreed to.
'use strict'
const { asynchronous } = require('./call.js')
const { settings } = require('../settings.js')
const { fetchCode } = require('../consent.js')
const { openDialog } = require('../overlay.js')

async function requestSubscribeMessage({ tmplIds }) {
  const chosen = await openDialog({ title: '发送一次以下消息', content: tmplIds.join('\n'), buttons: ['取消', '允许'] })
  return Object.fromEntries(tmplIds.map((id) => [id, chosen === 1 ? 'accept' : 'reject']))
}

module.exports = {
  login: asynchronous('login', async () => ({ code: await fetchCode('login-codes', { openid: settings.openid }) })),
  checkSession: asynchronous('checkSession', () => {}),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'preview', envVersion: 'develop', version: '' }, plugin: {} }),
  requestSubscribeMessage: asynchronous('requestSubscribeMessage', requestSubscribeMessage),
  getPrivacySetting: asynchronous('getPrivacySetting', () => ({ needAuthorization: false, privacyContractName: '《用户隐私保护指引》' })),
  requirePrivacyAuthorize: asynchronous('requirePrivacyAuthorize', () => {}),
  openPrivacyContract: asynchronous('openPrivacyContract', async () => {
    await openDialog({ title: '用户隐私保护指引', content: '预览中没有正文：正文在微信公众平台上填写。', buttons: ['知道了'] })
  }),
}
