"""What a refusal does to the lines of a claim: they count no more, and what they took back counts again."""

from __future__ import annotations

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from backend.domain.subsidies.drafting.running import hold_drafting
from backend.domain.subsidies.errors.drafting import ClaimAdjusted
from backend.domain.subsidies.models.claims import SubsidyAdjustment, SubsidyClaim, SubsidyLine, SubsidyReceipt
from backend.extensions import db
from backend.foundation.transaction import refusals, transaction


def void_lines(claim: SubsidyClaim) -> None:
    """Let the lines of a claim that is being refused count no more, within the refusal's transaction.

    What it took back is in force again, and waits for the next claim to take it back. Its receipts wait again, too.

    Raises:
        ClaimAdjusted: a later claim takes back a line of this one, or pays for what this one had taken back.
    """
    taking = aliased(SubsidyLine)
    with transaction() as session:
        hold_drafting()
        reversed_later = select(taking.id).where(
            taking.reverses_id.in_(select(SubsidyLine.id).where(SubsidyLine.claim_id == claim.id)),
            taking.claim_id != claim.id,
            ~taking.voided,
        )
        if session.scalar(select(exists(reversed_later.subquery().select()))):
            raise ClaimAdjusted
        _set_lines(SubsidyLine.claim_id == claim.id, in_force=False, voided=True)
        taken_back = select(SubsidyLine.reverses_id).where(
            SubsidyLine.claim_id == claim.id, SubsidyLine.reverses_id.is_not(None)
        )
        with refusals({"subsidy_lines_paid_once_excl": ClaimAdjusted}):
            _set_lines(SubsidyLine.id.in_(taken_back), in_force=True)
        session.execute(update(SubsidyAdjustment).where(SubsidyAdjustment.claim_id == claim.id).values(claim_id=None))
        of_claim = select(SubsidyLine.id).where(SubsidyLine.claim_id == claim.id)
        session.execute(update(SubsidyReceipt).where(SubsidyReceipt.line_id.in_(of_claim)).values(line_id=None))
        session.expire(claim, ["lines"])


def _set_lines(*which: object, **values: bool) -> None:
    statement = update(SubsidyLine).where(*which).values(**values)  # type: ignore[arg-type]
    db.session.execute(statement.execution_options(synchronize_session="fetch"))
