"""What is told about leave, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.queries.leave import span_of_leave
from backend.domain.attendance.rules.leave import LeaveLength
from backend.domain.attendance.rules.requests import LEAVE_LABELS
from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.attendance.service.timesheets import signers_of
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice


def tell_deciders(leave: LeaveRequest, length: LeaveLength, deciders: Iterable[UUID]) -> None:
    """Owe a notice to those who are asked to grant it."""
    what = f"{LEAVE_LABELS[leave.kind]}{days_text(length.halves)}天（{span_of_leave(leave).label}）"
    notice = Notice(
        NoticeKind.LEAVE_REQUESTED, "请假待审批", f"{leave.person.name}申请{what}，请审批。", "/office/requests/index"
    )
    for person_id in deciders:
        owe_notice(person_id, notice, dedupe_key=f"{notice.kind}:{leave.id}:{leave.version}:{person_id}")


def tell_outcome(leave: LeaveRequest, title: str, what: str) -> None:
    """Owe a notice to the one who asked."""
    body = f"{LEAVE_LABELS[leave.kind]}，{span_of_leave(leave).label}。{what}"
    notice = Notice(NoticeKind.LEAVE_DECIDED, title, body, "/doctor/requests/index")
    owe_notice(leave.person_id, notice, dedupe_key=f"{notice.kind}:{leave.id}:{leave.version}")


def tell_of_return(leave: LeaveRequest) -> None:
    """Owe a notice to the recipient that somebody comes after all."""
    body = f"{leave.person.name}撤销了{LEAVE_LABELS[leave.kind]}（{span_of_leave(leave).label}），将照常在岗。"
    notice = Notice(NoticeKind.LEAVE_DECIDED, "请假已撤销", body, "/office/requests/index")
    for person_id in signers_of(leave.dispatch):
        owe_notice(person_id, notice, dedupe_key=f"{notice.kind}:{leave.id}:{leave.version}:{person_id}")
