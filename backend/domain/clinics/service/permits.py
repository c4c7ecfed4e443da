"""Whether somebody may book a clinic by phone now, and out of which places: anew, or moving a booking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.database import HotConnection
from backend.domain.clinics.claiming.claim import fetch_left
from backend.domain.clinics.claiming.context import BookingContext, ClinicContext, Period
from backend.domain.clinics.errors.bookings import (
    REFUSALS,
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
from backend.domain.clinics.rules.channels import Shut, channels_in_turn, why_shut
from backend.domain.clinics.rules.limits import Limits, Refusal, Slots, clashes, find_slots
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.rules.suspension import suspended_until
from backend.domain.patients.rules import Relation
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import keyed_hash
from backend.foundation.errors import Conflict

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
class Permit:
    """What a claim may try: by which way, whose places in which order, in which periods, in which slots."""

    clinic: ClinicContext
    channel: Channel
    turns: Sequence[Sequence[Channel]]
    periods: Sequence[Period]
    slots: Slots
    limits: Limits

    @property
    def channels(self) -> list[Channel]:
        """Whose places it may be in all."""
        return [channel for turn in self.turns for channel in turn]


def permit(actor: Actor, wanted: Wanted, context: BookingContext) -> Permit:
    """Return what may be tried.

    Raises:
        ClinicNotFound, PatientNotLinked: there is none, or the account does not act for them.
        ClinicClosed, NotReleased, ClinicOver: no place can be had now.
        BookingSuspended: the patient missed too many.
        AlreadyBooked, TimeClash, DayLimit, MonthLimit: the patient has what stands in the way.
    """
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
    periods = _periods(clinic, wanted.period_id, context)
    return Permit(clinic, channel, turns, periods, slots, context.limits)


def why_none(connection: HotConnection, wanted: Wanted, permitted: Permit) -> Conflict:
    """Return what to say where no place could be claimed."""
    left = fetch_left(connection, permitted.clinic.id, permitted.channels)
    if left.is_closed:
        return ClinicClosed()
    # A place that came back since the last look is another's to find: what is free elsewhere is worth telling.
    elsewhere = left.periods - {period.id for period in permitted.periods}
    if elsewhere and wanted.period_id is not None:
        return PeriodFull()
    if elsewhere:
        return TimeClash("只剩下与其他预约时间冲突的号，请先取消原来的预约，或选择其他日期。")
    return ClinicFull(fields=_WAITLIST)


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
