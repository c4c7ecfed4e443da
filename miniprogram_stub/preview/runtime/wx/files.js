// Files: chosen by the person, sent to the server, fetched from it, shown. Their paths are addresses of the browser's own.
'use strict'
const { asynchronous, settle, Refused } = require('./call.js')
const { exchange, ownAddress } = require('../connection.js')
const { openSheet, element } = require('../overlay.js')
const saved = require('../saved_files.js')

const MEDIA = { image: 'image/*', video: 'video/*', mix: 'image/*,video/*' }

/** @type {Map<string, string>} a path's file name: WeChat's own paths end with one */
const names = new Map()

function keep(blob, name) {
  const path = URL.createObjectURL(blob)
  names.set(path, name)
  return path
}

/** @param {string} path @returns {Promise<{blob: Blob, name: string}>} */
async function fileOf(path) {
  const file = saved.isSaved(path) ? await saved.find(path) : names.has(path) && { blob: await (await fetch(path)).blob(), name: names.get(path) || '' }
  if (!file) throw new Refused('file not found')
  return file
}

/** Where the browser finds a file of either sort. @param {string} path */
const addressOf = async (path) => (saved.isSaved(path) ? saved.addressOf(path) : path)

/** @returns {Promise<File[]>} */
function choose(count, accept) {
  return new Promise((resolve, reject) => {
    const input = Object.assign(document.createElement('input'), { type: 'file', accept, multiple: count > 1 })
    input.oncancel = () => reject(new Refused('cancel'))
    input.onchange = () => resolve([...input.files].slice(0, count))
    input.click()
  })
}

async function chooseMedia({ count = 9, mediaType = ['image', 'video'] }) {
  const kind = mediaType.length === 1 ? mediaType[0] : 'mix'
  if (!(kind in MEDIA)) throw new Error(`wx.chooseMedia knows no mediaType "${kind}"`)
  const files = await choose(count, MEDIA[kind])
  const tempFiles = files.map((file) => ({ tempFilePath: keep(file, file.name), size: file.size, fileType: file.type.split('/')[0] }))
  return { tempFiles, type: kind }
}

async function chooseMessageFile({ count, type = 'all', extension = [] }) {
  if (!['all', 'video', 'image', 'file'].includes(type)) throw new Error(`wx.chooseMessageFile knows no type "${type}"`)
  const files = await choose(count, extension.map((end) => `.${end}`).join(','))
  const tempFiles = files.map((file) => ({ path: keep(file, file.name), name: file.name, size: file.size, type: 'file', time: 0 }))
  return { tempFiles }
}

async function send({ url, filePath, name, formData = {}, header = {}, timeout }, controller) {
  const file = await fileOf(filePath)
  const form = new FormData()
  for (const [key, value] of Object.entries(formData)) form.append(key, String(value))
  form.append(name, file.blob, file.name)
  const { body, ...answer } = await exchange(ownAddress(url), { method: 'POST', headers: header, body: form }, { timeout, controller })
  return { ...answer, data: await body.text(), cookies: [] }
}

async function fetchFile({ url, header = {}, timeout }, controller) {
  const { body, ...answer } = await exchange(ownAddress(url), { headers: header }, { timeout, controller })
  return { ...answer, tempFilePath: keep(body, ''), cookies: [] }
}

/** A task that can be ended, as WeChat returns one where callbacks are given. */
function task(name, work) {
  return (/** @type {any} */ options) => {
    const controller = new AbortController()
    settle(name, work(options, controller), options)
    return { abort: () => controller.abort('abort') }
  }
}

async function previewImage({ urls, current = urls[0] }) {
  const picture = Object.assign(element('img', 'preview-picture'), { src: await addressOf(current), alt: '图片' })
  await openSheet({ content: picture, buttons: ['关闭'] })
}

async function openDocument({ filePath }) {
  await fileOf(filePath)
  const link = Object.assign(element('a', 'preview-row', '在浏览器中打开'), { href: await addressOf(filePath), target: '_blank' })
  await openSheet({ title: '文件', content: link, buttons: ['关闭'] })
}

/** Moves a temporary file to where it stays, as WeChat does. */
async function saveFile({ tempFilePath }) {
  if (saved.isSaved(tempFilePath)) throw new Refused(`tempFilePath file not exist`)
  const { blob, name } = await fileOf(tempFilePath)
  const savedFilePath = await saved.put(blob, name)
  names.delete(tempFilePath)
  return { savedFilePath }
}

async function getSavedFileList() {
  const files = await saved.list()
  return { fileList: files.map(({ path, blob, createTime }) => ({ filePath: path, size: blob.size, createTime })) }
}

async function removeSavedFile({ filePath }) {
  if (!(await saved.find(filePath))) throw new Refused('file not exist')
  await saved.remove(filePath)
}

/** The manager's functions answer through callbacks only. */
const answering = (name, work) => (/** @type {any} */ options = {}) => settle(name, work(options), options)

const fileSystem = {
  saveFile: answering('saveFile', saveFile),
  getSavedFileList: answering('getSavedFileList', getSavedFileList),
  removeSavedFile: answering('removeSavedFile', removeSavedFile),
}

module.exports = {
  getFileSystemManager: () => fileSystem,
  chooseMedia: asynchronous('chooseMedia', chooseMedia),
  chooseMessageFile: asynchronous('chooseMessageFile', chooseMessageFile),
  uploadFile: task('uploadFile', send),
  downloadFile: task('downloadFile', fetchFile),
  previewImage: asynchronous('previewImage', previewImage),
  openDocument: asynchronous('openDocument', openDocument),
}
