// The global wx. What is not here throws, so that nobody takes its silence for success.
'use strict'

function createWx(app, navigation) {
  const known = {
    ...require('./network.js'),
    ...require('./storage.js'),
    ...require('./files.js'),
    ...require('./scan.js'),
    ...require('./device.js')(app),
    ...require('./account.js'),
    ...require('./screens.js')(navigation),
    canIUse: (name) => name.split('.')[0] in known,
  }
  return new Proxy(known, {
    get(target, name) {
      if (typeof name === 'string' && !(name in target)) throw new Error(`wx.${name} is not in the preview`)
      return target[name]
    },
  })
}

module.exports = { createWx }
