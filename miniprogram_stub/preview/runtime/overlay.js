// What WeChat draws above a page: toasts, dialogs, sheets.
'use strict'

/** A tap ends with touchend, the browser's click follows and would hit an overlay that is already there. */
const AFTER_CLICK_MS = 60

function element(tag, className, text = '') {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

/** Shows a panel with buttons and resolves to the index of the one that was chosen, or -1. */
function openPanel(className, parts, buttons, dismissible) {
  return new Promise((resolve) => {
    const mask = element('div', 'preview-mask')
    const panel = mask.appendChild(element('div', className))
    panel.setAttribute('role', 'dialog')
    const close = (index) => {
      mask.remove()
      resolve(index)
    }
    panel.append(...parts)
    const row = panel.appendChild(element('div', 'preview-buttons'))
    buttons.forEach((label, index) => {
      row.appendChild(element('button', '', label)).onclick = () => close(index)
    })
    if (dismissible) {
      mask.onclick = (event) => {
        if (event.target === mask) close(-1)
      }
    }
    setTimeout(() => document.body.appendChild(mask), AFTER_CLICK_MS)
  })
}

function openDialog({ title = '', content = '', buttons, field = null }) {
  const parts = [element('h2', '', title), field || element('p', '', content)]
  return openPanel('preview-dialog', parts, buttons, false)
}

function openSheet({ title = '', content, buttons }) {
  return openPanel('preview-sheet', [element('h2', '', title), content], buttons, true)
}

let toast = null
/** @type {any} */
let toastTimer = 0

function hideToast() {
  clearTimeout(toastTimer)
  if (toast) toast.remove()
  toast = null
}

function showToast(title, { mask = false, durationMs = 0, loading = false } = {}) {
  hideToast()
  toast = element('div', mask ? 'preview-mask preview-clear' : 'preview-over')
  const box = toast.appendChild(element('div', loading ? 'preview-toast preview-loading' : 'preview-toast', title))
  box.setAttribute('role', 'status')
  document.body.appendChild(toast)
  if (durationMs) toastTimer = setTimeout(hideToast, durationMs)
}

module.exports = { openDialog, openSheet, showToast, hideToast, element }
