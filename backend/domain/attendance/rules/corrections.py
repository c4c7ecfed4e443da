"""Corrections (补签): what may be asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.domain.attendance.errors.requests import (
    CorrectionInFuture,
    CorrectionNotOnDuty,
    CorrectionsUsedUp,
    CorrectionTimeImplausible,
    CorrectionTooOld,
)
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.dispatch.rules import Shift
from backend.foundation.errors import BangfuError

_NIGHT_BEGINS, _NIGHT_IS_OVER = time(15, 0), time(12, 0)  # of the next day: one who relieves may be late


@dataclass(frozen=True)
class CorrectionLimits:
    """What a document settles; None: no limit."""

    a_month: int | None = None
    days_back: int | None = None


@dataclass(frozen=True)
class CorrectedTap:
    """The tap that is missing or wrong, as it should have been; `happened_at` in local time."""

    duty_on: date
    shift: Shift
    kind: CheckInKind
    happened_at: datetime


def why_not_correction(
    tap: CorrectedTap, now: datetime, *, claimed: Collection[Shift], used: int, limits: CorrectionLimits
) -> BangfuError | None:
    """Return what stands in the way of asking for a correction at a local instant, None when nothing does.

    `claimed` are the shifts that are due on that day, `used` the corrections of that month which are asked for or
    granted.
    """
    if tap.shift not in claimed:
        return CorrectionNotOnDuty()
    if tap.happened_at > now or tap.duty_on > now.date():
        return CorrectionInFuture()
    if limits.days_back is not None and (now.date() - tap.duty_on).days > limits.days_back:
        return CorrectionTooOld(f"只能补签最近{limits.days_back}天内的班次，请联系医务科。")
    if not _is_plausible(tap):
        return CorrectionTimeImplausible(fields={"happened_at": ["请填写该班次当天的实际时间。"]})
    if limits.a_month is not None and used >= limits.a_month:
        return CorrectionsUsedUp(f"每月最多补签{limits.a_month}次，该月已用完。请联系医务科。")
    return None


def _is_plausible(tap: CorrectedTap) -> bool:
    """Tell whether the instant belongs to the shift: on its day, and for a night into the next."""
    local = tap.happened_at
    if tap.shift is not Shift.NIGHT:
        return local.date() == tap.duty_on
    if local.date() == tap.duty_on:
        return local.time() >= _NIGHT_BEGINS
    return local.date() == tap.duty_on + timedelta(days=1) and local.time() <= _NIGHT_IS_OVER
