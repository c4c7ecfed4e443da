"""/leave-credits: leave that one's own dispatches earned (奖励假), and what is left of it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.leave_credits import LeaveBalanceOut
from backend.domain.attendance.queries.credits import CreditRow, leave_balance
from backend.domain.attendance.rules.timesheets import days_text
from backend.foundation.errors import Forbidden

bp = APIBlueprint("leave_credits", __name__, url_prefix="/leave-credits", tag="请假")


@bp.get("")
@bp.output(LeaveBalanceOut)
@bp.doc(summary="本人的奖励假余额", responses={403: "不在名册上"})
def show_own() -> dict[str, Any]:
    actor = current_actor()
    if actor.person_id is None:
        raise Forbidden
    balance = leave_balance(actor.person_id)
    return {"balance_days": days_text(balance.halves), "items": [_described(row) for row in balance.rows]}


def _described(row: CreditRow) -> dict[str, Any]:
    credit = row.credit
    return {
        "days": str(credit.days),
        "left_days": days_text(row.left),
        "expires_on": credit.expires_on,
        "is_expired": row.is_expired,
        "recipient": row.recipient.name,
        "document": f"{credit.document_title}（{credit.document_number}）",
    }
