// What wx shows: pages, bars, toasts, dialogs.
'use strict'
const { asynchronous, Refused } = require('./call.js')
const { openDialog, openSheet, showToast, hideToast, element } = require('../overlay.js')

async function showModal({ title, content, showCancel = true, cancelText = '取消', confirmText = '确定', editable, placeholderText = '' }) {
  for (const text of [cancelText, confirmText]) {
    if (text.length > 4) throw new Error(`showModal: "${text}" is longer than 4 characters`)
  }
  const field = editable ? Object.assign(document.createElement('textarea'), { value: content || '', placeholder: placeholderText }) : null
  const chosen = await openDialog({ title, content, field, buttons: showCancel ? [cancelText, confirmText] : [confirmText] })
  const confirm = chosen === (showCancel ? 1 : 0)
  return { confirm, cancel: !confirm, content: field && confirm ? field.value : null }
}

async function showActionSheet({ itemList, alertText = '' }) {
  if (itemList.length > 6) throw new Error('showActionSheet takes at most 6 items')
  const chosen = await openSheet({ title: alertText, content: element('span', ''), buttons: [...itemList, '取消'] })
  if (chosen < 0 || chosen === itemList.length) throw new Refused('cancel')
  return { tapIndex: chosen }
}

module.exports = (navigation) => ({
  navigateTo: asynchronous('navigateTo', ({ url }) => navigation.navigateTo(url)),
  redirectTo: asynchronous('redirectTo', ({ url }) => navigation.redirectTo(url)),
  switchTab: asynchronous('switchTab', ({ url }) => navigation.switchTab(url)),
  reLaunch: asynchronous('reLaunch', ({ url }) => navigation.reLaunch(url)),
  navigateBack: asynchronous('navigateBack', ({ delta = 1 }) => navigation.navigateBack(delta)),
  setNavigationBarTitle: asynchronous('setNavigationBarTitle', ({ title }) => {
    navigation.top.title = title
    navigation.setTitle(title)
  }),
  setTabBarBadge: asynchronous('setTabBarBadge', ({ index, text }) => navigation.setBadge(index, text)),
  removeTabBarBadge: asynchronous('removeTabBarBadge', ({ index }) => navigation.setBadge(index, '')),
  startPullDownRefresh: asynchronous('startPullDownRefresh', () => navigation.pullDown()),
  stopPullDownRefresh: asynchronous('stopPullDownRefresh', () => {}),
  pageScrollTo: asynchronous('pageScrollTo', ({ scrollTop = 0 }) => navigation.top.frame.scrollTo({ top: scrollTop })),
  showToast: asynchronous('showToast', ({ title, duration = 1500, mask, icon }) => {
    if (icon && icon !== 'none' && title.length > 7) throw new Error(`showToast: "${title}" is cut after 7 characters`)
    showToast(title, { mask, durationMs: duration })
  }),
  hideToast: asynchronous('hideToast', hideToast),
  showLoading: asynchronous('showLoading', ({ title, mask }) => showToast(title, { mask, loading: true })),
  hideLoading: asynchronous('hideLoading', hideToast),
  showModal: asynchronous('showModal', showModal),
  showActionSheet: asynchronous('showActionSheet', showActionSheet),
  nextTick: (callback) => setTimeout(callback),
})
