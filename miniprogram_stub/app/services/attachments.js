// Papers as photos: taken, sent at once, shown.

const { upload, download } = require('./request.js')

const MOST = 6
const LARGEST_BYTES = 8 * 1024 * 1024

/**
 * Lets the person take or pick photos; each is sent by itself, so that a bad network costs one and not all.
 * @param {number} room how many more there may be
 * @returns {Promise<{tempFilePath: string, size: number}[]>} none where the person turned back
 */
async function choosePhotos(room) {
  try {
    const { tempFiles } = await wx.chooseMedia({
      count: Math.min(room, 9),
      mediaType: ['image'],
      sourceType: ['album', 'camera'],
      sizeType: ['compressed'],
    })
    return tempFiles
  } catch (error) {
    if (/cancel/.test(/** @type {any} */ (error).errMsg || '')) return []
    throw error
  }
}

/** @param {string} filePath @returns {Promise<Attachment>} */
const sendPhoto = (filePath) => upload({ path: '/attachments', filePath })

const OFFICE = 'application/vnd.openxmlformats-officedocument'

/** @type {Partial<Record<Attachment['content_type'], 'pdf' | 'pptx' | 'docx' | 'xlsx'>>} what WeChat opens as a document */
const DOCUMENTS = {
  'application/pdf': 'pdf',
  [`${OFFICE}.presentationml.presentation`]: 'pptx',
  [`${OFFICE}.wordprocessingml.document`]: 'docx',
  [`${OFFICE}.spreadsheetml.sheet`]: 'xlsx',
}

/**
 * @param {string} path below the API
 * @param {Attachment['content_type']} contentType
 */
async function showFile(path, contentType) {
  const file = await download({ path })
  const fileType = DOCUMENTS[contentType]
  if (fileType) await wx.openDocument({ filePath: file, fileType })
  else await wx.previewImage({ urls: [file] })
}

module.exports = { choosePhotos, sendPhoto, showFile, MOST, LARGEST_BYTES }
