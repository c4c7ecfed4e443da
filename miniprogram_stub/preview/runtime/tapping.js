// Whether a tap is being handled right now: some of wx answers only then.
'use strict'

let handling = false

/** Until the page's handlers, and what they await that is there already, have run. */
function beginTap() {
  handling = true
  setTimeout(() => {
    handling = false
  })
}

module.exports = { beginTap, isTapped: () => handling }
