"""Granting leave that a completed dispatch earned, and taking no more of it than there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.attendance.errors.requests import LeaveCreditShort
from backend.domain.attendance.models.credits import LeaveCredit
from backend.domain.attendance.queries.credits import account_with, leave_balance
from backend.domain.attendance.rules.credits import Use
from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.foundation import clock
from backend.foundation.actor import SYSTEM
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


@dataclass(frozen=True)
class Earning:
    """How much leave a dispatch earned, until when it may be taken, and by which document."""

    days: int
    expires_on: date
    document_title: str
    document_number: str


def grant_leave_credit(dispatch: Dispatch, earning: Earning) -> LeaveCredit:
    """Keep the leave that a dispatch earned, and tell the person; a dispatch earns once."""
    with transaction() as session:
        credit = LeaveCredit(
            id=new_id(),
            person_id=dispatch.person_id,
            dispatch_id=dispatch.id,
            days=earning.days,
            granted_at=clock.now(),
            expires_on=earning.expires_on,
            document_title=earning.document_title,
            document_number=earning.document_number,
        )
        session.add(credit)
        session.flush()
        record_event(
            SYSTEM,
            "grant_leave_credit",
            "leave_credit",
            credit.id,
            organisation_id=dispatch.supporting_id,
            days=credit.days,
        )
        body = f"派驻期满，奖励假{credit.days}天，{credit.expires_on}前有效，请假时选择“奖励假”。"
        notice = Notice(NoticeKind.LEAVE_EARNED, "奖励假已到账", body, "/doctor/requests/index")
        owe_notice(dispatch.person_id, notice, dedupe_key=f"{notice.kind}:{credit.id}")
        return credit


def require_credit(dispatch: Dispatch, wanted: Use) -> None:
    """Let leave be taken from what the person of a dispatch earned, or say how much is left.

    Raises:
        LeaveCreditShort: there is not enough that holds until its last day.
    """
    if account_with(dispatch.person_id, wanted).short:
        left = days_text(leave_balance(dispatch.person_id).halves)
        raise LeaveCreditShort(f"奖励假余额不足：现有 {left} 天，须在有效期内使用。请减少天数或选择其他假别。")
