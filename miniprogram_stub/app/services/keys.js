// Random names: of one press, so that a repeat is known as one, and of this installation.

const INSTALLATION = 'installation'

function newKey() {
  const random = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0')
  return `${Date.now().toString(36)}-${random()}-${random()}`
}

/** Made once and kept through log-outs; it says nothing of the phone or its owner. */
function installation() {
  const kept = wx.getStorageSync(INSTALLATION)
  if (kept) return kept
  const made = newKey()
  wx.setStorageSync(INSTALLATION, made)
  return made
}

module.exports = { newKey, installation }
