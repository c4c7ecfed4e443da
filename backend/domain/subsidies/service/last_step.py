"""What the last step of an approval asks for beside a decision: the signed paper, and money in the budget."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, tuple_

from backend.domain.subsidies.errors.claims import BudgetExceeded, ScanMissing
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.models.programmes import SubsidyBudget, SubsidyItem
from backend.domain.subsidies.queries.chains import steps_of
from backend.domain.subsidies.queries.claim_rows import scan_missing
from backend.domain.subsidies.queries.spending import Share, shares_of, year_of
from backend.domain.subsidies.rules.approval import next_step
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation.money import yuan


class LastStep:
    """Scans and budgets of those claims of a transaction that stand in their last step.

    All budgets are held at once and in one order until the commit, so that two who approve at the same time neither
    spend the same money nor wait for each other; what is spent here is counted before it is in the database.
    """

    def __init__(self, claims: Iterable[SubsidyClaim]) -> None:
        self._ids = [claim.id for claim in claims if _is_in_last_step(claim)]
        self._without_scan: set[UUID] = set()
        self._shares: dict[UUID, list[Share]] = {}
        self._spent: dict[tuple[UUID, int], int] = {}
        if self._ids:
            these = SubsidyClaim.id.in_(self._ids)
            self._without_scan = set(db.session.scalars(select(SubsidyClaim.id).where(these, scan_missing([these]))))
            self._hold_budgets()
            for share in shares_of(self._ids):
                self._shares.setdefault(share.claim_id, []).append(share)

    def spend(self, claim: SubsidyClaim) -> None:
        """Let a claim be approved for good.

        Raises:
            ScanMissing: the hospital pays only with the signed paper, which is not there.
            BudgetExceeded: less is left than the claim takes.
        """
        if claim.id in self._without_scan:
            raise ScanMissing
        shares = self._shares.get(claim.id, [])
        for share in shares:
            left = share.left_fen - self._spent.get((share.programme_id, share.year), 0)
            if 0 < share.amount_fen > left:
                raise BudgetExceeded(_told(share, left))
        for share in shares:
            key = (share.programme_id, share.year)
            self._spent[key] = self._spent.get(key, 0) + share.amount_fen

    def _hold_budgets(self) -> None:
        charged = (
            select(SubsidyItem.programme_id, year_of(SubsidyClaim.month))
            .join(SubsidyLine, SubsidyLine.item_id == SubsidyItem.id)
            .join(SubsidyClaim, SubsidyClaim.id == SubsidyLine.claim_id)
            .where(SubsidyClaim.id.in_(self._ids))
        )
        statement = (
            select(SubsidyBudget.id)
            .where(tuple_(SubsidyBudget.programme_id, SubsidyBudget.year).in_(charged))
            .order_by(SubsidyBudget.id)
            .with_for_update()
        )
        db.session.execute(statement).all()


def _is_in_last_step(claim: SubsidyClaim) -> bool:
    if claim.status is not ClaimStatus.SUBMITTED or claim.chain is None or claim.step is None:
        return False
    return next_step(steps_of(claim.chain), claim.total_fen, after=claim.step) is None


def _told(share: Share, left_fen: int) -> str:
    return (
        f"{share.programme}{share.year}年预算还剩{yuan(left_fen)}元，这笔申领需要{yuan(share.amount_fen)}元。"
        "请联系财务科调整预算后再审批。"
    )
