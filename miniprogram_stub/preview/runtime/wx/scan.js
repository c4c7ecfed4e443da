// wx.scanCode.
'use strict'
const { asynchronous, Refused } = require('./call.js')
const { look } = require('../camera.js')

const KINDS = ['barCode', 'qrCode', 'datamatrix', 'pdf417']

async function scanCode({ scanType = ['barCode', 'qrCode'] }) {
  for (const kind of scanType) if (!KINDS.includes(kind)) throw new Error(`wx.scanCode knows no scanType "${kind}"`)
  const text = await look()
  if (text === null) throw new Refused('cancel')
  return { result: text, scanType: 'QR_CODE', charSet: 'utf-8', path: '', rawData: '' }
}

module.exports = { scanCode: asynchronous('scanCode', scanCode) }
