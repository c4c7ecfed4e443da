"""The blueprint of all pages of the desk, and how they call what they show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint
from markupsafe import Markup

from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.words import state
from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.rules import SEX_LABELS, Sex
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.queries.desk import get_desk_clinic
from backend.domain.clinics.queries.named import expert_label
from backend.domain.clinics.rules.bookings import STATUS_LABELS, BookingStatus
from backend.domain.clinics.rules.planning import CHANNEL_LABELS, ClinicStatus
from backend.domain.patients.models import Patient
from backend.domain.patients.rules import IDENTITY_LABELS, known_age, masked_name
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden

bp = Blueprint("desk", __name__, url_prefix="/desk")
_LOOKS = {
    BookingStatus.BOOKED: "calm",
    BookingStatus.ARRIVED: "on",
    BookingStatus.FULFILLED: "good",
    BookingStatus.NOSHOW: "missing",
    BookingStatus.CANCELLED: "calm",
}


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "visit_state": visit_state,
        "clinic_state": clinic_state,
        "is_to_come": is_to_come,
        "channel_label": CHANNEL_LABELS.__getitem__,
        "identity_label": IDENTITY_LABELS.__getitem__,
        "expert_label": expert_label,
        "masked_name": masked_name,
        "sex_and_age": sex_and_age,
    }


def visit_state(booking: Booking) -> Markup:
    """Return how somebody's visit stands."""
    if booking.status is BookingStatus.ARRIVED and booking.called_at is not None:
        return state("已叫号", "away")
    return state(STATUS_LABELS[booking.status], _LOOKS[booking.status])


def clinic_state(clinic: Clinic) -> Markup:
    """Return how a clinic stands by the clock."""
    now = clock.now()
    if clinic.status is ClinicStatus.CLOSED:
        return state("已停诊", "bad")
    if clinic.ends_at <= now:
        return state("已结束", "calm")
    return state("门诊中", "on") if clinic.starts_at <= now else state("未开始", "calm")


def is_to_come(clinic: Clinic) -> bool:
    """Tell whether somebody can still be seen at a clinic: so it can be booked, and closed."""
    return clinic.status is ClinicStatus.SCHEDULED and clinic.ends_at > clock.now()


def sex_and_age(patient: Patient, on: Any = None) -> str:
    """Return what helps to tell two people of one name apart: 女 67岁."""
    age = known_age(patient.born_on, on or clock.today())
    sex = "" if patient.sex is Sex.UNKNOWN else SEX_LABELS[patient.sex]
    return " ".join(part for part in (sex, "" if age is None else f"{age}岁") if part)


def clerk() -> Actor:
    """Return who acts, if they receive patients at a desk.

    Raises:
        Forbidden: their current role does not.
    """
    actor = current_actor()
    if not may_as_office(actor, Action.DECIDE, Resource.BOOKING):
        raise Forbidden
    return actor


def clinic_at_desk(clinic_id: UUID) -> tuple[Actor, Clinic]:
    """Return who acts, and a clinic to which they receive patients.

    Raises:
        ClinicNotFound, Forbidden: as in get_desk_clinic.
    """
    actor = current_actor()
    return actor, get_desk_clinic(actor, clinic_id, Action.WRITE)
