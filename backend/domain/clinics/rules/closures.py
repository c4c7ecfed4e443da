"""Closing a clinic (停诊): its reasons, and what those who had booked are given in its place."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.waitlist import OfferStatus
from backend.domain.notifications.rules.delivery import Delivery


class ClosureReason(StrEnum):
    """Why an expert cannot come; shown to patients."""

    CALLED_BACK = "called_back"
    ILL = "ill"
    LEAVE = "leave"
    EMERGENCY = "emergency"
    ROAD = "road"
    OTHER_DUTY = "other_duty"
    OTHER = "other"


class Remedy(StrEnum):
    """What somebody gets whose booking fell."""

    PLACE = "place"  # a place elsewhere is held for them
    NONE = "none"  # nothing was to be had, and they were told so
    REMOTE = "remote"  # had already come: a remote consultation
    LOCAL_DOCTOR = "local_doctor"  # had already come: the local doctor


class CallOutcome(StrEnum):
    """What came of a call by the desk."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    INFORMED = "informed"  # knows, and decides later or needs nothing
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


class ClosureReview(StrEnum):
    """What medical affairs made of a closure by the duty officer."""

    CONFIRMED = "confirmed"
    QUESTIONED = "questioned"


REASON_LABELS = {
    ClosureReason.CALLED_BACK: "因公返院",
    ClosureReason.ILL: "专家身体不适",
    ClosureReason.LEAVE: "专家请假",
    ClosureReason.EMERGENCY: "参加紧急救治",
    ClosureReason.ROAD: "道路或天气原因",
    ClosureReason.OTHER_DUTY: "另有工作安排",
    ClosureReason.OTHER: "其他原因",
}
REVIEW_LABELS = {ClosureReview.CONFIRMED: "已认可", ClosureReview.QUESTIONED: "有疑问"}
REMEDY_LABELS = {
    Remedy.PLACE: "已留号",
    Remedy.NONE: "暂无可改约的号",
    Remedy.REMOTE: "远程会诊",
    Remedy.LOCAL_DOCTOR: "本院医生接诊",
}
CALL_LABELS = {
    CallOutcome.ACCEPTED: "接受改约",
    CallOutcome.DECLINED: "不需要了",
    CallOutcome.INFORMED: "已告知",
    CallOutcome.NO_ANSWER: "无人接听",
    CallOutcome.WRONG_NUMBER: "号码有误",
}
ON_THE_SPOT = frozenset({Remedy.REMOTE, Remedy.LOCAL_DOCTOR})
CALLS_ARE_DUE_AFTER = timedelta(minutes=15)  # messages have arrived by then, or will not; most have answered
TOO_LATE_TO_MOVE = timedelta(hours=1, minutes=10)  # a hold ends an hour before the clinic and lasts ten minutes


class Standing(StrEnum):
    """Where one whose booking fell stands: whether they know, and whether they have said what they want."""

    DONE = "done"
    SENDING = "sending"  # the message is on its way
    UNANSWERED = "unanswered"  # told, but the place that is held for them is not answered
    UNREACHED = "unreached"  # to be called


class CloseRefusal(StrEnum):
    """Why a clinic cannot be closed now."""

    CLOSED = "closed"
    OVER = "over"
    BEGUN = "begun"


def why_not_close(
    now: datetime, *, closed: bool, starts_at: datetime, ends_at: datetime, with_remedy: bool
) -> CloseRefusal | None:
    """Say why a clinic cannot be closed now; once it has begun, those who came must be given something on the spot."""
    if closed:
        return CloseRefusal.CLOSED
    if now >= ends_at:
        return CloseRefusal.OVER
    return CloseRefusal.BEGUN if now >= starts_at and not with_remedy else None


def falls(status: BookingStatus) -> bool:
    """Tell whether a booking falls with its clinic; who was seen, or did not come, is past it."""
    return status in (BookingStatus.BOOKED, BookingStatus.ARRIVED)


def told_label(delivery: Delivery | None) -> str:
    """Say whether somebody was told, and why not."""
    return delivery.label if delivery else "未送达：没有绑定微信"


def answered_label(remedy: Remedy, answer: OfferStatus | None) -> str:
    """Say what somebody answered to the place that is held for them."""
    if remedy is not Remedy.PLACE or answer is None:
        return "无需答复"
    return {
        OfferStatus.ACCEPTED: "已接受",
        OfferStatus.DECLINED: "已放弃",
        OfferStatus.LAPSED: "过期未答复",
    }.get(answer, "未答复")


def remedy_label(remedy: Remedy, answer: OfferStatus | None) -> str:
    """Say what somebody was given; a place that nobody answered in time is held no more."""
    if remedy is Remedy.PLACE and answer is OfferStatus.LAPSED:
        return "所留的号已过期"
    return REMEDY_LABELS[remedy]
