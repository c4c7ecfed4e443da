// The phone itself: where it is, what it may be asked, how it looks.
'use strict'
const { asynchronous, Refused } = require('./call.js')
const { settings, change } = require('../settings.js')
const { openDialog, openSheet, element } = require('../overlay.js')

/** Private interfaces answer only where app.json declares them. */
function requireDeclared(app, name) {
  if (!(app.requiredPrivateInfos || []).includes(name)) {
    throw new Error(`wx.${name} is not in requiredPrivateInfos of app.json`)
  }
  if (!app.permission || !app.permission['scope.userLocation']) {
    throw new Error('app.json has no text for permission scope.userLocation')
  }
}

const REFUSALS = { denied: 'auth deny', off: 'system permission denied', timeout: 'timeout' }

function getLocation(app) {
  return asynchronous('getLocation', async ({ type = 'wgs84' }) => {
    requireDeclared(app, 'getLocation')
    if (type !== 'gcj02') throw new Error('the preview knows its place in GCJ-02: ask with type "gcj02"')
    if (settings.location in REFUSALS) throw new Refused(REFUSALS[settings.location])
    const { longitude, latitude, accuracy } = settings
    return { longitude, latitude, accuracy, speed: -1, altitude: 0, verticalAccuracy: 0, horizontalAccuracy: accuracy }
  })
}

const authSetting = () => ({ 'scope.userLocation': settings.location !== 'denied' })

async function openSetting() {
  const row = element('label', 'preview-row', '位置信息')
  const box = row.appendChild(Object.assign(document.createElement('input'), { type: 'checkbox' }))
  box.checked = authSetting()['scope.userLocation']
  await openSheet({ title: '设置', content: row, buttons: ['完成'] })
  if (box.checked !== authSetting()['scope.userLocation']) change({ location: box.checked ? 'granted' : 'denied' })
  return { authSetting: authSetting() }
}

function getWindowInfo() {
  const page = document.querySelector('.preview-page:not([hidden])')
  const { innerWidth, innerHeight } = window
  return {
    pixelRatio: devicePixelRatio,
    screenWidth: innerWidth,
    screenHeight: innerHeight,
    windowWidth: innerWidth,
    windowHeight: page ? page.clientHeight : innerHeight,
    statusBarHeight: 0,
    screenTop: 0,
    safeArea: { left: 0, top: 0, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight },
  }
}

const getAppBaseInfo = () => ({
  SDKVersion: '3.8.0',
  language: 'zh_CN',
  version: '8.0.0',
  theme: 'light',
  host: { appId: 'preview' },
  enableDebug: false,
  fontSizeSetting: settings.fontSize,
  fontSizeScaleFactor: settings.fontSize / 16,
})

const getDeviceInfo = () => ({ brand: 'preview', model: 'preview', platform: 'devtools', system: 'preview', abi: '' })

module.exports = (app) => ({
  getLocation: getLocation(app),
  getSetting: asynchronous('getSetting', () => ({ authSetting: authSetting() })),
  openSetting: asynchronous('openSetting', openSetting),
  makePhoneCall: asynchronous('makePhoneCall', async ({ phoneNumber }) => {
    const chosen = await openDialog({ title: '拨打电话', content: phoneNumber, buttons: ['取消', '呼叫'] })
    if (chosen !== 1) throw new Refused('cancel')
  }),
  setClipboardData: asynchronous('setClipboardData', ({ data }) => navigator.clipboard.writeText(data)),
  vibrateShort: asynchronous('vibrateShort', () => {}),
  getWindowInfo,
  getAppBaseInfo,
  getDeviceInfo,
})
