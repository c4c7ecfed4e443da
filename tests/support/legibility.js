// Says what on the page that is shown is too small to read or to press, too pale, or beyond the screen's edge.
(smallestText) => {
  const page = document.querySelector('.preview-page:not([hidden])') || document.body
  const found = new Set()
  const parse = (colour) => (colour.match(/[\d.]+/g) || []).map(Number)
  const luminance = ([r, g, b]) => {
    const part = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
  }
  const backgroundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor)
      if (colour.length === 3 || colour[3] > 0.99) return colour
    }
    return [255, 255, 255]
  }
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }
  if (page.scrollWidth > page.clientWidth) found.add(`wider than the screen by ${page.scrollWidth - page.clientWidth} px`)
  for (const target of page.querySelectorAll('wx-button, wx-input, wx-textarea, wx-picker, [role=radio], [role=button]')) {
    const { width, height } = target.getBoundingClientRect()
    if (width && (width < 44 || height < 44)) found.add(`target ${Math.round(width)}×${Math.round(height)}: ${target.textContent}`)
  }
  const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode
    const range = document.createRange()
    range.selectNodeContents(text)
    const box = range.getBoundingClientRect()
    if (!text.textContent.trim() || !box.width) continue
    const { fontSize, color } = getComputedStyle(text.parentElement)
    if (parseFloat(fontSize) < smallestText) found.add(`${fontSize}: ${text.textContent}`)
    if (box.left < -1 || box.right > innerWidth + 1) found.add(`beyond the edge: ${text.textContent}`)
    const ratio = contrast(parse(color), backgroundOf(text.parentElement))
    if (ratio < 4.5) found.add(`contrast ${ratio.toFixed(1)}: ${text.textContent}`)
  }
  return [...found]
}
