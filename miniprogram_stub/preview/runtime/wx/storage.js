// wx storage: kept by the browser, apart for each imagined WeChat user.
'use strict'
const { asynchronous, Refused } = require('./call.js')
const { settings } = require('../settings.js')

const prefix = () => `__wx:${settings.openid}:`

function keys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix())).map((key) => key.slice(prefix().length))
}

function setStorageSync(key, data) {
  if (typeof key !== 'string' || key === '') throw new Error('a storage key is a text')
  localStorage.setItem(prefix() + key, JSON.stringify({ data }))
}

function getStorageSync(key) {
  const text = localStorage.getItem(prefix() + key)
  if (text === null) return ''
  const { data } = JSON.parse(text)
  return data === undefined ? '' : data
}

const removeStorageSync = (key) => localStorage.removeItem(prefix() + key)
const clearStorageSync = () => keys().forEach(removeStorageSync)

function getStorageInfoSync() {
  const size = keys().reduce((sum, key) => sum + localStorage.getItem(prefix() + key).length, 0)
  return { keys: keys(), currentSize: Math.ceil(size / 1024), limitSize: 10240 }
}

module.exports = {
  setStorageSync,
  getStorageSync,
  removeStorageSync,
  clearStorageSync,
  getStorageInfoSync,
  setStorage: asynchronous('setStorage', ({ key, data }) => setStorageSync(key, data)),
  getStorage: asynchronous('getStorage', ({ key }) => {
    if (!keys().includes(key)) throw new Refused('data not found')
    return { data: getStorageSync(key) }
  }),
  removeStorage: asynchronous('removeStorage', ({ key }) => removeStorageSync(key)),
  clearStorage: asynchronous('clearStorage', clearStorageSync),
}
