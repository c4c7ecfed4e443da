// Turns WXSS into CSS: rpx and vh, tag names, and who may see which rule.
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const csstree = require('css-tree')

const lexer = csstree.fork({}).lexer

function scopeNameOf(unitPath) {
  return unitPath.replace(/[^\w-]/g, '-')
}

function parse(file, name, problems) {
  const source = fs.readFileSync(file, 'utf8')
  return csstree.parse(source, {
    filename: name,
    positions: true,
    parseCustomProperty: true,
    onParseError: (error) => problems.add(name, error.message, error.line, error.column),
  })
}

/** rpx is a 750th of the screen's width; vh is the page's height here, not the browser window's. */
function convertUnits(tree) {
  csstree.walk(tree, {
    visit: 'Dimension',
    enter(node, item, list) {
      if (node.unit === 'rpx') {
        node.unit = 'vw'
        node.value = String(Number((Number(node.value) / 7.5).toFixed(5)))
      } else if (node.unit === 'vh' && list) {
        list.replace(item, csstree.List.createItem({ type: 'Raw', value: `calc(var(--page-vh) * ${node.value})` }))
      }
    },
  })
}

/** Values with var() cannot be matched: of those, only the property and the variables' names are checked. */
function usesVariables(value) {
  return csstree.find(value, (node) => node.type === 'Function' && node.name === 'var') !== null
}

/** Unknown properties and values are reported; a Dimension in rpx is checked as if it were px. */
function checkDeclarations(tree, name, problems) {
  csstree.walk(tree, {
    visit: 'Declaration',
    enter(node) {
      if (node.property.startsWith('--') || node.property.startsWith('-webkit-')) return
      const copy = csstree.clone(node.value)
      csstree.walk(copy, (part) => {
        if (part.type === 'Dimension' && part.unit === 'rpx') part.unit = 'px'
      })
      const { error } = lexer.matchProperty(node.property, copy)
      if (!error || (usesVariables(node.value) && lexer.getProperty(node.property))) return
      const { line, column } = node.loc.start
      problems.add(name, `${node.property}: ${error.message.split('\n')[0]}`, line, column)
    },
  })
}

function checkComponentSelectors(tree, name, problems) {
  csstree.walk(tree, (node) => {
    if (node.type !== 'TypeSelector' && node.type !== 'IdSelector' && node.type !== 'AttributeSelector') return
    const { line, column } = node.loc.start
    problems.add(name, 'a component may select by class only', line, column)
  })
}

function eachSelector(tree, handle) {
  csstree.walk(tree, {
    visit: 'Rule',
    enter(rule) {
      if (this.atrule && /keyframes$/.test(this.atrule.name)) return
      if (rule.prelude.type === 'SelectorList') rule.prelude.children.forEach(handle)
    },
  })
}

const raw = (value) => ({ type: 'Raw', value })

function renameTags(selector) {
  csstree.walk(selector, (node) => {
    if (node.type === 'TypeSelector') node.name = node.name === 'page' ? '.preview-page' : `wx-${node.name}`
  })
}

/** Rules of one page apply below that page alone. */
function confineToPage(selector, unitPath) {
  const first = selector.children.first
  const own = `[data-page="${unitPath}"]`
  if (first.type === 'TypeSelector' && first.name === '.preview-page') selector.children.shift()
  else selector.children.prepend(selector.children.createItem({ type: 'Combinator', name: ' ' }))
  selector.children.prepend(selector.children.createItem(raw(own)))
}

/** Classes of a component carry its name, as glass-easel writes them. */
function confineToComponent(selector, unitPath) {
  const scope = scopeNameOf(unitPath)
  csstree.walk(selector, {
    enter(node, item, list) {
      if (node.type === 'ClassSelector') node.name = `${scope}--${node.name}`
      if (node.type === 'PseudoClassSelector' && node.name === 'host') {
        list.replace(item, list.createItem(raw(`[wx-host="${scope}"]`)))
      }
    },
  })
}

function inlineImports(tree, file, name, root, problems) {
  csstree.walk(tree, {
    visit: 'Atrule',
    enter(node, item, list) {
      if (node.name !== 'import') return
      const found = /^["'](.+)["']$/.exec(csstree.generate(node.prelude).replace(/^url\((.*)\)$/, '$1'))
      const target = found && (found[1].startsWith('/') ? path.join(root, found[1]) : path.join(path.dirname(file), found[1]))
      if (!target || !fs.existsSync(target)) {
        problems.add(name, 'the imported file is missing', node.loc.start.line, node.loc.start.column)
        return
      }
      const imported = loadSheet(target, path.relative(root, target), root, problems)
      list.replace(item, imported.children)
    },
  })
}

function loadSheet(file, name, root, problems) {
  const tree = parse(file, name, problems)
  checkDeclarations(tree, name, problems)
  inlineImports(tree, file, name, root, problems)
  return tree
}

/** A misspelt variable would be silently ignored by every browser. */
function checkVariables(sheets, problems) {
  const known = new Set()
  for (const { tree } of sheets) csstree.walk(tree, (node) => node.type === 'Declaration' && known.add(node.property))
  for (const { tree, name } of sheets) {
    csstree.walk(tree, (node) => {
      if (node.type !== 'Function' || node.name !== 'var') return
      const variable = node.children.first
      if (known.has(variable.name)) return
      problems.add(name, `${variable.name} is nowhere set`, variable.loc.start.line, variable.loc.start.column)
    })
  }
}

/** One style sheet for the whole project. */
function compileStyles(project, problems) {
  const parts = []
  const sheets = []
  const sheet = (name, confine, check) => {
    const file = path.join(project.root, `${name}.wxss`)
    if (!fs.existsSync(file)) return
    const tree = loadSheet(file, `${name}.wxss`, project.root, problems)
    if (check) checkComponentSelectors(tree, `${name}.wxss`, problems)
    sheets.push({ tree, name: `${name}.wxss` })
    convertUnits(tree)
    eachSelector(tree, (selector) => {
      renameTags(selector)
      confine(selector)
    })
    parts.push(`/* ${name}.wxss */\n${csstree.generate(tree)}`)
  }
  sheet('app', () => {}, false)
  for (const unit of project.units.values()) {
    if (unit.kind === 'page') sheet(unit.path, (selector) => confineToPage(selector, unit.path), false)
    else sheet(unit.path, (selector) => confineToComponent(selector, unit.path), true)
  }
  checkVariables(sheets, problems)
  return parts.join('\n')
}

module.exports = { compileStyles, scopeNameOf }
