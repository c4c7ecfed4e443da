// The stack of pages and the bars around them.
'use strict'
const { element } = require('./overlay.js')

const MAX_DEPTH = 10

function parseUrl(url, from) {
  const [path, query = ''] = url.split('?')
  const full = path.startsWith('/') ? path.slice(1) : new URL(path, `x:/${from}`).pathname.slice(1)
  return { path: full, query: Object.fromEntries(new URLSearchParams(query)) }
}

class Navigation {
  constructor(project, engine, screen) {
    this.project = project
    this.engine = engine
    this.screen = screen
    this.stack = []
    this.tabs = new Map()
    this.buildBars()
    addEventListener('resize', () => this.stack.forEach((page) => this.measure(page)))
  }

  get top() {
    return this.stack[this.stack.length - 1]
  }

  isTab(path) {
    return this.project.tabPages.includes(path)
  }

  buildBars() {
    this.bar = this.screen.appendChild(element('header', 'preview-nav'))
    this.back = this.bar.appendChild(element('button', 'preview-back', '‹'))
    this.back.setAttribute('aria-label', '返回')
    this.back.onclick = () => this.navigateBack(1)
    this.title = this.bar.appendChild(element('h1', ''))
    this.bar.appendChild(element('div', 'preview-capsule', '••• ◎'))
    this.holder = this.screen.appendChild(element('main', 'preview-pages'))
    this.tabBar = this.screen.appendChild(element('nav', 'preview-tabs'))
    for (const tab of this.project.app.tabBar ? this.project.app.tabBar.list : []) this.addTab(tab)
  }

  addTab(tab) {
    const button = this.tabBar.appendChild(element('button', 'preview-tab'))
    button.dataset.path = tab.pagePath
    if (tab.iconPath) button.appendChild(element('img', '')).alt = ''
    button.appendChild(element('span', '', tab.text))
    button.onclick = () => this.switchTab(tab.pagePath)
  }

  open(path, query) {
    if (!this.project.pages.includes(path)) throw new Error(`page "${path}" is not found`)
    const frame = this.holder.appendChild(element('div', 'preview-page'))
    frame.dataset.page = path
    const place = frame.appendChild(document.createElement('div'))
    const root = this.engine.backend.createRoot('page-root', this.engine.codeSpace, path)
    const page = { path, query, frame, root, caller: root.get(), component: root.getComponent() }
    page.caller.route = path
    page.caller.options = query
    frame.addEventListener('scroll', () => this.onScroll(page))
    this.measure(page)
    root.attach(frame, place)
    return page
  }

  call(page, name, ...args) {
    if (typeof page.caller[name] === 'function') return page.caller[name](...args)
    return undefined
  }

  /** Shows a page that was just opened: onLoad, onShow, onReady, as WeChat calls them. */
  enter(path, query) {
    const page = this.open(path, query)
    this.stack.push(page)
    if (this.isTab(path)) this.tabs.set(path, page)
    this.call(page, 'onLoad', query)
    this.show(page)
    this.call(page, 'onReady')
  }

  show(page) {
    for (const other of this.holder.children) other.toggleAttribute('hidden', other !== page.frame)
    this.drawBars(page)
    this.measure(page)
    this.call(page, 'onShow')
    page.component.triggerPageLifetime('show', [])
  }

  hide(page) {
    if (!page) return
    this.call(page, 'onHide')
    page.component.triggerPageLifetime('hide', [])
  }

  unload(page) {
    this.call(page, 'onUnload')
    page.root.release()
    page.frame.remove()
    this.tabs.delete(page.path)
  }

  onScroll(page) {
    const { scrollTop, scrollHeight, clientHeight } = page.frame
    this.call(page, 'onPageScroll', { scrollTop })
    if (scrollHeight - scrollTop - clientHeight < 50) this.call(page, 'onReachBottom')
  }

  measure(page) {
    page.frame.style.setProperty('--page-vh', `${page.frame.clientHeight / 100}px`)
  }

  drawBars(page) {
    const look = { ...this.project.app.window, ...this.project.units[page.path].json }
    this.setTitle(page.title || look.navigationBarTitleText || '')
    this.bar.style.background = look.navigationBarBackgroundColor || '#ffffff'
    this.bar.style.color = look.navigationBarTextStyle === 'black' ? '#000' : '#fff'
    this.bar.hidden = look.navigationStyle === 'custom'
    this.back.hidden = this.stack.length < 2
    page.frame.style.background = look.backgroundColor || '#fff'
    this.tabBar.hidden = !this.isTab(page.path)
    const tabBar = this.project.app.tabBar
    for (const button of this.tabBar.children) {
      const tab = tabBar.list.find((one) => one.pagePath === button.dataset.path)
      const selected = tab.pagePath === page.path
      button.style.color = selected ? tabBar.selectedColor : tabBar.color
      button.setAttribute('aria-current', selected ? 'page' : 'false')
      const icon = button.querySelector('img')
      if (icon) icon.src = `/__preview/app/${selected ? tab.selectedIconPath : tab.iconPath}`
    }
    this.screen.scrollTop = 0
  }

  setTitle(title) {
    this.title.textContent = title
    document.title = title
  }

  setBadge(index, text) {
    const button = this.tabBar.children[index]
    const old = button.querySelector('.preview-badge')
    if (old) old.remove()
    if (text) button.appendChild(element('b', 'preview-badge', text))
  }

  navigateTo(url) {
    const { path, query } = parseUrl(url, this.top.path)
    if (this.isTab(path)) throw new Error(`"${path}" is a tabBar page: use switchTab`)
    if (this.stack.length >= MAX_DEPTH) throw new Error('more than 10 pages')
    this.hide(this.top)
    this.enter(path, query)
  }

  redirectTo(url) {
    const { path, query } = parseUrl(url, this.top.path)
    if (this.isTab(path)) throw new Error(`"${path}" is a tabBar page: use switchTab`)
    this.unload(this.stack.pop())
    this.enter(path, query)
  }

  navigateBack(delta) {
    const count = Math.min(delta, this.stack.length - 1)
    for (let i = 0; i < count; i += 1) this.unload(this.stack.pop())
    if (count) this.show(this.top)
  }

  switchTab(url) {
    const { path } = parseUrl(url.startsWith('/') ? url : `/${url}`, '')
    if (!this.isTab(path)) throw new Error(`"${path}" is not a tabBar page`)
    if (this.top && this.top.path === path) return
    while (this.stack.length && !this.isTab(this.top.path)) this.unload(this.stack.pop())
    this.hide(this.stack.pop())
    const kept = this.tabs.get(path)
    if (!kept) return this.enter(path, {})
    this.stack = [kept]
    this.show(kept)
  }

  reLaunch(url) {
    const { path, query } = parseUrl(url, this.top ? this.top.path : '')
    const all = new Set([...this.stack, ...this.tabs.values()])
    this.stack = []
    for (const page of all) this.unload(page)
    this.enter(path, query)
  }

  /** Pulls the page that is shown. */
  pullDown() {
    this.call(this.top, 'onPullDownRefresh')
  }
}

module.exports = { Navigation }
