// The developers' desk beside the phone: its fields are the phone's settings.
'use strict'

/** @type {any} */
const phone = document.getElementById('phone')
/** @type {any} */
const desk = document.getElementById('desk')
const NUMBERS = ['longitude', 'latitude', 'accuracy', 'fontSize']

function fill() {
  const { settings } = phone.contentWindow.__preview
  for (const [name, value] of Object.entries(settings)) desk.elements[name].value = String(value)
}

/** Without the address's settings: those that were changed since hold. */
function restart() {
  phone.src = '/phone'
}

function valueOf({ name, value }) {
  if (NUMBERS.includes(name)) return Number(value)
  return name === 'online' ? value === 'true' : value
}

desk.addEventListener('change', (/** @type {any} */ { target }) => {
  if (target.name === 'screen') {
    const [width, height] = target.value.split('×')
    Object.assign(phone, { width, height })
    return
  }
  phone.contentWindow.__preview.change({ [target.name]: valueOf(target) })
  if (target.name === 'openid') restart()
})

desk.addEventListener('click', (/** @type {any} */ { target }) => {
  const act = target.dataset.act
  if (act === 'reload') restart()
  else if (act) phone.contentWindow.__preview[act]()
})

phone.addEventListener('load', fill)
phone.src = `/phone${location.search}`
desk.addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault())
