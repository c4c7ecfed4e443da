"""Booking a place by phone: by a patient, a relative, or a village doctor for a resident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from backend.database import HotConnection
from backend.domain.clinics.claiming.claim import Booked, claim_place, fetch_left
from backend.domain.clinics.claiming.context import (
    BookingContext,
    ClinicContext,
    Credential,
    Period,
    fetch_booking_context,
)
from backend.domain.clinics.errors.bookings import (
    BookingKeyReused,
    BookingSuspended,
    ClinicClosed,
    ClinicFull,
    ClinicNotFound,
    ClinicOver,
    NotReleased,
    PatientNotLinked,
    PeriodFull,
    TimeClash,
)
from backend.domain.clinics.queries.bookings import BookingView, get_booking
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.channels import Shut, channels_in_turn, why_shut
from backend.domain.clinics.rules.limits import Refusal, Slots, clashes, find_slots
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.rules.suspension import suspended_until
from backend.domain.clinics.rules.wording import what_label, where_label
from backend.domain.clinics.service.booking_notices import MADE, booking_page, booking_was_made
from backend.domain.clinics.service.booking_rows import REFUSALS
from backend.domain.notifications.rules.templates import fields_of
from backend.domain.patients.rules import Relation
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import keyed_hash
from backend.foundation.errors import Conflict
from backend.foundation.ids import new_id
from backend.foundation.transaction import autocommitted

_ATTEMPTS = 6
_MARK = "\ue000"  # stands in the texts for the number that only the database will know
_WAITLIST = {"waitlist": ["可以加入候补，有人退号时按先后顺序通知您。"]}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A place that somebody asks for; any period where none is named."""

    clinic_id: UUID
    patient_id: UUID
    period_id: UUID | None = None

    @property
    def fingerprint(self) -> bytes:
        """What a repeat of the same key must have meant too."""
        return keyed_hash("booking", f"{self.clinic_id}:{self.patient_id}:{self.period_id}")


@dataclass(frozen=True)
class Made:
    """A booking; `repeated`: the same key and request had made it before."""

    booking: BookingView
    repeated: bool = False


@dataclass(frozen=True)
class _Permit:
    """What a claim may try: by which way, whose places in which order, in which periods, in which slots."""

    clinic: ClinicContext
    channel: Channel
    turns: Sequence[Sequence[Channel]]
    periods: Sequence[Period]
    slots: Slots

    @property
    def channels(self) -> list[Channel]:
        return [channel for turn in self.turns for channel in turn]


def book_clinic(who: Credential | Actor, wanted: Wanted, *, key: str) -> Made:
    """Book a place of a clinic for a patient for whom the account acts.

    Safe to repeat: the same key and request give the booking that they made before. A village doctor books for a
    resident out of the family doctors' places.

    Raises:
        Unauthenticated: the credential is of no live session.
        BookingKeyReused: the key came before with another request.
        ClinicNotFound, PatientNotLinked: there is none, or the account does not act for them.
        ClinicClosed, NotReleased, ClinicOver: no place can be had now.
        BookingSuspended: the patient missed too many.
        AlreadyBooked, TimeClash, DayLimit, MonthLimit: the patient has what stands in the way.
        PeriodFull, ClinicFull: no place is left.
        Conflict: rivals of the same patient won every time.
    """
    for _ in range(_ATTEMPTS):
        with autocommitted() as connection:
            actor, context = fetch_booking_context(
                connection, who, clinic_id=wanted.clinic_id, patient_id=wanted.patient_id, key=key
            )
            if context.repeat is None:
                permit = _judge(actor, wanted, context)
                values = _values(actor, wanted, context, permit) | {"key": key}
                booked = _claim(connection, wanted, permit, values)
                if booked is not None:
                    return Made(_view(wanted, context, permit, booked))
                continue
        return _repeat(actor, *context.repeat, wanted)
    raise Conflict


def _repeat(actor: Actor, booking_id: UUID, hash_before: bytes, wanted: Wanted) -> Made:
    if hash_before != wanted.fingerprint:
        raise BookingKeyReused
    return Made(get_booking(actor, booking_id), repeated=True)


def _judge(actor: Actor, wanted: Wanted, context: BookingContext) -> _Permit:
    clinic = context.clinic
    if clinic is None:
        raise ClinicNotFound
    if context.relation is None:
        raise PatientNotLinked
    if clinic.is_closed:
        raise ClinicClosed
    channel = _channel(actor, context.relation)
    shut = why_shut(channel, context.at, clinic.opening)
    if shut is not None:
        raise _not_released(clinic.opening.release_at) if shut is Shut.NOT_RELEASED else ClinicOver
    if channel is Channel.PHONE:
        _require_not_suspended(context)
    slots = find_slots(clinic.id, clinic.held_on, context.taken, context.limits)
    if isinstance(slots, Refusal):
        raise REFUSALS[slots]
    turns = channels_in_turn(channel, context.at, clinic.opening)
    return _Permit(clinic, channel, turns, _periods(clinic, wanted.period_id, context), slots)


def _channel(actor: Actor, relation: Relation) -> Channel:
    is_village_doctor = actor.role is Role.VILLAGE_DOCTOR and relation is Relation.RESIDENT
    return Channel.FAMILY_DOCTOR if is_village_doctor else Channel.PHONE


def _not_released(release_at: datetime) -> NotReleased:
    at = clock.local(release_at)
    return NotReleased(f"这次门诊{at.month}月{at.day}日{at:%H:%M}开放预约，请到时再来。")


def _require_not_suspended(context: BookingContext) -> None:
    until = suspended_until(context.noshows, context.terms)
    if until is not None and clock.local(context.at).date() < until:
        last = until - timedelta(days=1)
        raise BookingSuspended(
            f"这位就诊人多次预约未到，手机预约暂停至{last.year}年{last.month}月{last.day}日。需要就诊请到现场服务台；"
            "如有特殊情况，可在未到诊的预约里申诉。"
        )


def _periods(clinic: ClinicContext, period_id: UUID | None, context: BookingContext) -> list[Period]:
    """Return the periods in which a place may be claimed: to come, and at no time at which the patient is elsewhere."""
    asked = [period for period in clinic.periods if period_id is None or period.id == period_id]
    if not asked:
        raise ClinicNotFound("没有找到这个时段，请刷新后重新选择。")
    to_come = [period for period in asked if context.at < period.ends_at]
    if not to_come:
        raise ClinicOver("这个时段已结束，请选择其他时段。")
    fit = [period for period in to_come if not clashes(period.starts_at, period.ends_at, context.taken)]
    if not fit:
        raise TimeClash
    return fit


def _claim(connection: HotConnection, wanted: Wanted, permit: _Permit, values: dict[str, Any]) -> Booked | None:
    """Claim a place, in turn by channel; None where a rival of the same patient was first.

    Before it says that none is left it waits for those that others have in hand and may yet leave.
    """
    looks = [*((turn, False) for turn in permit.turns), (permit.channels, True)]
    for channels, waiting in looks:
        claim = claim_place(connection, values | {"channels": list(channels)}, waiting=waiting)
        if claim.found:
            return claim.booked
    raise _full(connection, wanted, permit)


def _full(connection: HotConnection, wanted: Wanted, permit: _Permit) -> Conflict:
    left = fetch_left(connection, permit.clinic.id, permit.channels)
    if left.is_closed:
        return ClinicClosed()
    # A place that came back since the last look is another's to find: what is free elsewhere is worth telling.
    elsewhere = left.periods - {period.id for period in permit.periods}
    if elsewhere and wanted.period_id is not None:
        return PeriodFull()
    if elsewhere:
        return TimeClash("只剩下与其他预约时间冲突的号，请先取消原来的预约，或选择其他日期。")
    return ClinicFull(fields=_WAITLIST)


def _values(actor: Actor, wanted: Wanted, context: BookingContext, permit: _Permit) -> dict[str, Any]:
    clinic, booking_id = permit.clinic, new_id()
    bodies, fields = _words(booking_id, context.patient_name or "", permit)
    return {
        "id": booking_id,
        "item_id": new_id(),
        "message_id": new_id(),
        "clinic_id": clinic.id,
        "period_ids": [period.id for period in permit.periods],
        "patient_id": wanted.patient_id,
        "account_id": actor.account_id,
        "person_id": actor.person_id,
        "role": actor.role,
        "door": actor.channel,
        "channel": permit.channel,
        "held_on": clinic.held_on,
        "held_month": clinic.held_on.replace(day=1),
        "day_slot": permit.slots.day,
        "month_slot": permit.slots.month,
        "request_hash": wanted.fingerprint,
        "organisation_id": clinic.recipient_id,
        "mark": _MARK,
        "title": MADE,
        "bodies": bodies,
        "fields": fields,
        "page": booking_page(booking_id),
        "dedupe_key": f"booking_made:{booking_id}",
        "details": orjson.dumps({"clinic_id": clinic.id, "channel": permit.channel}).decode(),
    }


def _words(booking_id: UUID, patient_name: str, permit: _Permit) -> tuple[list[str], list[str]]:
    """Return what the inbox and the template say, for each period in which the place may be."""
    expert, site = permit.clinic.card["expert"], permit.clinic.card["site"]
    notices = [
        booking_was_made(
            booking_id,
            patient_name=patient_name,
            what=what_label(expert["name"], expert["title"], permit.clinic.card["department"]),
            where=where_label(site["organisation"], site["name"]),
            starts_at=period.starts_at,
            ends_at=period.ends_at,
            number=_MARK,
        )
        for period in permit.periods
    ]
    now = clock.local(clock.now())
    return [notice.body for notice in notices], [orjson.dumps(fields_of(notice, now)).decode() for notice in notices]


def _view(wanted: Wanted, context: BookingContext, permit: _Permit, booked: Booked) -> BookingView:
    period = next(period for period in permit.periods if period.id == booked.period_id)
    return BookingView(
        id=booked.id,
        status=BookingStatus.BOOKED,
        number=booked.number,
        patient_id=wanted.patient_id,
        patient_name=context.patient_name or "",
        card=permit.clinic.card,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        cancel_until=permit.clinic.cancel_until,
        channel=permit.channel,
        created_at=booked.created_at,
    )
