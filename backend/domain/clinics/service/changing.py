"""Changing a clinic that is planned, and cancelling one of which nothing has gone out yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.planning import (
    CapacityBelowBooked,
    ClinicInUse,
    ClinicNotOpen,
    DaysRefused,
    PeriodBooked,
    PlanInvalid,
)
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.clinics import get_clinic
from backend.domain.clinics.queries.conflicts import presence_of
from backend.domain.clinics.rules.planning import (
    CHANNEL_LABELS,
    Channel,
    ClinicStatus,
    PeriodPlan,
    PlaceState,
    at,
    hours_label,
    why_not_periods,
)
from backend.domain.clinics.rules.presence import find_conflict, shifts_needed
from backend.domain.clinics.service.planning import EXPERTS_PAGE, SITUATIONS, check_details, places_of_period
from backend.domain.clinics.service.returning import return_places
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_TAKEN = (PlaceState.BOOKED, PlaceState.HELD)
_Hours = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class ClinicChange:
    """What a clinic is to be: all of it, changed or not. Periods are known by their hours."""

    periods: tuple[PeriodPlan, ...]
    department_id: UUID | None
    local_doctor_id: UUID | None
    fee_fen: int
    note: str


def change_clinic(actor: Actor, clinic_id: UUID, change: ClinicChange, version: int) -> Clinic:
    """Change hours, places, or what is told of a clinic.

    Raises:
        ClinicNotFound, NotFound, Forbidden: as in get_clinic; the department or doctor is not the recipient's.
        StaleVersion: somebody else was faster.
        ClinicNotOpen: it is closed or over.
        PlanInvalid: the periods or the fee cannot be.
        CapacityBelowBooked: more is booked or held through a channel than there would be.
        PeriodBooked: hours would change of a period in which somebody has booked.
        DaysRefused, ExpertBusy: the expert cannot be there at the new hours.
    """
    wrong = why_not_periods(change.periods)
    if wrong is not None:
        raise PlanInvalid(wrong, fields={"periods": [wrong]})
    with transaction() as session:
        clinic = _locked(actor, clinic_id, version)
        if clinic.status is not ClinicStatus.SCHEDULED or clinic.ends_at <= clock.now():
            raise ClinicNotOpen
        check_details(clinic.recipient_id, change.department_id, change.local_doctor_id, change.fee_fen)
        if change.local_doctor_id == clinic.person_id:
            raise PlanInvalid("跟诊医生不能是专家本人。")
        before = [(period.starts_at, period.ends_at) for period in clinic.periods]
        new = _share_out(clinic, change.periods)
        if [(period.starts_at, period.ends_at) for period in clinic.periods] != before:
            with refusals(SITUATIONS):
                _move(clinic)
            _tell(clinic, "坐诊已调整", change.periods, f"clinic_changed:{clinic.id}:{clinic.version}")
        clinic.department_id, clinic.local_doctor_id = change.department_id, change.local_doctor_id
        clinic.fee_fen, clinic.note = change.fee_fen, change.note.strip()
        clinic.version += 1
        session.flush()
        return_places(clinic.id, new)
        record_event(
            actor,
            "change_clinic",
            "clinic",
            clinic.id,
            organisation_id=clinic.supporting_id,
            capacity=sum(period.capacity for period in change.periods),
        )
        return clinic


def cancel_clinic(actor: Actor, clinic_id: UUID, version: int) -> None:
    """Take a clinic out of the plan whose places have not gone out, and of which nobody has one.

    Raises:
        ClinicNotFound, Forbidden: as in get_clinic.
        StaleVersion: somebody else was faster.
        ClinicInUse: it was released, or somebody has booked, waits, or was offered a place: it is closed instead.
    """
    with transaction() as session:
        clinic = _locked(actor, clinic_id, version)
        used = select(
            Clinic.release_at <= func.now(),
            exists().where(Booking.clinic_id == clinic.id),
            exists().where(WaitlistEntry.clinic_id == clinic.id),
            exists().where(PlaceOffer.clinic_id == clinic.id),  # held after a closure, before anything is released
        ).where(Clinic.id == clinic.id)
        if clinic.status is not ClinicStatus.SCHEDULED or any(session.execute(used).one()):
            raise ClinicInUse
        _tell(clinic, "坐诊已取消", _plans_of(clinic), f"clinic_cancelled:{clinic.id}")
        record_event(actor, "cancel_clinic", "clinic", clinic.id, organisation_id=clinic.supporting_id)
        session.delete(clinic)


def _locked(actor: Actor, clinic_id: UUID, version: int) -> Clinic:
    """Return the clinic with its places locked: claims in flight are waited for, and later ones wait."""
    clinic = get_clinic(actor, clinic_id, Action.WRITE)
    # Bookings in flight refer to the clinic while they hold a place: they must not wait for this as this does for them.
    db.session.refresh(clinic, with_for_update={"of": Clinic, "key_share": True})
    if clinic.version != version:
        raise StaleVersion
    places = select(ClinicPlace.id).where(ClinicPlace.clinic_id == clinic.id).order_by(ClinicPlace.id)
    db.session.execute(places.with_for_update())
    return clinic


def _share_out(clinic: Clinic, plans: Sequence[PeriodPlan]) -> list[UUID]:
    """Let a clinic have these periods and places; return the places that are new."""
    known = {(period.starts_at, period.ends_at): period for period in clinic.periods}
    wanted = {(at(clinic.held_on, plan.starts), at(clinic.held_on, plan.ends)): plan for plan in plans}
    _drop([period for hours, period in known.items() if hours not in wanted])
    places = _places(clinic)
    numbers = count(max((place.number for place in places), default=0) + 1)
    rows: list[UUID] = []
    for hours, plan in wanted.items():
        period = known.get(hours) or _add_period(clinic, hours)
        own = [place for place in places if place.period_id == period.id and not place.extra]
        rows += _fill(period, plan.places, own, numbers)
    db.session.flush()
    db.session.refresh(clinic, ["periods"])
    return rows


def _drop(periods: Iterable[ClinicPeriod]) -> None:
    for period in periods:
        statement = select(
            exists().where(Booking.period_id == period.id),
            exists().where(PlaceOffer.place_id == ClinicPlace.id, ClinicPlace.period_id == period.id),
        )
        if any(db.session.execute(statement).one()):
            raise PeriodBooked
        db.session.execute(delete(ClinicPeriod).where(ClinicPeriod.id == period.id))


def _places(clinic: Clinic) -> Sequence[ClinicPlace]:
    statement = select(ClinicPlace).where(ClinicPlace.clinic_id == clinic.id).order_by(ClinicPlace.number)
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _add_period(clinic: Clinic, hours: _Hours) -> ClinicPeriod:
    period = ClinicPeriod(id=new_id(), clinic_id=clinic.id, starts_at=hours[0], ends_at=hours[1])
    db.session.add(period)
    db.session.flush()
    return period


def _fill(
    period: ClinicPeriod, shares: Mapping[Channel, int], own: Sequence[ClinicPlace], numbers: count[int]
) -> list[UUID]:
    """Withdraw, bring back or add places until each channel has its share; return those that are new or back."""
    back: list[UUID] = []
    missing: dict[Channel, int] = {}
    for channel in Channel:
        of_channel = [place for place in own if place.channel is channel]
        live = [place for place in of_channel if place.state is not PlaceState.WITHDRAWN]
        wanted = shares.get(channel, 0)
        taken = sum(place.state in _TAKEN for place in live)
        if wanted < taken:
            raise CapacityBelowBooked(_below(period, channel, taken))
        for place in _last_free(live, len(live) - wanted):
            place.state = PlaceState.WITHDRAWN
        withdrawn = [place for place in of_channel if place not in live]
        for place in withdrawn[: max(0, wanted - len(live))]:
            place.state = PlaceState.FREE
            back.append(place.id)
        missing[channel] = max(0, wanted - len(live) - len(withdrawn))
    rows = places_of_period(missing, period.clinic_id, period.id, numbers)
    if rows:
        db.session.execute(insert(ClinicPlace).returning(ClinicPlace.id), rows)
    return back + [row["id"] for row in rows]


def _last_free(places: Sequence[ClinicPlace], number: int) -> Sequence[ClinicPlace]:
    free = [place for place in places if place.state is PlaceState.FREE]
    return free[len(free) - number :] if number > 0 else ()


def _below(period: ClinicPeriod, channel: Channel, taken: int) -> str:
    start = clock.local(period.starts_at)
    label = CHANNEL_LABELS[channel]
    return f"{start.hour}:{start:%M}的时段，{label}已约出或正保留{taken}个号，不能少于这个数。"


def _move(clinic: Clinic) -> None:
    """Let the instants of a clinic follow its hours, as far from its beginning as they were."""
    needed = shifts_needed(clock.local(period.starts_at).time() for period in clinic.periods)
    presence = presence_of([clinic.person_id], clinic.held_on, clinic.held_on)
    claims = presence.claims(clinic.person_id, clinic.held_on)
    conflict = find_conflict(clinic.recipient_id, clinic.held_on, needed, claims)
    if conflict is not None:
        raise DaysRefused(f"{conflict.text}，不能改到这个时间。", fields={str(clinic.held_on): [conflict.text]})
    by: timedelta = clinic.periods[0].starts_at - clinic.starts_at
    clinic.starts_at, clinic.ends_at = clinic.periods[0].starts_at, clinic.periods[-1].ends_at
    clinic.phone_until += by
    clinic.overflow_at += by
    clinic.cancel_until += by
    clinic.release_at = min(clinic.release_at, clinic.phone_until)


def _plans_of(clinic: Clinic) -> list[PeriodPlan]:
    hours = [(clock.local(period.starts_at).time(), clock.local(period.ends_at).time()) for period in clinic.periods]
    return [PeriodPlan(starts, ends, {}) for starts, ends in hours]


def _tell(clinic: Clinic, title: str, periods: Sequence[PeriodPlan], dedupe_key: str) -> None:
    day = clinic.held_on
    body = f"{clinic.recipient.name}{day.month}月{day.day}日，{hours_label(periods)}。"
    notice = Notice(kind=NoticeKind.CLINIC_PLANNED, title=title, body=body, page=EXPERTS_PAGE)
    owe_notice(clinic.person_id, notice, dedupe_key=dedupe_key)
