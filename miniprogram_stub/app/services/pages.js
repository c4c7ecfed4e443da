// Opening pages from pages that lead to each other in circles.

/** WeChat keeps ten pages open; one more would not open at all. */
const MOST = 10

/** Opens a page upon the present one, or in its place where there is no room. @param {string} url */
function openPage(url) {
  if (getCurrentPages().length < MOST) wx.navigateTo({ url })
  else wx.redirectTo({ url })
}

module.exports = { openPage }
