// The inbox.

const { request } = require('./request.js')

/** @param {number} page @returns {Promise<{items: Notice[], total: number, unread: number}>} */
const fetchNotices = (page) => request({ path: '/notifications', query: { page } })

/** @param {string} id */
const markRead = (id) => request({ method: 'POST', path: `/notifications/${id}/read` })

const TAB = 1

/** @param {number} unread */
function showBadge(unread) {
  if (unread > 0) wx.setTabBarBadge({ index: TAB, text: unread > 99 ? '99+' : String(unread) })
  else wx.removeTabBarBadge({ index: TAB })
}

module.exports = { fetchNotices, markRead, showBadge }
