"""One claim whole: its lines with their arithmetic, its steps, its payment, and what the actor may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from backend.domain.access.rules import Action, Party, Resource, may
from backend.domain.subsidies.models.approvals import SubsidyDecision
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.queries.chains import steps_of
from backend.domain.subsidies.queries.claim_rows import ClaimRow, read_rows
from backend.domain.subsidies.queries.claims import get_claim, parties_to_claim
from backend.domain.subsidies.queries.payments import latest_payments
from backend.domain.subsidies.queries.rules import terms_of
from backend.domain.subsidies.rules.amounts import arithmetic, reversal_arithmetic, withheld_text
from backend.domain.subsidies.rules.approval import Step, StepState, state_of_step, why_not_decide
from backend.domain.subsidies.rules.statuses import (
    CLAIM_TRANSITIONS,
    PAYMENT_STATUS_LABELS,
    ClaimAction,
    ClaimStatus,
    LineSort,
)
from backend.foundation.actor import Actor, Role

DECISIONS: Final = (ClaimAction.APPROVE, ClaimAction.RETURN, ClaimAction.REJECT)


@dataclass(frozen=True)
class LineShown:
    """A line with how its sum came about, and in words why there is none."""

    line: SubsidyLine
    sentence: str
    withheld: str


@dataclass(frozen=True)
class StepShown:
    """A step of the present round, with what was decided in it."""

    step: Step
    state: StepState
    decision: SubsidyDecision | None


@dataclass(frozen=True)
class PaymentShown:
    """How a claim is paid; the account as far as the reader may see it."""

    run_label: str
    status_label: str
    paid_on: date | None
    account_masked: str
    failure_reason: str


@dataclass(frozen=True)
class WholeClaim:
    """A claim with all that is shown of it; `may` has what the actor may do now, adding receipts beside."""

    row: ClaimRow
    lines: tuple[LineShown, ...]
    steps: tuple[StepShown, ...]
    earlier: tuple[SubsidyDecision, ...]  # of the rounds before
    payment: PaymentShown | None
    may: frozenset[ClaimAction]
    may_add_receipt: bool

    @property
    def claim(self) -> SubsidyClaim:
        return self.row.claim

    @property
    def return_reason(self) -> str:
        """Return why it came back, or was refused; nothing while neither is so."""
        decisions = self.claim.decisions
        sent_back = self.claim.status in (ClaimStatus.RETURNED, ClaimStatus.REJECTED)
        return decisions[-1].reason if sent_back and decisions else ""


def whole_claim(actor: Actor, claim_id: UUID) -> WholeClaim:
    """Return a claim whole.

    Raises:
        ClaimNotFound, Forbidden: as in get_claim.
    """
    claim = get_claim(actor, claim_id)
    (row,), _totals = read_rows([SubsidyClaim.id == claim.id])
    return WholeClaim(
        row,
        tuple(show_line(line) for line in claim.lines),
        _steps(claim),
        tuple(decision for decision in claim.decisions if decision.round < claim.round),
        _payment(actor, claim),
        actions_open(actor, claim),
        may_add_receipt=actor.person_id == claim.person_id and claim.status is ClaimStatus.DRAFT,
    )


def show_line(line: SubsidyLine) -> LineShown:
    """Return a line with how its sum came about, computed from what is frozen with it."""
    write = reversal_arithmetic if line.sort is LineSort.REVERSAL else arithmetic
    sentence = write(line.item.kind, terms_of(line.rule), line.inputs)
    return LineShown(line, sentence, withheld_text(line.inputs, line.withheld) if line.withheld else "")


def actions_open(actor: Actor, claim: SubsidyClaim) -> frozenset[ClaimAction]:
    """Return what the actor may do with a claim now, as the services would let them."""
    allowed = set()
    open_now = {action for status, action in CLAIM_TRANSITIONS if status is claim.status}
    if actor.person_id == claim.person_id and claim.total_fen:
        allowed.add(ClaimAction.SUBMIT)
    if _may_decide(actor, claim):
        allowed.update(DECISIONS)
    return frozenset(allowed & open_now)


def _may_decide(actor: Actor, claim: SubsidyClaim) -> bool:
    if not may(actor.role, Action.DECIDE, Resource.SUBSIDY_CLAIM, parties_to_claim(actor, claim)):
        return False
    chain = steps_of(claim.chain) if claim.chain is not None else []
    step = next((step for step in chain if step.position == claim.step), None)
    if step is None:
        return False
    deciders = {row.decided_by_person_id for row in claim.decisions if row.round == claim.round}
    obstacle = why_not_decide(
        actor.person_id, actor.role, claimant=claim.person_id, step_role=step.role, deciders=deciders
    )
    return obstacle is None


def _steps(claim: SubsidyClaim) -> tuple[StepShown, ...]:
    if claim.chain is None:
        return ()
    decisions = {row.step: row for row in claim.decisions if row.round == claim.round}
    return tuple(
        StepShown(
            step,
            state_of_step(step, claim.status, claim.step, claim.total_fen, decided=step.position in decisions),
            decisions.get(step.position),
        )
        for step in steps_of(claim.chain)
    )


def _payment(actor: Actor, claim: SubsidyClaim) -> PaymentShown | None:
    payment = latest_payments([claim.id]).get(claim.id)
    if payment is None:
        return None
    parties = parties_to_claim(actor, claim)
    sees_account = Party.SELF in parties or (Party.SUPPORTING in parties and actor.role is Role.FINANCE)
    return PaymentShown(
        run_label=payment.run_label,
        status_label=PAYMENT_STATUS_LABELS[payment.status],
        paid_on=payment.paid_on,
        account_masked=payment.account_masked if sees_account else "",
        failure_reason=payment.failure_reason,
    )
