"""Who may not book by phone for a while, for having not come (爽约): what the list of one's patients shows.

What decides is the rule of the hospital at which somebody wants to book; here it is the rules of those at which they
did not come, which mostly is the one of their county.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.suspension import NoShow, SuspensionTerms, suspended_until
from backend.domain.organisations.queries import find_settings
from backend.extensions import db
from backend.foundation import clock

_KEYS = ("clinics.noshows_allowed", "clinics.noshow_window_days", "clinics.suspension_days")


@dataclass(frozen=True)
class _Missed:
    recipient_id: UUID
    noshow: NoShow


def suspensions_of(patient_ids: Collection[UUID]) -> dict[UUID, date]:
    """Return those of these patients who may not book by phone now, with the first day on which they may again."""
    today = clock.today()
    missed = _missed_by(patient_ids)
    terms = _terms_at({one.recipient_id for several in missed.values() for one in several}, today)
    suspended = {}
    for patient_id, several in missed.items():
        noshows = [one.noshow for one in several]
        ends = [suspended_until(noshows, terms[one.recipient_id]) for one in several]
        last = max((end for end in ends if end is not None and today < end), default=None)
        if last is not None:
            suspended[patient_id] = last
    return suspended


def _missed_by(patient_ids: Collection[UUID]) -> dict[UUID, list[_Missed]]:
    statement = (
        select(Booking.patient_id, Clinic.recipient_id, Booking.held_on, Booking.noshow_at)
        .join(Clinic, Clinic.id == Booking.clinic_id)
        .where(
            Booking.patient_id.in_(patient_ids),
            Booking.status == BookingStatus.NOSHOW,
            Booking.appeal_decision.is_distinct_from(AppealDecision.EXCUSED),
            Clinic.status != ClinicStatus.CLOSED,
        )
    )
    missed = defaultdict(list)
    for row in db.session.execute(statement):
        noshow = NoShow(row.held_on, clock.local(row.noshow_at).date())
        missed[row.patient_id].append(_Missed(row.recipient_id, noshow))
    return missed


def _terms_at(organisation_ids: Collection[UUID], today: date) -> dict[UUID, SuspensionTerms]:
    if not organisation_ids:
        return {}
    noshows, within, length = (find_settings(key, organisation_ids, today) for key in _KEYS)
    return {
        one: SuspensionTerms(noshows=noshows[one], within_days=within[one], for_days=length[one])
        for one in organisation_ids
    }
