// What people type, with Chinese keyboards too.

/** Full-width digits and letters, as Chinese keyboards give them, are meant as plain ones. @param {string} text */
function plain(text) {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
  return narrow.replace(/\s/g, '')
}

/** The server takes a reason as one line. @param {string} text */
const oneLine = (text) => text.replace(/\s+/g, ' ').trim()

module.exports = { oneLine, plain }
