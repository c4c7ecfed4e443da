"""Spot checks (查岗): kinds, how they are answered, and where they stand."""

from __future__ import annotations

from enum import StrEnum


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
