// What was typed and not yet sent, kept on the phone until the server has it.

const PREFIX = 'draft:'

/** @param {string} name @returns {any} */
const readDraft = (name) => wx.getStorageSync(PREFIX + name) || null

/** @param {string} name @param {any} value */
const keepDraft = (name, value) => wx.setStorageSync(PREFIX + name, value)

/** @param {string} name */
const dropDraft = (name) => wx.removeStorageSync(PREFIX + name)

/** Nothing of one person stays on the phone for the next. */
function dropDrafts() {
  for (const key of wx.getStorageInfoSync().keys) if (key.startsWith(PREFIX)) wx.removeStorageSync(key)
}

module.exports = { readDraft, keepDraft, dropDraft, dropDrafts }
