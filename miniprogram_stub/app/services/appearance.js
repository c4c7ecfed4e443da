// Text as large as the person set it in WeChat, and never below 16 px.

const SMALLEST_PX = 16
const LARGEST_PX = 26

/** For <page-meta root-font-size>; every size in the style sheets is in rem. */
function rootFontSize() {
  const { fontSizeSetting = SMALLEST_PX } = wx.getAppBaseInfo()
  return `${Math.min(LARGEST_PX, Math.max(SMALLEST_PX, fontSizeSetting))}px`
}

module.exports = { rootFontSize }
