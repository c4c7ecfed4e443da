// Files that stay on the phone when the mini-program ends: kept by the browser, apart for each imagined WeChat user.
'use strict'
const { settings } = require('./settings.js')

const SCHEME = 'wxfile://store_'
const SHELF = 'files'

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('__wx', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(SHELF, { keyPath: 'path' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** @param {'readonly' | 'readwrite'} mode @param {(shelf: IDBObjectStore) => IDBRequest} work */
async function onShelf(mode, work) {
  const database = await open()
  try {
    return await new Promise((resolve, reject) => {
      const request = work(database.transaction(SHELF, mode).objectStore(SHELF))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  } finally {
    database.close()
  }
}

const isSaved = (path) => path.startsWith(SCHEME)

/** @param {Blob} blob @param {string} name @returns {Promise<string>} its path from now on */
async function put(blob, name) {
  const path = SCHEME + crypto.randomUUID() + name.slice(name.lastIndexOf('.'))
  await onShelf('readwrite', (shelf) => shelf.put({ path, blob, name, owner: settings.openid, createTime: Math.floor(Date.now() / 1000) }))
  return path
}

/** @param {string} path @returns {Promise<{path: string, blob: Blob, name: string, createTime: number} | null>} */
async function find(path) {
  const file = await onShelf('readonly', (shelf) => shelf.get(path))
  return file && file.owner === settings.openid ? file : null
}

const list = async () => (await onShelf('readonly', (shelf) => shelf.getAll())).filter(({ owner }) => owner === settings.openid)

const remove = (path) => onShelf('readwrite', (shelf) => shelf.delete(path))

/** @type {Map<string, string>} the browser's own address of a file, made once while the page lives */
const addresses = new Map()

/** Where the browser finds a saved file; '' where it is gone. @param {string} path */
async function addressOf(path) {
  const file = addresses.has(path) ? null : await find(path)
  if (file) addresses.set(path, URL.createObjectURL(file.blob))
  return addresses.get(path) || ''
}

module.exports = { isSaved, put, find, list, remove, addressOf }
