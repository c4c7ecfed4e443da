// The bodies of /api/v1 as the mini-program sees them.

type Kind = 'in' | 'out'
type Shift = 'morning' | 'afternoon' | 'night'
type Verdict = 'inside' | 'uncertain' | 'outside'
type Outcome = 'verified' | 'uncertain' | 'suspect'

interface Named {
  id: string
  name: string
}

interface Role {
  role: string
  role_label: string
  organisation: Named
}

interface Me {
  account_id: string
  person: null | (Named & { staff_number: string; organisation: Named; title: string | null; telephone_masked: string | null })
  roles: Role[]
  current_role: Role | null
  binding: { state: 'unbound' | 'requested' | 'bound' | 'rejected'; message: string }
}

interface Site extends Named {
  longitude: number
  latitude: number
  radius_m: number
}

interface Duty {
  dispatch_id: string
  kind: 'posted' | 'visiting'
  recipient: Named
  department: string | null
  starts_on: string
  ends_on: string
  shifts: { shift: Shift; label: string }[]
  current_shift: Shift | null
  sites: Site[]
}

interface Tap {
  id: string
  dispatch_id: string
  duty_on: string
  shift: Shift
  shift_label: string
  kind: Kind
  kind_label: string
  tapped_at: string
  received_at: string
  verdict: Verdict
  verdict_label: string
  outcome: Outcome
  outcome_label: string
  distance_m: number | null
  accuracy_m: number | null
  site: Named | null
  late: boolean
  effective: boolean
  reasons: { code: string; text: string }[]
  review: TapReview | null
}

/** What was said about a tap by the one concerned, by the recipient and by the supporting hospital. */
interface TapReview {
  explanation: string
  explained_at: string | null
  confirmation: 'present' | 'absent' | null
  confirmation_label: string | null
  confirmed_at: string | null
  judgement: 'accepted' | 'rejected' | null
  judgement_label: string | null
  judgement_reason: string
  judged_at: string | null
  version: number
}

interface ExceptionalTap extends Tap {
  person: Named
  may_confirm: boolean
}

interface Today {
  server_time: string
  day: string
  weekday_label: string
  holiday_label: string | null
  duty: Duty | null
  next: null | { dispatch_id: string; recipient: Named; day: string; shifts: Duty['shifts'] }
  taps: Tap[]
  notice_count: number
  spot_check: SpotCheck | null
  todo: {
    timesheets_to_sign: number
    requests_to_decide: number
    exceptions_open: number
    clinics_today: number
    closures_to_call: number
    activities_to_sign: number
    claims_to_approve: number
    claims_to_submit: number
    evaluations_waiting: number
  }
}

interface Place {
  longitude: number
  latitude: number
  accuracy_m: number
  coordinate_system: 'GCJ-02'
}

interface Listed<Item> {
  items: Item[]
  page: number
  page_size: number
  total: number
}

type RequestStatus = 'requested' | 'accepted' | 'rejected' | 'cancelled'

interface Correction {
  id: string
  dispatch_id: string
  person: Named
  recipient: Named
  duty_on: string
  shift: Shift
  shift_label: string
  kind: Kind
  kind_label: string
  happened_at: string
  reason: string
  status: RequestStatus
  status_label: string
  requested_at: string
  decided_at: string | null
  decided_by: string | null
  decision_reason: string
  version: number
  may_decide: boolean
  may_cancel: boolean
}

type LeaveKind = 'personal' | 'sick' | 'annual' | 'maternity' | 'marriage' | 'bereavement' | 'official' | 'rest' | 'earned'

interface Attachment {
  id: string
  filename: string
  content_type: 'image/jpeg' | 'image/png' | 'application/pdf' | `application/vnd.openxmlformats-officedocument.${string}`
  size: number
}

interface Leave {
  id: string
  dispatch_id: string
  person: Named
  recipient: Named
  kind: LeaveKind
  kind_label: string
  starts_on: string
  starts_with: Shift
  ends_on: string
  ends_with: Shift
  span_label: string
  days: string
  reason: string
  needs_supporting: boolean
  is_long: boolean
  status: RequestStatus
  status_label: string
  decisions: { party: 'recipient' | 'supporting'; by: string; at: string }[]
  decision_reason: string
  attachments: Attachment[]
  without_proof: boolean
  requested_at: string
  version: number
  may_decide: boolean
  may_cancel: boolean
}

type AnswerMeans = 'location' | 'code' | 'landline' | 'surgery' | 'clinic'

interface SpotCheck {
  id: string
  dispatch_id: string
  person: Named
  recipient: Named
  kind: 'presence' | 'residence'
  kind_label: string
  origin: 'random' | 'ordered'
  status: 'sent' | 'delivered' | 'answered' | 'missed' | 'exempt' | 'undelivered'
  status_label: string
  sent_at: string | null
  delivered_at: string | null
  answer_by: string | null
  answered_at: string | null
  answer_means: AnswerMeans | null
  answer_label: string | null
  verdict: Verdict | null
  verdict_label: string | null
  distance_m: number | null
  note: string
  explanation: string
  review: 'excused' | 'upheld' | null
  review_label: string | null
  review_reason: string
  version: number
  may_explain: boolean
  may_review: boolean
}

type Standing = 'present' | 'corrected' | 'in_doubt' | 'not_counted' | 'leave' | 'night_rest' | 'not_checked_in' | 'absent' | 'open'

interface WeekFigures {
  week_starts_on: string
  working_days: number
  leave_days: string
  required_days: number
  served_days: string
  met: boolean
}

interface Timesheet {
  id: string | null
  dispatch_id: string
  month: string
  person: Named
  recipient: Named
  supporting: Named
  department: string | null
  status: 'draft' | 'submitted' | 'returned' | 'countersigned'
  status_label: string
  figures: {
    due_days: string
    served_days: string
    nights: number
    not_checked_in_days: string
    absent_days: string
    leave: { kind: LeaveKind; label: string; days: string }[]
    exceptions: number
    required?: WeekFigures[]
  }
  clean: boolean
  submitted_at: string | null
  countersigned_at: string | null
  countersigned_by: null | { name: string; role_label: string }
  remark?: string
  return_reason: string
  verification_code: string | null
  needs_scan: boolean
  has_scan: boolean
  escalated: boolean
  version: number
  may_submit: boolean
  why_not_submit: string | null
  may_countersign: boolean
  may_return: boolean
}

interface SheetLine {
  duty_on: string
  shift: Shift
  shift_label: string
  standing: Standing
  label: string
  symbol: string
  working: boolean | null
  leave_kind: LeaveKind | null
  check_in: Tap | null
  correction_id: string | null
  leave_id: string | null
  amended: boolean
}

interface Amendment {
  id: string
  duty_on: string
  shift: Shift
  shift_label: string
  before_label: string
  after_label: string
  reason: string
  status: RequestStatus
  status_label: string
  requested_by: string
  requested_at: string
  decided_by: string | null
  decided_at: string | null
  decision_reason: string
  may_decide: boolean
}

interface WholeTimesheet extends Timesheet {
  lines: SheetLine[]
  legend: { symbol: string; meaning: string }[]
  amendments: Amendment[]
}

/** Somebody who may be named to sign. */
interface Candidate extends Named {
  staff_number: string
  title: string
}

interface Delegation {
  id: string
  person: Named
  starts_on: string
  ends_on: string
  state: 'planned' | 'current' | 'ended'
  state_label: string
  given_by: string
}

interface Notice {
  id: string
  kind: string
  title: string
  body: string
  page: string | null
  created_at: string
  read_at: string | null
}

/** What the server last said of the time, and the phone's clock at that moment. */
interface ServerClock {
  time: string
  seenAt: string
}

/** A tap as it lies on the phone until the server has it. */
interface WaitingTap {
  key: string
  dispatchId: string
  recipient: string
  kind: Kind
  tappedAt: string
  place: Place | null
  denied: boolean
  note: string
  /** the server's word that the place was read after it, '' where there was no network; taps of older editions have none */
  nonce?: string
  /** the site's rotating code, where one was read */
  code?: string
  serverClock: ServerClock | null
  state: 'waiting' | 'refused'
  problem: string
}

interface Dispatch {
  id: string
  recipient: Named
  starts_on: string
  ends_on: string
}
