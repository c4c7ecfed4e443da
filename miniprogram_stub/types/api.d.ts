// The bodies of /api/v1 as the mini-program sees them.

type Kind = 'in' | 'out'
type Shift = 'morning' | 'afternoon' | 'night'
type Verdict = 'inside' | 'uncertain' | 'outside'

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
  distance_m: number | null
  accuracy_m: number | null
  site: Named | null
  late: boolean
  effective: boolean
  reasons: { code: string; text: string }[]
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
}

interface Place {
  longitude: number
  latitude: number
  accuracy_m: number
  coordinate_system: 'GCJ-02'
}

interface MonthDay {
  day: string
  weekday_label: string
  working: boolean | null
  on_duty: boolean
  required_shifts: Shift[]
  taps: Tap[]
  state: 'complete' | 'partial' | 'missing' | 'off' | 'future'
}

interface Month {
  month: string
  days: MonthDay[]
  summary: { duty_days: number; days_checked_in: number; exceptions: number }
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
  serverClock: ServerClock | null
  state: 'waiting' | 'refused'
  problem: string
}
