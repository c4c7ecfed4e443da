// Every built-in component by its tag. Definitions only: nothing here touches a document until one is shown.
'use strict'

const components = {
  ...require('./layout.js'),
  ...require('./fields.js'),
  ...require('./controls.js'),
  ...require('./picker.js'),
}

module.exports = { components }
