"""Claims of differences alone, where no next month comes to take them in."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.subsidies.drafting.running import Month, hold_drafting
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.rules.statuses import ClaimKind, ClaimStatus
from backend.domain.subsidies.service.adjusting import change_of, raise_adjustments, settle, write_change
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from backend.foundation.money import yuan
from backend.foundation.transaction import transaction

_WAITS_FOR_NEXT = timedelta(days=35)
_OVERDUE = text("""
SELECT DISTINCT t.id AS timesheet_id, t.month, d.id AS dispatch_id, d.person_id, d.supporting_id, d.recipient_id
FROM subsidy_adjustments a
JOIN timesheets t ON t.id = a.timesheet_id
JOIN dispatches d ON d.id = t.dispatch_id
WHERE a.claim_id IS NULL AND (d.ends_on < :today OR a.raised_at < :before)
ORDER BY d.id, t.month""")


def draft_adjustments() -> int:
    """Draft claims of the differences that have waited long enough, or for a dispatch that is over; return how many.

    One claim a dispatch, charged to the last month that changes.
    """
    with transaction() as session:
        hold_drafting()
        raise_adjustments()
        due = {"today": clock.today(), "before": clock.now() - _WAITS_FOR_NEXT}
        by_dispatch: dict[UUID, list[Any]] = defaultdict(list)
        for row in session.execute(_OVERDUE, due):
            by_dispatch[row.dispatch_id].append(row)
        return sum(_draft(rows) for rows in by_dispatch.values())


def _draft(rows: list[Any]) -> bool:
    claim: SubsidyClaim | None = None
    for row in reversed(rows):
        month = Month(row.timesheet_id, row.month, row.supporting_id)
        change = change_of(month)
        if change:
            claim = claim or _begin(row)
            write_change(claim.id, change)
        settle(month.timesheet_id, claim.id if change and claim else _claim_of(month.timesheet_id))
    if claim is not None:
        db.session.refresh(claim)
        _tell(claim)
    return claim is not None


def _begin(row: Any) -> SubsidyClaim:
    claim = SubsidyClaim(
        id=new_id(),
        kind=ClaimKind.ADJUSTMENT,
        dispatch_id=row.dispatch_id,
        person_id=row.person_id,
        supporting_id=row.supporting_id,
        recipient_id=row.recipient_id,
        month=row.month,
        status=ClaimStatus.DRAFT,
        total_fen=0,
        drafted_at=clock.now(),
    )
    db.session.add(claim)
    db.session.flush()
    return claim


def _claim_of(timesheet_id: UUID) -> UUID:
    """Return the claim that has the month as it is."""
    latest = (
        select(SubsidyClaim.id)
        .where(SubsidyClaim.timesheet_id == timesheet_id)
        .order_by(SubsidyClaim.drafted_at.desc())
        .limit(1)
    )
    return db.session.scalars(latest).one()


def _tell(claim: SubsidyClaim) -> None:
    month = f"{claim.month.year}年{claim.month.month}月"
    body = f"考勤更正或鉴定后，截至{month}的补贴差额共 {yuan(claim.total_fen)} 元，请核对后提交。"
    notice = Notice(NoticeKind.SUBSIDY_DRAFTED, "补贴差额已生成", body, f"/doctor/claim/index?id={claim.id}")
    owe_notice(claim.person_id, notice, dedupe_key=f"{NoticeKind.SUBSIDY_DRAFTED}:{claim.id}")
