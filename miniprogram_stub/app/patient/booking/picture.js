// A QR code as a PNG in a data URI: an <image> shows it on any phone, and needs no canvas.

const { qrCode } = require('./qr.js')

const QUIET = 4
const SCALE = 6
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** @param {number} value */
const fourBytes = (value) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

/** @param {number[]} bytes */
function crcOf(bytes) {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc
}

/** @param {number[]} bytes */
function adlerOf(bytes) {
  let low = 1
  let high = 0
  for (const byte of bytes) {
    low = (low + byte) % 65521
    high = (high + low) % 65521
  }
  return high * 65536 + low
}

/** @param {string} name @param {number[]} bytes */
function chunk(name, bytes) {
  const named = [...[...name].map((char) => char.charCodeAt(0)), ...bytes]
  return [...fourBytes(bytes.length), ...named, ...fourBytes(crcOf(named))]
}

/** Rows of pixels, eight in a byte, 1 is white; each row begins with its filter, none. @param {number[][]} cells */
function pixelsOf(cells) {
  const modules = cells.length + 2 * QUIET
  const width = modules * SCALE
  /** @type {number[]} */
  const bytes = []
  for (let y = 0; y < modules; y += 1) {
    const row = [0]
    for (let x = 0; x < width; x += 1) {
      const cell = (cells[y - QUIET] || [])[Math.floor(x / SCALE) - QUIET]
      if (x % 8 === 0) row.push(0)
      if (!cell) row[row.length - 1] |= 128 >> (x % 8)
    }
    for (let again = 0; again < SCALE; again += 1) bytes.push(...row)
  }
  return { width, bytes }
}

/** A stream that is stored as it is: a code is small, and a deflater is not. @param {number[]} bytes fewer than 65,536 */
function stored(bytes) {
  const length = [bytes.length & 255, bytes.length >> 8]
  return [0x78, 0x01, 1, ...length, ...length.map((byte) => byte ^ 255), ...bytes, ...fourBytes(adlerOf(bytes))]
}

/** @param {number[]} bytes */
function base64(bytes) {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const three = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0)
    const left = bytes.length - at
    text += LETTERS[three >> 18] + LETTERS[(three >> 12) & 63] + (left > 1 ? LETTERS[(three >> 6) & 63] : '=') + (left > 2 ? LETTERS[three & 63] : '=')
  }
  return text
}

/** @param {string} text */
function pictureOf(text) {
  const { width, bytes } = pixelsOf(qrCode(text))
  const header = chunk('IHDR', [...fourBytes(width), ...fourBytes(width), 1, 0, 0, 0, 0])
  const png = [137, 80, 78, 71, 13, 10, 26, 10, ...header, ...chunk('IDAT', stored(bytes)), ...chunk('IEND', [])]
  return `data:image/png;base64,${base64(png)}`
}

module.exports = { pictureOf }
