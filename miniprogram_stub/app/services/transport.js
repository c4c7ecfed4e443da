// One exchange with the server, of JSON or of a file: what came back, or a Failure.

const { apiRoot } = require('../config.js')
const { noteServerTime } = require('./clock.js')
const { failureOf, fileGone, noNetwork } = require('./errors.js')

const TIMEOUT_MS = 15000

/** A photo on two bars of signal. */
const FILE_TIMEOUT_MS = 120000

/**
 * @typedef {'GET' | 'POST' | 'PUT' | 'DELETE'} Method
 * @typedef {{method?: Method, path: string, query?: Record<string, string | number>, body?: object, idempotencyKey?: string, timeoutMs?: number, open?: boolean}} Call
 */

/**
 * @param {string | null} accessToken
 * @returns {Record<string, string>}
 */
const authorization = (accessToken) => (accessToken ? { Authorization: `Bearer ${accessToken}` } : {})

/**
 * @param {Call} call
 * @param {string | null} accessToken
 * @returns {Promise<any>} the answer's body
 */
function send({ method = 'GET', path, query, body, idempotencyKey, timeoutMs = TIMEOUT_MS }, accessToken) {
  const header = authorization(accessToken)
  if (idempotencyKey) header['Idempotency-Key'] = idempotencyKey
  return new Promise((resolve, reject) => {
    wx.request({
      url: apiRoot + path,
      method,
      data: method === 'GET' ? query : body,
      header,
      timeout: timeoutMs,
      success: ({ statusCode, data, header: received }) => {
        noteServerTime(received.Date || received.date)
        if (statusCode >= 200 && statusCode < 300) resolve(data)
        else reject(failureOf(statusCode, data))
      },
      fail: () => reject(noNetwork()),
    })
  })
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch (error) {
    return null
  }
}

/**
 * @param {{path: string, filePath: string, open?: boolean}} call
 * @param {string | null} accessToken
 * @returns {Promise<any>} the answer's body
 */
function sendFile({ path, filePath }, accessToken) {
  return new Promise((resolve, reject) => {
    wx.uploadFile({
      url: apiRoot + path,
      filePath,
      name: 'file',
      header: authorization(accessToken),
      timeout: FILE_TIMEOUT_MS,
      success: ({ statusCode, data }) => {
        const body = parsed(data)
        if (statusCode >= 200 && statusCode < 300 && body) resolve(body)
        else reject(failureOf(statusCode, body))
      },
      fail: ({ errMsg }) => reject(/file/i.test(errMsg.replace(/^\w+/, '')) ? fileGone() : noNetwork()),
    })
  })
}

/**
 * @param {{path: string, open?: boolean}} call
 * @param {string | null} accessToken
 * @returns {Promise<string>} where the file now lies on the phone
 */
function fetchFile({ path }, accessToken) {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url: apiRoot + path,
      header: authorization(accessToken),
      timeout: FILE_TIMEOUT_MS,
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode === 200) resolve(tempFilePath)
        else reject(failureOf(statusCode, null))
      },
      fail: () => reject(noNetwork()),
    })
  })
}

module.exports = { send, sendFile, fetchFile }
