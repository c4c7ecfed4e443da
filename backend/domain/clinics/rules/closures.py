"""Closing a clinic (停诊): its reasons, and what those who had booked are given in its place."""

from __future__ import annotations

from enum import StrEnum


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
