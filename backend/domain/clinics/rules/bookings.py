"""Bookings: their states (FHIR R4's Appointment), who may change them, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum


class BookingStatus(StrEnum):
    """Where a booking stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


class CancelReason(StrEnum):
    """For what a booking was cancelled."""

    PATIENT = "patient"
    DESK = "desk"
    MOVED = "moved"  # booked anew in one step
    CLOSURE = "closure"


class AppealDecision(StrEnum):
    """What the desk made of an appeal against a no-show."""

    EXCUSED = "excused"
    UPHELD = "upheld"


class BookingAction(StrEnum):
    """What may be done with a booking."""

    ARRIVE = "arrive"
    WITHDRAW_ARRIVAL = "withdraw_arrival"  # the wrong name was pressed
    CALL = "call"  # into the room
    FULFIL = "fulfil"
    MARK_NO_SHOW = "mark_no_show"
    CANCEL = "cancel"
    MOVE = "move"  # to another place, in one step
    FALL = "fall"  # with its clinic, which is closed
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide_appeal"


class BookingParty(StrEnum):
    """What somebody is to a booking."""

    PATIENT = "patient"  # an account that acts for the patient
    DESK = "desk"
    EXPERT = "expert"
    CLOSER = "closer"  # whoever closes the clinic


_BOOKED, _ARRIVED, _NOSHOW = BookingStatus.BOOKED, BookingStatus.ARRIVED, BookingStatus.NOSHOW
_FULFILLED, _CANCELLED = BookingStatus.FULFILLED, BookingStatus.CANCELLED
_PATIENT, _DESK = BookingParty.PATIENT, BookingParty.DESK
_EXPERT, _CLOSER = BookingParty.EXPERT, BookingParty.CLOSER

TRANSITIONS: Mapping[tuple[BookingStatus, BookingAction, BookingParty], BookingStatus] = {
    (_BOOKED, BookingAction.ARRIVE, _DESK): _ARRIVED,
    (_BOOKED, BookingAction.FULFIL, _DESK): _FULFILLED,  # entered in one batch after the clinic
    (_BOOKED, BookingAction.MARK_NO_SHOW, _DESK): _NOSHOW,
    (_BOOKED, BookingAction.CANCEL, _PATIENT): _CANCELLED,
    (_BOOKED, BookingAction.CANCEL, _DESK): _CANCELLED,
    (_BOOKED, BookingAction.MOVE, _PATIENT): _CANCELLED,
    (_BOOKED, BookingAction.FALL, _CLOSER): _CANCELLED,
    (_ARRIVED, BookingAction.WITHDRAW_ARRIVAL, _DESK): _BOOKED,
    (_ARRIVED, BookingAction.CALL, _DESK): _ARRIVED,
    (_ARRIVED, BookingAction.CALL, _EXPERT): _ARRIVED,
    (_ARRIVED, BookingAction.FULFIL, _DESK): _FULFILLED,
    (_ARRIVED, BookingAction.FULFIL, _EXPERT): _FULFILLED,
    (_ARRIVED, BookingAction.CANCEL, _DESK): _CANCELLED,  # came, and went again
    (_ARRIVED, BookingAction.FALL, _CLOSER): _CANCELLED,
    (_NOSHOW, BookingAction.APPEAL, _PATIENT): _NOSHOW,
    (_NOSHOW, BookingAction.DECIDE_APPEAL, _DESK): _NOSHOW,  # excused or upheld, it stays in the history
}


def next_status(status: BookingStatus, action: BookingAction, party: BookingParty) -> BookingStatus | None:
    """Return what the action makes of a booking, None where this party cannot do it in this state."""
    return TRANSITIONS.get((status, action, party))


def why_not_cancel(status: BookingStatus, now: datetime, cancel_until: datetime) -> str | None:
    """Say in Chinese why a patient cannot cancel or rebook any more, None when they can."""
    if next_status(status, BookingAction.CANCEL, BookingParty.PATIENT) is None:
        return f"这次预约{STATUS_LABELS[status]}，不能再取消或改约。"
    if now >= cancel_until:
        return "已过取消时间。如不能按时就诊，请尽早致电服务台。"
    return None


def may_appeal(status: BookingStatus, *, has_appealed: bool) -> bool:
    """Tell whether the patient may appeal: against a no-show, once."""
    return not has_appealed and next_status(status, BookingAction.APPEAL, BookingParty.PATIENT) is not None


STATUS_LABELS = {
    BookingStatus.BOOKED: "已预约",
    BookingStatus.ARRIVED: "已报到",
    BookingStatus.FULFILLED: "已就诊",
    BookingStatus.CANCELLED: "已取消",
    BookingStatus.NOSHOW: "未到诊",
}
CANCEL_LABELS = {
    CancelReason.PATIENT: "本人取消",
    CancelReason.DESK: "服务台取消",
    CancelReason.MOVED: "已改约",
    CancelReason.CLOSURE: "停诊",
}
APPEAL_LABELS = {
    AppealDecision.EXCUSED: "申诉成立，不计入未到诊",
    AppealDecision.UPHELD: "维持未到诊记录",
}
