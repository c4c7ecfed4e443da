"""Limits of booking: slots a day and a month, and no two places at one time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

UNLIMITED = 1000  # slots where no limit is set: nobody sees that many doctors in a month


class Refusal(StrEnum):
    """Why a patient cannot have one more place."""

    ALREADY_BOOKED = "already_booked"
    TIME_CLASH = "time_clash"
    DAY_LIMIT = "day_limit"
    MONTH_LIMIT = "month_limit"


@dataclass(frozen=True)
class Taken:
    """A live booking of the patient."""

    clinic_id: UUID
    held_on: date
    starts_at: datetime
    ends_at: datetime
    day_slot: int
    month_slot: int


@dataclass(frozen=True)
class Limits:
    """How many live bookings a patient may have; None: as many as they like."""

    a_day: int | None = None
    a_month: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Slots:
    """The numbers that a booking takes of those allowed; unique in the database, so that limits hold for rivals too."""

    day: int
    month: int


def find_slots(clinic_id: UUID, held_on: date, taken: Collection[Taken], limits: Limits) -> Slots | Refusal:
    """Return the slots that a booking of a clinic on a day can take, or why it cannot.

    `taken` are the patient's live bookings of that month, and any others.
    """
    if any(one.clinic_id == clinic_id for one in taken):
        return Refusal.ALREADY_BOOKED
    day = _lowest_free((one.day_slot for one in taken if one.held_on == held_on), limits.a_day)
    if day is None:
        return Refusal.DAY_LIMIT
    month = _lowest_free((one.month_slot for one in taken if _is_same_month(one.held_on, held_on)), limits.a_month)
    return Refusal.MONTH_LIMIT if month is None else Slots(day, month)


def clashes(starts_at: datetime, ends_at: datetime, taken: Iterable[Taken]) -> bool:
    """Tell whether the patient is to be elsewhere within these hours; one may begin as another ends."""
    return any(one.starts_at < ends_at and starts_at < one.ends_at for one in taken)


def _lowest_free(used: Iterable[int], limit: int | None) -> int | None:
    numbers = set(used)
    if limit is not None and len(numbers) >= limit:  # the desk and closures give slots past it
        return None
    slot = next(slot for slot in range(1, len(numbers) + 2) if slot not in numbers)
    return slot if slot <= (UNLIMITED if limit is None else limit) else None


def _is_same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)
