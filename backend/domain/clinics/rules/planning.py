"""Clinics: their states, their periods, and how places are shared out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from backend.foundation import clock


class ClinicStatus(StrEnum):
    """Whether a clinic is held; that it is over, the clock says."""

    SCHEDULED = "scheduled"
    CLOSED = "closed"  # 停诊


class Channel(StrEnum):
    """By which way a place is given."""

    PHONE = "phone"
    DESK = "desk"
    REFERRAL = "referral"
    FAMILY_DOCTOR = "family_doctor"


class PlaceState(StrEnum):
    """What a place is to the next who asks."""

    FREE = "free"
    HELD = "held"  # offered to somebody
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"  # its clinic is closed, or it was taken out of the plan


CHANNEL_LABELS = {
    Channel.PHONE: "手机预约",
    Channel.DESK: "现场",
    Channel.REFERRAL: "转诊",
    Channel.FAMILY_DOCTOR: "家庭医生",
}


MAXIMUM_PLACES = 300  # of one clinic: more than any doctor sees in a day
MAXIMUM_CLINICS = 100  # of one plan


@dataclass(frozen=True)
class PeriodPlan:
    """A part of the day and the places that it has by channel."""

    starts: time
    ends: time
    places: Mapping[Channel, int]

    @property
    def capacity(self) -> int:
        """How many places it has in all."""
        return sum(self.places.values())


@dataclass(frozen=True)
class Timing:
    """From when and until when places go out, told from the clinic's first hour.

    `release_days` before its day at `release_time`, None for at once; what referrals and family doctors leave is the
    phone's from `overflow_hours` before, what anybody leaves is the desk's from `phone_minutes` before.
    """

    release_days: int | None = 7
    release_time: time = time(8, 0)
    overflow_hours: int = 24
    phone_minutes: int = 60


@dataclass(frozen=True)
class Moments:
    """The instants of one clinic, aware."""

    starts_at: datetime
    ends_at: datetime
    release_at: datetime
    overflow_at: datetime
    phone_until: datetime
    cancel_until: datetime


def moments_of(
    day: date, periods: Sequence[PeriodPlan], timing: Timing, *, cancel_hours: int, now: datetime
) -> Moments:
    """Return the instants of a clinic on a day; what is released at once is released now."""
    starts_at, ends_at = at(day, periods[0].starts), at(day, periods[-1].ends)
    phone_until = starts_at - timedelta(minutes=timing.phone_minutes)
    release_at = now
    if timing.release_days is not None:
        release_at = at(day - timedelta(days=timing.release_days), timing.release_time)
    return Moments(
        starts_at=starts_at,
        ends_at=ends_at,
        release_at=min(release_at, phone_until),
        overflow_at=min(starts_at - timedelta(hours=timing.overflow_hours), phone_until),
        phone_until=phone_until,
        cancel_until=starts_at - timedelta(hours=cancel_hours),
    )


def at(day: date, hour: time) -> datetime:
    """Return an hour of a local day as an instant."""
    return datetime.combine(day, hour, clock.SHANGHAI)


def why_not_periods(periods: Sequence[PeriodPlan]) -> str | None:
    """Say in Chinese why these cannot be the periods of a clinic, None when they can: they come in their order."""
    places = sum(period.capacity for period in periods)
    wrongs = (
        (not periods, "请至少填写一个时段。"),
        (any(period.ends <= period.starts for period in periods), "时段的结束时间须晚于开始时间，且在同一天内。"),
        (any(after.starts < before.ends for before, after in pairwise(periods)), "时段须按先后填写，且不能重叠。"),
        (any(count < 0 for period in periods for count in period.places.values()), "号源数不能是负数。"),
        (any(period.capacity == 0 for period in periods), "每个时段至少要有一个号。"),
        (places > MAXIMUM_PLACES, f"一次坐诊不能超过{MAXIMUM_PLACES}个号。"),
        (not any(period.places.get(Channel.DESK, 0) for period in periods), "现场号源不能为零，请至少留一个现场号。"),
    )
    return next((text for wrong, text in wrongs if wrong), None)


def why_not_timing(timing: Timing) -> str | None:
    """Say in Chinese why places cannot go out so, None when they can."""
    if timing.release_days is not None and not 0 <= timing.release_days <= 90:
        return "提前放号天数应在0到90之间。"
    if not 0 <= timing.overflow_hours <= 30 * 24:
        return "余号转手机预约的时间应在开诊前0到720小时之间。"
    if not 0 <= timing.phone_minutes <= 7 * 24 * 60:
        return "停止手机预约的时间应在开诊前0到10080分钟之间。"
    return None


def hours_label(periods: Sequence[PeriodPlan]) -> str:
    """Return from when to when, in Chinese as patients read it: 8:00至11:30."""
    first, last = periods[0].starts, periods[-1].ends
    return f"{first.hour}:{first:%M}至{last.hour}:{last:%M}"
