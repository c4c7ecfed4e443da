// Photographs and papers that prove a record: chosen, kept on the phone until the server has them, sent once each.

const { choosePhotos, sendPhoto, LARGEST_BYTES } = require('./attachments.js')
const { newKey } = require('./keys.js')

/** The server takes as many with one record. */
const MOST_FILES = 9

const PAPERS = ['pdf', 'pptx', 'docx', 'xlsx', 'jpg', 'jpeg', 'png']

/** Where it stays when the mini-program ends; where the phone has no room left, the temporary path has to do. @param {string} path @returns {Promise<string>} */
const lasting = (path) =>
  new Promise((resolve) =>
    wx.getFileSystemManager().saveFile({
      tempFilePath: path,
      success: ({ savedFilePath }) => resolve(savedFilePath),
      fail: () => resolve(path),
    }),
  )

/** @param {string} path */
function dropFile(path) {
  if (path) wx.getFileSystemManager().removeSavedFile({ filePath: path, fail: () => {} })
}

/** @param {Set<string>} kept */
function dropFilesExcept(kept) {
  wx.getFileSystemManager().getSavedFileList({
    success: ({ fileList }) => fileList.filter(({ filePath }) => !kept.has(filePath)).forEach(({ filePath }) => dropFile(filePath)),
  })
}

/** @param {{path: string, name: string, size: number, proof: Proof, picture: boolean}} chosen @returns {Promise<KeptFile>} */
async function keptFile({ path, name, size, proof, picture }) {
  const common = { key: newKey(), name, proof, picture, id: '' }
  if (size > LARGEST_BYTES) return { ...common, path: '', state: 'refused', problem: '超过 8 MB，请移除后换一个小的。' }
  return { ...common, path: await lasting(path), state: 'kept', problem: '' }
}

/** Lets the person take or pick photographs. @param {number} room @param {Proof} proof @returns {Promise<KeptFile[]>} */
async function addPhotos(room, proof) {
  const chosen = await choosePhotos(room)
  return Promise.all(chosen.map(({ tempFilePath, size }) => keptFile({ path: tempFilePath, name: '照片', size, proof, picture: true })))
}

/** Lets the person pick papers that came in a chat. @param {number} room @param {Proof} proof @returns {Promise<KeptFile[]>} */
async function addPapers(room, proof) {
  try {
    const { tempFiles } = await wx.chooseMessageFile({ count: room, type: 'file', extension: PAPERS })
    return await Promise.all(tempFiles.map(({ path, name, size }) => keptFile({ path, name, size, proof, picture: /\.(jpe?g|png)$/i.test(name) })))
  } catch (error) {
    if (/cancel/.test(/** @type {any} */ (error).errMsg || '')) return []
    throw error
  }
}

/** @type {Map<string, Promise<string>>} */
const sending = new Map()

/** Sends a file; those who ask for the same one at the same time share one transfer. @param {KeptFile} file @returns {Promise<string>} its id */
function sendFile({ key, path }) {
  const known = sending.get(key)
  if (known) return known
  const transfer = sendPhoto(path)
    .then(({ id }) => id)
    .finally(() => sending.delete(key))
  sending.set(key, transfer)
  return transfer
}

module.exports = { addPhotos, addPapers, sendFile, dropFile, dropFilesExcept, MOST_FILES }
