"""Spot checks (查岗): kinds, how they are answered, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from backend.domain.attendance.rules.taps import Verdict
from backend.domain.dispatch.rules import Shift
from backend.foundation.clock import SHANGHAI


class SpotCheckKind(StrEnum):
    """What is asked: presence at work, or in the evening at the lodging."""

    PRESENCE = "presence"
    RESIDENCE = "residence"


class SpotCheckOrigin(StrEnum):
    """Drawn at random, or ordered by an office."""

    RANDOM = "random"
    ORDERED = "ordered"


class SpotCheckStatus(StrEnum):
    """Where a spot check stands. Missed is only what was delivered and not answered in time."""

    PLANNED = "planned"  # its instant is nobody's to know
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    MISSED = "missed"
    EXEMPT = "exempt"
    UNDELIVERED = "undelivered"


class SpotCheckAction(StrEnum):
    """What may happen to a spot check."""

    SEND = "send"
    DELIVER = "deliver"  # the one concerned has read it
    ANSWER = "answer"
    CLAIM = "claim"  # to be in surgery or in clinic
    RECORD_CALL = "record_call"
    LAPSE = "lapse"  # its time is over
    SPARE = "spare"  # on leave or at rest when the instant came


class AnswerMeans(StrEnum):
    """How one answered."""

    LOCATION = "location"
    CODE = "code"
    LANDLINE = "landline"  # the office called the recipient's telephone and recorded it
    SURGERY = "surgery"
    CLINIC = "clinic"


class SpotCheckReview(StrEnum):
    """What a person decided about a missed or doubtful answer."""

    EXCUSED = "excused"
    UPHELD = "upheld"


TRANSITIONS: Mapping[tuple[SpotCheckStatus, SpotCheckAction], SpotCheckStatus] = {
    (SpotCheckStatus.PLANNED, SpotCheckAction.SEND): SpotCheckStatus.SENT,
    (SpotCheckStatus.PLANNED, SpotCheckAction.SPARE): SpotCheckStatus.EXEMPT,
    (SpotCheckStatus.PLANNED, SpotCheckAction.LAPSE): SpotCheckStatus.UNDELIVERED,
    (SpotCheckStatus.SENT, SpotCheckAction.DELIVER): SpotCheckStatus.DELIVERED,
    (SpotCheckStatus.SENT, SpotCheckAction.RECORD_CALL): SpotCheckStatus.ANSWERED,
    (SpotCheckStatus.SENT, SpotCheckAction.LAPSE): SpotCheckStatus.UNDELIVERED,
    (SpotCheckStatus.DELIVERED, SpotCheckAction.ANSWER): SpotCheckStatus.ANSWERED,
    (SpotCheckStatus.DELIVERED, SpotCheckAction.CLAIM): SpotCheckStatus.EXEMPT,
    (SpotCheckStatus.DELIVERED, SpotCheckAction.RECORD_CALL): SpotCheckStatus.ANSWERED,
    (SpotCheckStatus.DELIVERED, SpotCheckAction.LAPSE): SpotCheckStatus.MISSED,
    (SpotCheckStatus.UNDELIVERED, SpotCheckAction.RECORD_CALL): SpotCheckStatus.ANSWERED,
}
"""What may happen to a spot check, and where it stands afterwards. Only what was delivered can be missed."""

SPOT_CHECK_STATUS_LABELS = {
    SpotCheckStatus.PLANNED: "未发出",
    SpotCheckStatus.SENT: "已发出",
    SpotCheckStatus.DELIVERED: "待应答",
    SpotCheckStatus.ANSWERED: "已应答",
    SpotCheckStatus.MISSED: "未应答",
    SpotCheckStatus.EXEMPT: "免查",
    SpotCheckStatus.UNDELIVERED: "未送达",
}
SPOT_CHECK_KIND_LABELS = {SpotCheckKind.PRESENCE: "在岗查岗", SpotCheckKind.RESIDENCE: "夜间驻地"}
ANSWER_LABELS = {
    AnswerMeans.LOCATION: "定位",
    AnswerMeans.CODE: "动态码",
    AnswerMeans.LANDLINE: "座机",
    AnswerMeans.SURGERY: "正在手术",
    AnswerMeans.CLINIC: "正在门诊",
}
REVIEW_LABELS = {SpotCheckReview.EXCUSED: "情况属实", SpotCheckReview.UPHELD: "认定缺岗"}
ANSWER_WITHIN = timedelta(minutes=15)
_DELIVER_WITHIN = timedelta(hours=2)
_CLAIMS = frozenset({AnswerMeans.SURGERY, AnswerMeans.CLINIC})
_SHIFT_HOURS = {
    Shift.MORNING: (time(8, 0), time(12, 0)),
    Shift.AFTERNOON: (time(14, 0), time(18, 0)),
    Shift.NIGHT: (time(18, 0), time(8, 0)),  # to the morning after
}
_EVENING = (time(18, 0), time(23, 0))  # in which somebody may be asked where they lodge


def action_of(means: AnswerMeans) -> SpotCheckAction:
    """Return what an answer by these means does: who is in surgery or in clinic is exempt until that is reviewed."""
    return SpotCheckAction.CLAIM if means in _CLAIMS else SpotCheckAction.ANSWER


def needs_review(status: SpotCheckStatus, means: AnswerMeans | None, verdict: Verdict | None) -> bool:
    """Tell whether a person must look at a spot check: it was missed, claimed to be exempt, or answered in doubt."""
    if status is SpotCheckStatus.ANSWERED:
        return verdict is not Verdict.INSIDE
    return status is SpotCheckStatus.MISSED or (status is SpotCheckStatus.EXEMPT and means in _CLAIMS)


def shift_hours(day: date, shift: Shift) -> tuple[datetime, datetime]:
    """Return from when to when a shift of a day runs; a night ends on the morning after."""
    starts, ends = _SHIFT_HOURS[shift]
    last = day + timedelta(days=1) if ends < starts else day
    return datetime.combine(day, starts, SHANGHAI), datetime.combine(last, ends, SHANGHAI)


def shift_running(at: datetime, shifts_on: Callable[[date], tuple[Shift, ...]]) -> tuple[date, Shift] | None:
    """Return the claimed shift that runs at an instant, with the day to which it belongs."""
    today = at.astimezone(SHANGHAI).date()
    for day in (today - timedelta(days=1), today):
        for shift in shifts_on(day):
            starts, ends = shift_hours(day, shift)
            if starts <= at < ends:
                return day, shift
    return None


def is_evening(at: datetime) -> bool:
    """Tell whether somebody may be asked where they lodge."""
    return _EVENING[0] <= at.astimezone(SHANGHAI).time() < _EVENING[1]


def last_delivery(sent_at: datetime, kind: SpotCheckKind, running: tuple[date, Shift] | None) -> datetime:
    """Return until when a spot check may be delivered: two hours, or the end of the shift or of the evening."""
    latest = sent_at + _DELIVER_WITHIN
    if kind is SpotCheckKind.RESIDENCE:
        return min(latest, datetime.combine(sent_at.astimezone(SHANGHAI).date(), _EVENING[1], SHANGHAI))
    return min(latest, shift_hours(*running)[1]) if running is not None else latest


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """What is known of somebody at the instant at which they would be asked."""

    posted: bool
    expected: bool  # a claimed shift of a working day runs, or it is the evening of one
    absent: bool  # with leave, or the dispatch is suspended
    resting: bool  # after a night that was worked


def why_not_asked(kind: SpotCheckKind, known: Whereabouts) -> str | None:
    """Say in Chinese why somebody is not to be asked now, None when they are."""
    if not known.posted:
        return "定期坐诊期间都在门诊，免查。"
    if known.absent:
        return "已准假或暂停派驻，免查。"
    if known.resting:
        return "下夜班休息，免查。"
    if not known.expected:
        return "现在不在此人的在岗时间内。" if kind is SpotCheckKind.PRESENCE else "只在派驻日的晚上查驻地。"
    return None
