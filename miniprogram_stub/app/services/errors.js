// What can go wrong between the phone and the server, with a sentence that says what to do.

class Failure extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} status 0 where no answer came
   * @param {Record<string, string[]>} fields
   */
  constructor(code, message, status = 0, fields = {}) {
    super(message)
    this.code = code
    this.status = status
    this.fields = fields
    /** True where the log-in failed, so that the server said nothing of the call itself. */
    this.beforeCall = false
  }

  /** Nothing is decided yet: the server may answer otherwise later, or to another role. */
  get passing() {
    return this.beforeCall || this.status === 0 || this.status >= 500 || [401, 403, 408, 429].includes(this.status)
  }
}

const noNetwork = () => new Failure('no_network', '现在没有网络。请检查手机网络，连上后再试。')
const fileGone = () => new Failure('file_gone', '这张照片已不在手机里，请移除后重拍。')
const signedOut = () => new Failure('signed_out', '您还没有登录，请先用微信登录。')

/**
 * @param {number} status
 * @param {any} body
 */
function failureOf(status, body) {
  const error = body && body.error
  if (error && error.code && error.message) return new Failure(error.code, error.message, status, error.fields || {})
  return new Failure('server_unavailable', '服务器暂时没有响应，请过一会儿再试。', status)
}

/**
 * @param {unknown} error
 * @returns {Failure} anything unexpected is thrown on
 */
function asFailure(error) {
  if (error instanceof Failure) return error
  throw error
}

module.exports = { Failure, failureOf, asFailure, fileGone, noNetwork, signedOut }
