// The calling convention of wx.*: callbacks, or a promise where none is given.
'use strict'

/** A failure that WeChat would report through fail(); anything else is a mistake and stays loud. */
class Refused extends Error {
  constructor(reason, fields = {}) {
    super(reason)
    this.fields = fields
  }
}

function settle(name, promise, { success, fail, complete }) {
  const done = (callback, result) => {
    if (callback) callback(result)
    if (complete) complete(result)
  }
  promise.then(
    (result) => done(success, { errMsg: `${name}:ok`, ...result }),
    (error) => {
      if (!(error instanceof Refused)) throw error
      done(fail, { errMsg: `${name}:fail ${error.message}`, ...error.fields })
    },
  )
}

/**
 * Makes an asynchronous wx function of work(options), which returns the extra fields of the result.
 * @param {string} name
 * @param {(options: any) => any} work
 */
function asynchronous(name, work) {
  return (/** @type {any} */ options = {}) => {
    const promise = (async () => work(options))()
    if (options.success || options.fail || options.complete) return settle(name, promise, options)
    return promise.then(
      (result) => ({ errMsg: `${name}:ok`, ...result }),
      (error) => {
        throw error instanceof Refused ? { errMsg: `${name}:fail ${error.message}`, ...error.fields } : error
      },
    )
  }
}

module.exports = { asynchronous, settle, Refused }
