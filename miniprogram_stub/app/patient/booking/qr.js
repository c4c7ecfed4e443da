// QR codes (ISO/IEC 18004): bytes, versions 1 to 6, level M, of which a seventh may be covered and it still reads.

/** Of each version: all codewords, those for repair in a block, blocks; their blocks are equally long. */
const VERSIONS = [
  [26, 10, 1],
  [44, 16, 1],
  [70, 26, 1],
  [100, 18, 2],
  [134, 24, 2],
  [172, 16, 4],
]
const LEVEL_M = 0
const EXP = new Uint8Array(512)
const LOG = new Uint8Array(256)
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value
  LOG[value] = power
  value = value & 128 ? ((value << 1) ^ 0x11d) & 255 : value << 1
}

/** @param {number} a @param {number} b in the field of 256 */
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0)

/** The codewords that repair a block. @param {number[]} block @param {number} count */
function repairOf(block, count) {
  let generator = [1]
  for (let power = 0; power < count; power += 1) {
    const next = [...generator, 0]
    generator.forEach((factor, index) => (next[index + 1] ^= times(factor, EXP[power])))
    generator = next
  }
  const rest = [...block, ...new Array(count).fill(0)]
  for (let index = 0; index < block.length; index += 1) {
    const factor = rest[index]
    generator.forEach((other, step) => (rest[index + step] ^= times(other, factor)))
  }
  return rest.slice(block.length)
}

/** @param {number[]} bytes @param {number} room */
function dataOf(bytes, room) {
  const bits = [4, bytes.length >> 4, bytes.length & 15, ...bytes.reduce((all, byte) => [...all, byte >> 4, byte & 15], /** @type {number[]} */ ([])), 0]
  const words = []
  for (let index = 0; index < bits.length; index += 2) words.push((bits[index] << 4) | bits[index + 1])
  while (words.length < room) words.push((words.length - bytes.length) % 2 ? 0x11 : 0xec)
  return words
}

/** @param {number[]} bytes @param {number} version */
function codewordsOf(bytes, version) {
  const [all, repair, blocks] = VERSIONS[version - 1]
  const room = all - repair * blocks
  const data = dataOf(bytes, room)
  const length = room / blocks
  const parts = Array.from({ length: blocks }, (_, index) => data.slice(index * length, (index + 1) * length))
  const repairs = parts.map((part) => repairOf(part, repair))
  const woven = (/** @type {number[][]} */ rows) => rows[0].reduce((found, _, index) => [...found, ...rows.map((row) => row[index])], /** @type {number[]} */ ([]))
  return [...woven(parts), ...woven(repairs)]
}

/** Draws what is not data; `null` is left for it. @param {number} version */
function frameOf(version) {
  const side = 17 + 4 * version
  /** @type {(0 | 1 | null)[][]} */
  const cells = Array.from({ length: side }, () => new Array(side).fill(null))
  const square = (/** @type {number} */ row, /** @type {number} */ column, /** @type {number} */ reach, /** @type {number[]} */ dark) => {
    for (let y = -reach; y <= reach; y += 1) {
      for (let x = -reach; x <= reach; x += 1) {
        const ring = Math.max(Math.abs(x), Math.abs(y))
        if (cells[row + y] && column + x >= 0 && column + x < side) cells[row + y][column + x] = dark.includes(ring) ? 1 : 0
      }
    }
  }
  for (const [row, column] of [[3, 3], [3, side - 4], [side - 4, 3]]) square(row, column, 4, [0, 1, 3])
  if (version > 1) square(side - 7, side - 7, 2, [0, 2])
  for (let index = 8; index < side - 8; index += 1) cells[6][index] = cells[index][6] = index % 2 ? 0 : 1
  return cells
}

/** @type {((row: number, column: number) => number)[]} a cell is turned over where it is 0 */
const MASKS = [
  (r, c) => (r + c) % 2,
  (r) => r % 2,
  (_, c) => c % 3,
  (r, c) => (r + c) % 3,
  (r, c) => ((r >> 1) + Math.floor(c / 3)) % 2,
  (r, c) => ((r * c) % 2) + ((r * c) % 3),
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
]

/** @param {(0 | 1 | null)[][]} cells @param {number} mask */
function putFormat(cells, mask) {
  const side = cells.length
  const value = (LEVEL_M << 3) | mask
  let rest = value << 10
  for (let bit = 14; bit >= 10; bit -= 1) if ((rest >> bit) & 1) rest ^= 0x537 << (bit - 10)
  const format = ((value << 10) | rest) ^ 0x5412
  for (let index = 0; index < 15; index += 1) {
    const bit = /** @type {0 | 1} */ ((format >> index) & 1)
    const along = index < 6 ? index : index < 8 ? index + 1 : side - 15 + index
    const across = index < 8 ? side - 1 - index : index < 9 ? 7 : 14 - index
    cells[along][8] = bit
    cells[8][across] = bit
  }
  cells[side - 8][8] = 1
}

/** Fills the free cells, two columns at a time, upwards and downwards from the right. @param {(0 | 1 | null)[][]} cells @param {number[]} words @param {number} mask */
function putData(cells, words, mask) {
  const side = cells.length
  let at = 0
  for (let right = side - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right -= 1
    for (let step = 0; step < side; step += 1) {
      const row = up ? side - 1 - step : step
      for (const column of [right, right - 1]) {
        if (cells[row][column] !== null) continue
        const bit = ((words[at >> 3] || 0) >> (7 - (at & 7))) & 1
        cells[row][column] = /** @type {0 | 1} */ (MASKS[mask](row, column) ? bit : bit ^ 1)
        at += 1
      }
    }
  }
}

/** How hard a code is to read: long runs and large blocks of one colour. @param {number[][]} cells */
function penaltyOf(cells) {
  const side = cells.length
  let sum = 0
  for (let row = 0; row < side; row += 1) {
    for (const read of [(/** @type {number} */ at) => cells[row][at], (/** @type {number} */ at) => cells[at][row]]) {
      for (let at = 1, run = 1; at <= side; at += 1) {
        if (at < side && read(at) === read(at - 1)) run += 1
        else {
          if (run >= 5) sum += run - 2
          run = 1
        }
      }
    }
    for (let at = 1; row && at < side; at += 1) {
      if (cells[row][at] === cells[row - 1][at] && cells[row][at] === cells[row][at - 1] && cells[row][at] === cells[row - 1][at - 1]) sum += 3
    }
  }
  return sum
}

/** @param {string} text plain ASCII @returns {number[][]} rows of 0 (light) and 1 (dark), without the white around them */
function qrCode(text) {
  const bytes = [...text].map((char) => char.charCodeAt(0))
  const version = 1 + VERSIONS.findIndex(([all, repair, blocks]) => bytes.length + 2 <= all - repair * blocks)
  if (!version) throw new Error(`${bytes.length} bytes are more than a code of ours holds`)
  const words = codewordsOf(bytes, version)
  const drawn = MASKS.map((_, mask) => {
    const cells = frameOf(version)
    putFormat(cells, mask)
    putData(cells, words, mask)
    return /** @type {number[][]} */ (cells)
  })
  return drawn.reduce((best, cells) => (penaltyOf(cells) < penaltyOf(best) ? cells : best))
}

module.exports = { qrCode }
