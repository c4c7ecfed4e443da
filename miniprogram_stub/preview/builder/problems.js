// What is wrong with a project, gathered so that one build reports everything it can find.
'use strict'

class Problems {
  constructor() {
    /** @type {{file: string, line: number, column: number, message: string}[]} */
    this.list = []
  }

  /** Lines and columns count from 1, as editors show them. */
  add(file, message, line = 1, column = 1) {
    this.list.push({ file, line, column, message })
  }

  toString() {
    return this.list.map((p) => `${p.file}:${p.line}:${p.column}: ${p.message}`).join('\n')
  }

  throwIfAny() {
    if (this.list.length) throw new BuildFailed(this)
  }
}

class BuildFailed extends Error {
  constructor(problems) {
    super(String(problems))
    this.problems = problems
  }
}

module.exports = { Problems, BuildFailed }
