// How the days of my service are told.

/** @param {string} day @returns {string} 2026年12月10日 */
const longDay = (day) => {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** @param {ServiceSegment} segment @param {number} index */
const segmentShown = (segment, index) => ({
  key: `${segment.from}-${index}`,
  place: segment.recipient,
  span: `${longDay(segment.from)}至${longDay(segment.to)}`,
  arithmetic: segment.arithmetic,
  evaluation: segment.evaluation_label ? `鉴定：${segment.evaluation_label}` : '',
})

/** @param {PromotionRuleFinding} rule */
const ruleShown = (rule) => ({ ...rule, segments: rule.segments.map(segmentShown), pill: rule.is_met ? '已符合' : '尚不符合', tone: rule.is_met ? 'good' : 'warn' })

/** @param {PromotionTitle} title @param {string[]} opened titles whose arithmetic is shown */
const titleShown = (title, opened) => ({
  name: title.title,
  pill: title.eligible ? '✓ 已符合' : '尚不符合',
  tone: title.eligible ? 'good' : 'warn',
  figure: `${title.counted_days} / ${title.required_days} 天`,
  next: title.eligible ? '服务年限已符合，可请人事科出具服务证明。' : '',
  by: title.by ? `按现在的派驻安排，最早 ${longDay(title.by)}达到。` : '',
  missing: title.missing.map(({ text, by }) => ({ text, by: by ? `最早 ${longDay(by)}` : '' })),
  rules: title.rules.map(ruleShown),
  open: opened.includes(title.title),
})

/** @param {ServiceCertificate} certificate */
const certificateShown = (certificate) => ({
  id: certificate.id,
  title: `${certificate.title}服务证明`,
  issued: `${longDay(certificate.issued_at.slice(0, 10))}出具`,
  code: `核验码 ${(certificate.code.match(/.{1,4}/g) || []).join(' ')}`,
  revoked: certificate.revoked ? `已作废：${certificate.revoke_reason}` : '',
})

module.exports = { certificateShown, titleShown }
