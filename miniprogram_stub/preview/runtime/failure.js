// Failures are shown, not swallowed: a preview that hides them would prove nothing.
'use strict'

/** @type {string[]} what went wrong since the page was loaded; browser tests expect it to stay empty */
const failures = []

function fail(error) {
  const message = error instanceof Error ? error.stack || error.message : String(error)
  failures.push(message)
  console.error(`[preview] ${message}`)
  let banner = document.getElementById('failure')
  if (!banner) {
    banner = document.body.appendChild(document.createElement('pre'))
    banner.id = 'failure'
  }
  banner.textContent = failures.join('\n\n')
}

function watchForFailures(glassEasel) {
  window.addEventListener('error', (event) => fail(event.error || event.message))
  window.addEventListener('unhandledrejection', (event) => {
    const reason = event.reason
    fail(reason && reason.errMsg ? `unhandled: ${reason.errMsg}` : reason)
  })
  glassEasel.addGlobalErrorListener((error) => {
    fail(error)
    return false
  })
  glassEasel.addGlobalWarningListener((message, component) => {
    const where = component && (typeof component === 'string' ? component : component.is)
    fail(`${where || ''}: ${message}`)
    return false
  })
}

module.exports = { fail, failures, watchForFailures }
