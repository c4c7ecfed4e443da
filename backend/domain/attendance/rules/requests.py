"""Corrections (补签) and leave (请假): kinds, and the states of both."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RequestStatus(StrEnum):
    """Where a request stands; FHIR Task's words."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class RequestAction(StrEnum):
    """What may be done with a request."""

    ACCEPT = "accept"
    REJECT = "reject"
    CANCEL = "cancel"


REQUEST_TRANSITIONS: Mapping[tuple[RequestStatus, RequestAction], RequestStatus] = {
    (RequestStatus.REQUESTED, RequestAction.ACCEPT): RequestStatus.ACCEPTED,
    (RequestStatus.REQUESTED, RequestAction.REJECT): RequestStatus.REJECTED,
    (RequestStatus.REQUESTED, RequestAction.CANCEL): RequestStatus.CANCELLED,
}
"""A decision is the end, but for leave that has not begun: `rules.leave` lets it be cancelled."""


class LeaveKind(StrEnum):
    """Why somebody is not at the site with leave."""

    PERSONAL = "personal"
    SICK = "sick"
    ANNUAL = "annual"
    MATERNITY = "maternity"
    MARRIAGE = "marriage"
    BEREAVEMENT = "bereavement"
    OFFICIAL = "official"
    REST = "rest"
    EARNED = "earned"  # by a completed dispatch


REQUEST_STATUS_LABELS = {
    RequestStatus.REQUESTED: "待审批",
    RequestStatus.ACCEPTED: "已同意",
    RequestStatus.REJECTED: "已退回",
    RequestStatus.CANCELLED: "已撤销",
}
LEAVE_LABELS = {
    LeaveKind.PERSONAL: "事假",
    LeaveKind.SICK: "病假",
    LeaveKind.ANNUAL: "年休",
    LeaveKind.MATERNITY: "产假",
    LeaveKind.MARRIAGE: "婚假",
    LeaveKind.BEREAVEMENT: "丧假",
    LeaveKind.OFFICIAL: "公出",
    LeaveKind.REST: "公休",
    LeaveKind.EARNED: "奖励假",
}
