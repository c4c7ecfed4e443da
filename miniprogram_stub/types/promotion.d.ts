/** What somebody's service comes to for their titles, as `GET /me/promotion` tells it. */

interface ServiceSegment {
  recipient: string
  from: string
  to: string
  days: number
  excluded: { reason: string; days: number }[]
  counted: number
  evaluation_label: string
  arithmetic: string
}

interface PromotionRuleFinding {
  name: string
  document: string
  sentence: string
  is_met: boolean
  counted_days: number
  required_days: number
  total: string
  segments: ServiceSegment[]
}

interface PromotionTitle {
  title: string
  eligible: boolean
  verdict_label: string
  /** the earliest day on which it can be met, where anybody can tell */
  by: string | null
  counted_days: number
  required_days: number
  missing: { text: string; by: string | null }[]
  segments: ServiceSegment[]
  rules: PromotionRuleFinding[]
}

interface ServiceCertificate {
  id: string
  title: string
  issued_at: string
  code: string
  revoked: boolean
  revoke_reason: string
}

interface Promotion {
  titles: PromotionTitle[]
  certificates: ServiceCertificate[]
}
