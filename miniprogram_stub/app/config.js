// Which server each edition of the mini-program talks to.

/** @type {Record<string, string>} */
const ORIGINS = {
  develop: 'http://127.0.0.1:8000',
  trial: 'https://bangfu.example.cn',
  release: 'https://bangfu.example.cn',
}

module.exports = {
  apiRoot: `${ORIGINS[wx.getAccountInfoSync().miniProgram.envVersion]}/api/v1`,
}
