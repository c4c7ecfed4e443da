// Money: whole fen everywhere, yuan where people read it.

/** @param {number} fen @returns {string} 1,234.56元 */
function yuan(fen) {
  const [whole, part] = [Math.floor(Math.abs(fen) / 100), Math.abs(fen) % 100]
  return `${fen < 0 ? '-' : ''}${String(whole).replace(/\B(?=(\d{3})+$)/g, ',')}.${String(part).padStart(2, '0')}元`
}

module.exports = { yuan }
