"""Another expert takes a clinic over (替诊): everybody keeps their place, and is told who comes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backend.domain.access.rules import Action
from backend.domain.accounts.models import Person
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.bookings import ClinicClosed, ClinicOver
from backend.domain.clinics.errors.closures import ExpertUnfit
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.queries.affected import clinic_for
from backend.domain.clinics.queries.conflicts import presence_of
from backend.domain.clinics.queries.named import expert_label, get_named_clinic, place_label
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.presence import find_conflict, shifts_needed
from backend.domain.clinics.rules.wording import when_field, window_label
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.dispatch.queries.duties import on_duty
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.patients.rules import masked_name
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import refusals, transaction

_SITUATIONS = {"clinics_one_expert_once_excl": ExpertUnfit, "clinics_two_doctors_check": ExpertUnfit}


def list_substitutes(actor: Actor, clinic_id: UUID) -> list[Person]:
    """Return who could take a clinic over: of the same hospital, there that day, without another clinic.

    Raises:
        ClinicNotFound, Forbidden: as in replace_expert.
    """
    clinic = clinic_for(actor, clinic_id, Action.DECIDE, as_expert=False)
    statement = (
        select(Person)
        .join(DutyPattern, DutyPattern.person_id == Person.id)
        .join(Dispatch, Dispatch.id == DutyPattern.dispatch_id)
        .where(
            Dispatch.recipient_id == clinic.recipient_id,
            Dispatch.supporting_id == clinic.supporting_id,
            Dispatch.cancelled_at.is_(None),
            Person.disabled_at.is_(None),
            Person.id != clinic.person_id,
            on_duty(clinic.held_on),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    people = list(db.session.scalars(statement))
    busy = _busy({person.id for person in people}, clinic)
    return [person for person in people if person.id not in busy and _is_there(person.id, clinic)]


def replace_expert(actor: Actor, clinic_id: UUID, person_id: UUID, version: int) -> Clinic:
    """Let another expert hold a clinic; bookings stay as they are, and everybody is told.

    Raises:
        ClinicNotFound, Forbidden: the clinic is not the actor's to change so; its expert's own word is not enough.
        ClinicClosed, ClinicOver, StaleVersion: it stands otherwise than when it was read.
        ExpertUnfit: the other one is not there that day, or has another clinic.
    """
    with transaction() as session:
        clinic = clinic_for(actor, clinic_id, Action.DECIDE, as_expert=False)
        session.refresh(clinic, with_for_update={"of": Clinic, "key_share": True})
        if clinic.status is ClinicStatus.CLOSED:
            raise ClinicClosed
        if clinic.ends_at <= clock.now():
            raise ClinicOver
        if clinic.version != version:
            raise StaleVersion
        if person_id not in {person.id for person in list_substitutes(actor, clinic_id)}:
            raise ExpertUnfit
        before, replaced_id = expert_label(clinic), clinic.person_id
        with refusals(_SITUATIONS):
            clinic.replaces_person_id, clinic.person_id = replaced_id, person_id
            clinic.version += 1
        record_event(
            actor,
            "replace_expert",
            "clinic",
            clinic.id,
            organisation_id=clinic.supporting_id,
            person_id=str(person_id),
            replaces=str(replaced_id),
        )
        session.expire(clinic, ["expert"])
        _tell(get_named_clinic(clinic.id), before, replaced_id)
        return clinic


def _is_there(person_id: UUID, clinic: Clinic) -> bool:
    needed = shifts_needed(clock.local(period.starts_at).time() for period in clinic.periods)
    claims = presence_of([person_id], clinic.held_on, clinic.held_on).claims(person_id, clinic.held_on)
    return find_conflict(clinic.recipient_id, clinic.held_on, needed, claims) is None


def _busy(person_ids: set[UUID], clinic: Clinic) -> set[UUID]:
    statement = select(Clinic.person_id).where(
        Clinic.person_id.in_(person_ids),
        Clinic.status == ClinicStatus.SCHEDULED,
        Clinic.starts_at < clinic.ends_at,
        Clinic.ends_at > clinic.starts_at,
    )
    return set(db.session.scalars(statement))


def _tell(clinic: Clinic, before: str, replaced_id: UUID) -> None:
    statement = (
        select(Booking)
        .where(Booking.clinic_id == clinic.id, Booking.status.in_((BookingStatus.BOOKED, BookingStatus.ARRIVED)))
        .options(selectinload(Booking.patient))
    )
    owed = [_to_patient(clinic, booking, before) for booking in db.session.scalars(statement) if booking.account_id]
    what = f"{window_label(clinic.starts_at, clinic.ends_at)}，{place_label(clinic)}"
    for person_id, title, body in (
        (clinic.person_id, "请您替诊", f"{what}的门诊由您替诊（原为{before}），请准时到诊。"),
        (replaced_id, "您的门诊已由他人替诊", f"{what}的门诊已改由{expert_label(clinic)}坐诊。"),
    ):
        notice = Notice(NoticeKind.CLINIC_PLANNED, title, body, "/doctor/clinics/index")
        key = f"{notice.kind}:{clinic.id}:{clinic.version}:{person_id}"
        owed.append(Owed(notice=notice, dedupe_key=key, person_id=person_id))
    owe_notices(owed)


def _to_patient(clinic: Clinic, booking: Booking, before: str) -> Owed:
    window = window_label(booking.starts_at, booking.ends_at)
    body = (
        f"{masked_name(booking.patient.name)}您好：您约的{before}{window}的门诊，"
        f"改由{expert_label(clinic)}坐诊，时间和序号不变。"
    )
    slots = {
        "what": expert_label(clinic),
        "when": when_field(booking.starts_at),
        "reason": "专家更换，时间序号不变",
        "advice": "如不方便，可在预约中取消",
    }
    page = f"/patient/booking/index?id={booking.id}"
    return Owed(
        notice=Notice(NoticeKind.EXPERT_REPLACED, "坐诊专家有变化", body, page, slots),
        dedupe_key=f"{NoticeKind.EXPERT_REPLACED}:{booking.id}:{clinic.version}",
        account_id=booking.account_id,
        organisation_id=clinic.recipient_id,
    )
