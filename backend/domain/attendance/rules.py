"""What the server makes of a tap: the verdict, its reasons, its day, and whether it is the effective one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.organisations.rules import Point, distance_m


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
    """Why a verdict is what it is."""

    OUTSIDE_FENCE = "outside_fence"
    ACCURACY_CROSSES_FENCE = "accuracy_crosses_fence"
    LOCATION_DENIED = "location_denied"
    LOCATION_MISSING = "location_missing"
    NO_SITE = "no_site"
    LATE_UPLOAD = "late_upload"
    PHONE_CLOCK_DISAGREES = "phone_clock_disagrees"


KIND_LABELS = {CheckInKind.IN: "签到", CheckInKind.OUT: "签退"}
VERDICT_LABELS = {Verdict.INSIDE: "在点内", Verdict.UNCERTAIN: "位置不确定", Verdict.OUTSIDE: "不在点内"}
REASON_TEXTS = {
    Reason.OUTSIDE_FENCE: "定位不在派驻点范围内，已记录，请说明原因。",
    Reason.ACCURACY_CROSSES_FENCE: "定位精度不足，误差范围跨过派驻点边界。",
    Reason.LOCATION_DENIED: "未授权定位，需由受援单位现场确认。",
    Reason.LOCATION_MISSING: "未能取得定位，需由受援单位现场确认。",
    Reason.NO_SITE: "派驻未设置派驻点，请联系医务科。",
    Reason.LATE_UPLOAD: "离线签到，事后补传。",
    Reason.PHONE_CLOCK_DISAGREES: "手机时间与服务器时间不一致，按收到的时间记录。",
}
_RANK = {Verdict.INSIDE: 0, Verdict.UNCERTAIN: 1, Verdict.OUTSIDE: 2}


@dataclass(frozen=True)
class Fence:
    """A site as a circle: centre in GCJ-02 degrees, radius in metres."""

    site_id: str
    centre: Point
    radius_m: float


@dataclass(frozen=True)
class Fix:
    """A place that a phone told: GCJ-02 degrees, and the radius in metres within which it claims to be."""

    point: Point
    accuracy_m: float


@dataclass(frozen=True)
class Judgement:
    """What was made of a fix: verdict, reasons, and the nearest site with the distance to its centre in metres."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    site_id: str | None = None
    distance_m: float | None = None


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
    if distance - fix.accuracy_m > fence.radius_m:
        return Judgement(Verdict.OUTSIDE, (Reason.OUTSIDE_FENCE,), fence.site_id, distance)
    return Judgement(Verdict.UNCERTAIN, (Reason.ACCURACY_CROSSES_FENCE,), fence.site_id, distance)


def judge_lateness(judgement: Judgement, *, clock_agrees: bool) -> Judgement:
    """Lower the judgement of a tap that was uploaded later: at most uncertain, and marked."""
    verdict = Verdict.UNCERTAIN if judgement.verdict is Verdict.INSIDE else judgement.verdict
    reasons = (*judgement.reasons, Reason.LATE_UPLOAD)
    if not clock_agrees:
        reasons = (*reasons, Reason.PHONE_CLOCK_DISAGREES)
    return Judgement(verdict, reasons, judgement.site_id, judgement.distance_m)
