// node build.js [PROJECT] [OUT]: builds the project beside this tool, or the one that is named.
'use strict'
const path = require('node:path')
const { build } = require('./builder/build.js')
const { BuildFailed } = require('./builder/problems.js')

const projectRoot = path.resolve(process.argv[2] || path.join(__dirname, '..'))
const outDir = path.resolve(process.argv[3] || path.join(__dirname, 'dist'))

build(projectRoot, outDir).then(
  (project) => console.log(`built ${project.pages.length} pages into ${path.relative(process.cwd(), outDir)}`),
  (error) => {
    console.error(error instanceof BuildFailed ? error.message : error)
    process.exit(1)
  },
)
