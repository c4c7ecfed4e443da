// view, text, image, scroll-view, navigator, page-meta.
'use strict'
const { builtIn, addNative } = require('./common.js')
const { isSaved, addressOf } = require('../saved_files.js')

const addressed = async (src) => (isSaved(src) ? addressOf(src) : src.startsWith('/') ? `/__preview/app${src}` : src)

const view = builtIn({})

const text = builtIn({ properties: { userSelect: Boolean, selectable: Boolean, decode: Boolean, space: String } })

const image = builtIn({
  template: '',
  properties: { src: String, mode: { type: String, value: 'scaleToFill' }, lazyLoad: Boolean, showMenuByLongpress: Boolean },
  observers: {
    async src(value) {
      const address = await addressed(value)
      if (value === this.data.src) this.image.src = address
    },
    mode(value) {
      this.$$.setAttribute('mode', value)
    },
  },
  lifetimes: {
    created() {
      this.image = addNative(this.$$, 'img', [])
      this.image.alt = ''
      this.image.onload = () => {
        this.triggerEvent('load', { width: this.image.naturalWidth, height: this.image.naturalHeight })
      }
      this.image.onerror = () => this.triggerEvent('error', { errMsg: `${this.data.src} cannot be loaded` })
    },
  },
})

const scrollView = builtIn({
  properties: {
    scrollX: Boolean,
    scrollY: Boolean,
    scrollTop: { type: Number, value: 0 },
    scrollLeft: { type: Number, value: 0 },
    lowerThreshold: { type: Number, value: 50 },
    scrollIntoView: String,
    scrollWithAnimation: Boolean,
    enhanced: Boolean,
    showScrollbar: Boolean,
    enableFlex: Boolean,
  },
  observers: {
    scrollX(value) {
      this.$$.style.overflowX = value ? 'auto' : 'hidden'
    },
    scrollY(value) {
      this.$$.style.overflowY = value ? 'auto' : 'hidden'
    },
    scrollTop(value) {
      this.$$.scrollTop = value
    },
    scrollLeft(value) {
      this.$$.scrollLeft = value
    },
    scrollIntoView(id) {
      if (!id) return
      setTimeout(() => {
        const target = this.ownerShadowRoot.querySelector(`#${id}`)
        if (target) target.$$.scrollIntoView({ block: 'start', inline: 'start' })
      })
    },
  },
  lifetimes: {
    attached() {
      this.$$.addEventListener('scroll', (event) => {
        event.stopPropagation()
        const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight } = this.$$
        this.triggerEvent('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth })
        if (scrollHeight - scrollTop - clientHeight <= this.data.lowerThreshold) {
          this.triggerEvent('scrolltolower', { direction: 'bottom' })
        }
      })
    },
  },
})

const METHODS = new Set(['navigate', 'redirect', 'switchTab', 'reLaunch', 'navigateBack'])

const navigator = builtIn({
  properties: { url: String, openType: { type: String, value: 'navigate' }, delta: { type: Number, value: 1 } },
  lifetimes: {
    attached() {
      this.$$.setAttribute('role', this.data.ariaRole || 'link')
      this.addListener('tap', () => {
        const { openType, url, delta } = this.data
        if (!METHODS.has(openType)) throw new Error(`<navigator open-type="${openType}"> is not in the preview`)
        if (openType === 'navigateBack') wx.navigateBack({ delta })
        else wx[{ navigate: 'navigateTo', redirect: 'redirectTo' }[openType] || openType]({ url })
      })
    },
  },
})

const pageMeta = builtIn({
  properties: { rootFontSize: String, backgroundColor: String, backgroundTextStyle: String },
  observers: {
    rootFontSize(value) {
      const size = value === 'system' ? 'var(--system-font-size)' : value
      document.documentElement.style.fontSize = size
    },
  },
})

module.exports = { view, text, image, 'scroll-view': scrollView, navigator, 'page-meta': pageMeta }
