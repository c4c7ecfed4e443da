// Who the person is to WeChat, and what they agreed to.
'use strict'
const { asynchronous, Refused } = require('./call.js')
const { settings } = require('../settings.js')
const { confirmMessages, fetchCode } = require('../consent.js')
const { openDialog } = require('../overlay.js')
const { isTapped } = require('../tapping.js')

const MOST_TEMPLATES = 5

async function requestSubscribeMessage({ tmplIds }) {
  if (!tmplIds.length || tmplIds.length > MOST_TEMPLATES) throw new Refused('invalid tmplIds', { errCode: 20003 })
  if (!isTapped()) throw new Error('wx.requestSubscribeMessage can only be called while a tap is handled: nothing may be awaited before it')
  if (settings.messages === 'off') throw new Refused('The main switch is switched off', { errCode: 20004 })
  return confirmMessages(tmplIds)
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
