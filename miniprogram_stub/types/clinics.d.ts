// The bodies of /api/v1 about clinics, bookings and patients, as patients' pages see them.

type ClinicState = 'bookable' | 'not_released' | 'full' | 'closed' | 'over'

interface ClinicCard {
  id: string
  day: string
  weekday_label: string
  starts_at: string
  ends_at: string
  expert: Named & { title: string | null; hospital: string }
  department: string | null
  site: Named & { organisation: string; address: string; longitude: number; latitude: number }
  distance_m: number | null
  fee_fen: number
  fee_label: string
  note: string
  state: ClinicState
  state_label: string
  free: number
  release_at: string
  waiting: number
}

interface ClinicPeriod {
  id: string
  starts_at: string
  ends_at: string
  free: number
  capacity: number
}

interface WholeClinic extends ClinicCard {
  periods: ClinicPeriod[]
  cancel_until: string
  phone_until: string
  local_doctor: string | null
  closure: null | { reason_label: string; note: string; closed_at: string; next: ClinicCard[] }
}

interface ClinicFilters {
  sites: (Named & { organisation: string })[]
  departments: string[]
  experts: (Named & { title: string | null })[]
  days: string[]
}

/** What one looks for; '' and false where it does not matter. */
interface ClinicWish {
  day: string
  siteId: string
  department: string
  expert: string
  onlyFree: boolean
}

type IdentityKind = 'id_card' | 'household_book' | 'social_security_card'
type Relation = 'self' | 'parent' | 'child' | 'spouse' | 'relative' | 'resident'
type Sex = 'male' | 'female' | 'unknown'

interface Patient {
  id: string
  name_masked: string
  relation: Relation
  relation_label: string
  sex: Sex
  age: number | null
  identity_label: string
  identity_masked: string
  telephone_masked: string
  may_book: boolean
  why_not_book: string | null
}

interface PatientClaim {
  name: string
  relation: Relation
  identity_kind: IdentityKind
  identity_number: string
  telephone?: string
  address?: string
  sex?: Sex
  born_on?: string
}

interface MaskedPatient {
  id: string
  name_masked: string
}

type BookingStatus = 'booked' | 'arrived' | 'fulfilled' | 'cancelled' | 'noshow'

interface Booking {
  id: string
  status: BookingStatus
  status_label: string
  number: number
  patient: MaskedPatient
  clinic: ClinicCard
  starts_at: string
  ends_at: string
  channel: string
  channel_label: string
  ticket: string | null
  may_cancel: boolean
  why_not_cancel: string | null
  may_appeal: boolean
  appeal: null | {
    text: string
    appealed_at: string
    decision: 'excused' | 'upheld' | null
    decision_label: string | null
    reason: string
  }
  cancelled_for_label: string | null
  offer: PlaceOffer | null
  created_at: string
  version: number
}

interface PlaceOffer {
  id: string
  kind: 'waitlist' | 'closure'
  clinic: ClinicCard
  starts_at: string
  ends_at: string
  number: number
  patient: MaskedPatient
  held_until: string
  status: 'offered' | 'accepted' | 'declined' | 'lapsed' | 'withdrawn'
  status_label: string
  instead_of: null | { booking_id: string; day: string; expert_name: string; reason_label: string }
}

interface WaitlistEntry {
  id: string
  clinic: ClinicCard
  patient: MaskedPatient
  status: 'waitlist' | 'offered' | 'booked' | 'declined' | 'lapsed' | 'cancelled'
  status_label: string
  ahead: number
  offer: PlaceOffer | null
}
