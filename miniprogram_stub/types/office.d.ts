// The bodies of /api/v1 about clinics, as experts, desks and offices see them.

type Remedy = 'remote' | 'local_doctor'
type ClosureReason = 'called_back' | 'ill' | 'leave' | 'emergency' | 'road' | 'other_duty' | 'other'
type CallOutcome = 'accepted' | 'declined' | 'informed' | 'no_answer' | 'wrong_number'

interface OfficeClinic extends ClinicCard {
  counts: {
    capacity: number
    booked: number
    arrived: number
    fulfilled: number
    noshow: number
    waiting: number
    free_by_channel: Record<string, number>
  }
  conflict: string | null
  status: 'scheduled' | 'closed'
  version: number
  may_close: boolean
  may_add_place: boolean
}

/** Who comes, as the desk and the expert see them. */
interface ListedBooking {
  id: string
  number: number
  extra: boolean
  period: { starts_at: string; ends_at: string }
  patient: { id: string; name_masked: string; sex: Sex; age: number | null; identity_label: string }
  status: BookingStatus
  status_label: string
  channel_label: string
  arrived_at: string | null
  called_at: string | null
  queue: number | null
  version: number
}

interface ClosurePreview {
  affected: number
  arrived: number
  with_place: number
  without_place: number
  without_telephone: number
  proposal: { booking_id: string; number: number; name_masked: string; arrived: boolean; to: null | { clinic: ClinicCard; starts_at: string } }[]
  has_begun: boolean
  /** whether one is named who could take over */
  local_doctor: boolean
  may: boolean
}

interface Closure {
  id: string
  clinic: ClinicCard
  reason: ClosureReason
  reason_label: string
  note: string
  closed_by: string | null
  closed_as_label: string
  closed_at: string
  /** who was named to call; null: the desk does */
  caller: string | null
  needs_review: boolean
  review: 'confirmed' | 'questioned' | null
  review_label: string | null
  review_note: string
  affected: number
  told: { owed: number; sent: number; delivered: number; failed: number; unknown: number }
  answered: { accepted: number; declined: number; open: number; none: number }
  to_call: number
  done: boolean
  may_call: boolean
  may_review: boolean
}

/** Somebody who could not be reached or has not answered. */
interface WaitingCall {
  booking_id: string
  number: number
  name: string
  telephone: string | null
  standing: 'unreached' | 'unanswered' | 'sending' | 'done'
  remedy_label: string
  offer: null | { day: string; starts_at: string; held_until: string; status_label: string }
  told_label: string
  answered_label: string
  call_outcome: CallOutcome | null
  call_label: string | null
  call_note: string
  calls: number
  called_at: string | null
  version: number
}
