"""What the server makes of a tap: the verdict, its reasons, its day, and whether it is the effective one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from backend.domain.dispatch.rules import Shift, shift_at
from backend.domain.organisations.rules.places import Point, distance_m


class CheckInKind(StrEnum):
    """Arriving or leaving."""

    IN = "in"
    OUT = "out"


class Verdict(StrEnum):
    """Where a tap was, seen from the fences of the dispatch's sites."""

    INSIDE = "inside"
    UNCERTAIN = "uncertain"
    OUTSIDE = "outside"


class Reason(StrEnum):
    """Why a tap is believed as far as it is."""

    OUTSIDE_FENCE = "outside_fence"
    ACCURACY_CROSSES_FENCE = "accuracy_crosses_fence"
    LOCATION_DENIED = "location_denied"
    LOCATION_MISSING = "location_missing"
    NO_SITE = "no_site"
    LATE_UPLOAD = "late_upload"
    PHONE_CLOCK_DISAGREES = "phone_clock_disagrees"
    NONCE_MISSING = "nonce_missing"
    NONCE_WRONG = "nonce_wrong"
    NONCE_EXPIRED = "nonce_expired"
    SITE_CODE = "site_code"
    SITE_CODE_OUTSIDE = "site_code_outside"
    SITE_CODE_UNCHECKED = "site_code_unchecked"
    IMPOSSIBLE_SPEED = "impossible_speed"
    SHARED_INSTALLATION = "shared_installation"
    REPEATED_COORDINATES = "repeated_coordinates"


KIND_LABELS = {CheckInKind.IN: "签到", CheckInKind.OUT: "签退"}
VERDICT_LABELS = {Verdict.INSIDE: "在点内", Verdict.UNCERTAIN: "位置不确定", Verdict.OUTSIDE: "不在点内"}
REASON_TEXTS = {
    Reason.OUTSIDE_FENCE: "定位不在派驻点范围内，已如实记录，由医务科核实。",
    Reason.ACCURACY_CROSSES_FENCE: "定位精度不足，误差范围跨过派驻点边界。",
    Reason.LOCATION_DENIED: "未授权定位，需由受援单位现场确认。",
    Reason.LOCATION_MISSING: "未能取得定位，需由受援单位现场确认。",
    Reason.NO_SITE: "派驻未设置派驻点，请联系医务科。",
    Reason.LATE_UPLOAD: "离线签到，事后补传。",
    Reason.PHONE_CLOCK_DISAGREES: "手机时间与服务器时间不一致，按收到的时间记录。",
    Reason.NONCE_MISSING: "签到前没有取得服务器的校验，无法确认是当时的位置。",
    Reason.NONCE_WRONG: "签到校验与本次签到不符，无法确认是当时的位置。",
    Reason.NONCE_EXPIRED: "取得校验后超过60秒才提交，无法确认是当时的位置。",
    Reason.SITE_CODE: "已核对派驻点的动态码。",
    Reason.SITE_CODE_OUTSIDE: "动态码正确，但定位不在派驻点范围内，不能据此认定在岗。",
    Reason.SITE_CODE_UNCHECKED: "离线时输入的动态码无法核对。",
    Reason.IMPOSSIBLE_SPEED: "与相邻一次签到相比，移动速度超出可能。",
    Reason.SHARED_INSTALLATION: "24小时内，同一部手机为两个人签到。",
    Reason.REPEATED_COORDINATES: "多日的定位坐标完全相同，通常是模拟定位造成的。",
}
_RANK = {Verdict.INSIDE: 0, Verdict.UNCERTAIN: 1, Verdict.OUTSIDE: 2}


@dataclass(frozen=True)
class Fence:
    """A site as a circle: centre in GCJ-02 degrees, radius in metres."""

    site_id: UUID
    centre: Point
    radius_m: float


@dataclass(frozen=True)
class Fix:
    """A place that a phone told: GCJ-02 degrees, and the radius in metres within which it claims to be."""

    point: Point
    accuracy_m: float


@dataclass(frozen=True)
class Judgement:
    """What was made of a fix: verdict, reasons, and the nearest site with the distance to its centre in metres.

    `beyond_m` is how far the whole accuracy circle lies beyond its fence; 0 where it does not.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    site_id: UUID | None = None
    distance_m: float | None = None
    beyond_m: float = 0.0


def judge_place(fix: Fix | None, fences: Sequence[Fence], *, denied: bool = False) -> Judgement:
    """Judge a fix against every site of a dispatch; the best verdict counts, then the nearest fence.

    Inside: the whole accuracy circle lies within a fence. Outside: it lies wholly beyond every fence.
    Uncertain: it crosses one, or there is no fix. Nothing is refused for being outside.
    """
    if fix is None:
        return Judgement(Verdict.UNCERTAIN, (Reason.LOCATION_DENIED if denied else Reason.LOCATION_MISSING,))
    if not fences:
        return Judgement(Verdict.UNCERTAIN, (Reason.NO_SITE,))
    return min(
        (_judge_fence(fix, fence) for fence in fences),
        key=lambda judgement: (_RANK[judgement.verdict], judgement.distance_m),
    )


def _judge_fence(fix: Fix, fence: Fence) -> Judgement:
    distance = distance_m(fix.point, fence.centre)
    if distance + fix.accuracy_m <= fence.radius_m:
        return Judgement(Verdict.INSIDE, (), fence.site_id, distance)
    beyond = distance - fix.accuracy_m - fence.radius_m
    if beyond > 0:
        return Judgement(Verdict.OUTSIDE, (Reason.OUTSIDE_FENCE,), fence.site_id, distance, beyond)
    return Judgement(Verdict.UNCERTAIN, (Reason.ACCURACY_CROSSES_FENCE,), fence.site_id, distance)


def judge_lateness(judgement: Judgement, *, clock_agrees: bool) -> Judgement:
    """Lower the judgement of a tap that was uploaded later: at most uncertain, and marked."""
    verdict = Verdict.UNCERTAIN if judgement.verdict is Verdict.INSIDE else judgement.verdict
    reasons = (*judgement.reasons, Reason.LATE_UPLOAD)
    if not clock_agrees:
        reasons = (*reasons, Reason.PHONE_CLOCK_DISAGREES)
    return replace(judgement, verdict=verdict, reasons=reasons)


_CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class PhoneClock:
    """What a phone's clock said, of a tap that was made without network; all aware instants.

    `last_server_time` is the last time that the phone had from the server, `last_server_seen_at` its own clock then.
    """

    tapped_at: datetime
    sent_at: datetime
    last_server_time: datetime | None = None
    last_server_seen_at: datetime | None = None

    @property
    def tapped_by_the_server(self) -> datetime:
        """When it was tapped by the server's clock, as far as the phone was behind or ahead when it last saw it."""
        if self.last_server_time is None or self.last_server_seen_at is None:
            return self.tapped_at
        return self.tapped_at + (self.last_server_time - self.last_server_seen_at)


def phone_clock_agrees(phone: PhoneClock, now: datetime) -> bool:
    """Tell whether the phone's clock may be believed: it agreed with the server before the tap and does so now.

    A clock that has been set back since it last saw the server's time is not believed.
    """
    if phone.last_server_time is None or phone.last_server_seen_at is None:
        return False
    agreed_before = abs(phone.last_server_time - phone.last_server_seen_at) <= _CLOCK_TOLERANCE
    agrees_now = abs(now - phone.sent_at) <= _CLOCK_TOLERANCE
    in_order = phone.last_server_seen_at - _CLOCK_TOLERANCE <= phone.tapped_at <= phone.sent_at
    return agreed_before and agrees_now and in_order


def why_not_offline(phone: PhoneClock, now: datetime, *, late_upload_days: int | None) -> str | None:
    """Return the code of the reason why an offline tap cannot be taken, None when it can.

    Without a rule on days (None) none is refused for its age: it stays late and at most uncertain.
    """
    if phone.tapped_at > now + _CLOCK_TOLERANCE or phone.tapped_at > phone.sent_at + _CLOCK_TOLERANCE:
        return "tap_in_future"
    if late_upload_days is not None and now - phone.tapped_at > timedelta(days=late_upload_days):
        return "tap_too_old"
    return None


@dataclass(frozen=True)
class Duty:
    """What a tap is for: a duty day and a shift of it."""

    duty_on: date
    shift: Shift


def duty_of_tap(
    tapped: datetime, kind: CheckInKind, asked: Shift | None, shifts_on: Callable[[date], tuple[Shift, ...]]
) -> Duty | None:
    """Return the duty that a tap at this local instant is for, None when the dispatch claims nothing then.

    A night belongs to the day on which it starts: before noon, a night of the day before may still be meant. The shift
    that the phone names (`asked`) is taken while it can be meant, else the clock decides: see `may_be_named`.
    """
    today, yesterday = tapped.date(), tapped.date() - timedelta(days=1)
    claimed, before = shifts_on(today), shifts_on(yesterday)
    if Shift.NIGHT in before and _still_the_night(tapped.time(), kind, asked, claimed):
        return Duty(yesterday, Shift.NIGHT)
    if asked is not None and asked not in claimed:
        return None
    if asked is not None and may_be_named(asked, tapped.time()):
        return Duty(today, asked)
    shift = shift_at(tapped.time(), leaving=kind is CheckInKind.OUT, claimed=claimed)
    return Duty(today, shift) if shift is not None else None


_NAMED = {
    Shift.MORNING: (time(5, 0), time(15, 0)),
    Shift.AFTERNOON: (time(11, 0), time(21, 0)),
    Shift.NIGHT: (time(15, 0), time.max),
}


def may_be_named(shift: Shift, at: time) -> bool:
    """Tell whether a tap at this time of day can be meant for a shift: from three hours before it to three after it.

    Shifts are 8 to 12, 14 to 18, and from 18 on. That leaves room for whoever comes early, leaves late or takes two
    shifts in one journey, and none for mending in the evening a morning that was missed: that is what a correction is
    for, which others decide.
    """
    first, last = _NAMED[shift]
    return first <= at < last


def _still_the_night(at: time, kind: CheckInKind, asked: Shift | None, claimed: tuple[Shift, ...]) -> bool:
    if at >= time(12, 0) or asked not in (None, Shift.NIGHT):
        return False
    if asked is Shift.NIGHT or at < time(6, 0):
        return True
    # After six, one who leaves comes from the night, unless a morning is claimed that could have been meant.
    return kind is CheckInKind.OUT and Shift.MORNING not in claimed
