// Subsidies (下乡补贴) as the API gives them: claims, their lines and why each is what it is, receipts, bank account.

type ClaimStatus = 'draft' | 'submitted' | 'returned' | 'rejected' | 'approved' | 'paying' | 'paid'

interface ClaimCard {
  id: string
  kind: 'month' | 'adjustment'
  kind_label: string
  month: string
  month_label: string
  person: Named
  supporting: Named
  recipient: Named
  status: ClaimStatus
  status_label: string
  total_fen: number
  total_label: string
  /** whose turn it is */
  step_label: string | null
  exceptions: Finding[]
  last_month_fen: number | null
  version: number
}

interface ClaimLine {
  id: string
  item: string
  sort: 'grant' | 'reversal'
  sort_label: string
  month_label: string
  amount_fen: number
  amount_label: string
  /** why it pays nothing */
  withheld: Finding | null
  sentence: string
  document: RuleDocument
}

interface RuleDocument {
  title: string
  number: string
}

interface ClaimStep {
  label: string
  role_label: string
  state: 'done' | 'current' | 'ahead' | 'skipped'
  decided_by: string | null
  decided_at: string | null
  decision_label: string | null
  reason: string
}

interface Claim extends ClaimCard {
  dispatch_id: string
  timesheet_id: string | null
  explanation: string
  lines: ClaimLine[]
  steps: ClaimStep[]
  return_reason: string
  payment: null | { run_label: string; status_label: string; paid_on: string | null; account_masked: string; failure_reason: string }
  may: Record<'submit' | 'approve' | 'return' | 'reject' | 'add_receipt', boolean>
  submitted_at: string | null
  approved_at: string | null
  paid_at: string | null
}

/** A line with all that it rests on. */
interface ExplainedLine extends ClaimLine {
  rule: {
    item: string
    amount_label: string
    audience_label: string
    conditions: string[]
    from: string
    until: string | null
    approved_by: string | null
    proposed_by: string | null
    document: RuleDocument
  }
  days: { day: string; weekday_label: string; shifts: { shift_label: string; standing_label: string; counts: boolean; evidence: string }[] }[]
  receipts: Receipt[]
  arithmetic: { label: string; value: string }[]
  /** of every round */
  decisions: { round: number; label: string; role_label: string; decided_by: string; decided_at: string; decision_label: string; reason: string }[]
  reverses: ClaimLine | null
}

interface Receipt {
  id: string
  dispatch_id: string
  number: string
  spent_on: string
  amount_fen: number
  amount_label: string
  journey: string
  attachment_id: string | null
  state: 'waiting' | 'in_claim'
  claim_id: string | null
  may_withdraw: boolean
}

interface BankAccount {
  bank: string
  number_masked: string
  changed_at: string
  version: number
}
