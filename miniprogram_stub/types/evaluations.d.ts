// Evaluations at the end of a dispatch (鉴定), and leave that was earned.

type EvaluationStatus = 'self' | 'department' | 'recipient' | 'supporting' | 'bureau' | 'signature' | 'objected' | 'completed'

interface EvaluationCard {
  id: string
  person: Named
  supporting: Named
  recipient: Named
  department: string | null
  from: string
  to: string
  status: EvaluationStatus
  status_label: string
  turn_label: string
  grade_label: string | null
  version: number
}

interface EvaluationPart {
  part: string
  label: string
  opinion: string
  grade: string | null
  grade_label: string | null
  signer_name: string
  signed_at: string
}

interface Labelled {
  label: string
  value: string
}

interface Evaluation extends EvaluationCard {
  education: string
  specialty: string
  title_applied: string
  facts: {
    title: string
    period_label: string
    due_days_label: string
    actual_days_label: string
    leave: Labelled[]
    workload: Labelled[]
    months_open: string[]
  }
  parts: EvaluationPart[]
  part: string | null
  part_label: string | null
  draft: EvaluationPart | null
  grades: { value: string; label: string }[]
  must_grade: boolean
  objection: string
  objection_answer: string
  return_reason: string
  may: { write: boolean; return: boolean; sign: boolean; object: boolean; answer: boolean }
  why_not_sign: string | null
  verification_code: string | null
}

interface EvaluationWords {
  opinion: string
  grade: string | null
  signer_name: string
  education: string
  specialty: string
  title_applied: string
}

interface LeaveBalance {
  balance_days: string
  items: { days: string; left_days: string; expires_on: string; is_expired: boolean; recipient: string; document: string }[]
}
