// The rotating code of a site: read by the camera, or its eight digits typed in.

const { plain } = require('./typing.js')

/** @param {string} text what a QR code says, or somebody typed @returns {string} eight digits, or '' */
function codeIn(text) {
  const found = /(?:^|\D)(\d{8})(?:\D|$)/.exec(plain(text))
  return found ? found[1] : ''
}

/** @param {string} content */
const explain = (content) => wx.showModal({ title: '没有读到动态码', content, showCancel: false, confirmText: '知道了' })

/** @returns {Promise<string>} '' where the person turned back */
async function scanCode() {
  let text
  try {
    text = (await wx.scanCode({ onlyFromCamera: true, scanType: ['qrCode'] })).result
  } catch (error) {
    if (!(/** @type {any} */ (error).errMsg)) throw error
    if (!/cancel/.test(/** @type {any} */ (error).errMsg)) await explain('相机没有打开。可以改为输入屏幕上的 8 位数字。')
    return ''
  }
  const code = codeIn(text)
  if (!code) await explain('这不是派驻点的动态码。请扫派驻点平板上每 30 秒更换一次的二维码。')
  return code
}

/** @returns {Promise<string>} '' where the person turned back */
async function typeCode() {
  let typed = ''
  let title = '输入 8 位动态码'
  for (;;) {
    const { confirm, content } = await wx.showModal({
      title,
      content: typed,
      editable: true,
      placeholderText: '派驻点平板上的 8 位数字',
      confirmText: '确定',
    })
    if (!confirm) return ''
    typed = content || ''
    if (/^\d{8}$/.test(plain(typed))) return plain(typed)
    title = '要输 8 位数字，请再看一下'
  }
}

module.exports = { codeIn, scanCode, typeCode }
