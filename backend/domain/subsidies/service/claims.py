"""Handing in claims and deciding them, one or many: each whole, each by the rules of its step."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.organisations.queries import require_list_right
from backend.domain.subsidies.drafting.running import hold_drafting
from backend.domain.subsidies.errors.claims import (
    ApprovalChainMissing,
    ClaimNotOpen,
    ClaimNotWaiting,
    DecidedAlready,
    DecisionReasonMissing,
    NothingDue,
    NotYourStep,
    OwnClaim,
)
from backend.domain.subsidies.models.approvals import ApprovalChain, SubsidyDecision
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.queries.chains import find_chain, steps_of
from backend.domain.subsidies.queries.claims import require_claim
from backend.domain.subsidies.rules.approval import Obstacle, Step, next_step, why_not_decide
from backend.domain.subsidies.rules.statuses import CLAIM_TRANSITIONS, ClaimAction, ClaimStatus, Decision
from backend.domain.subsidies.service.claim_notices import tell_decided, tell_whose_turn
from backend.domain.subsidies.service.last_step import LastStep
from backend.domain.subsidies.service.voiding import void_lines
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Actor
from backend.foundation.errors import BangfuError, StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

_TIME_TO_EXPLAIN = timedelta(days=7)
_OBSTACLES: dict[Obstacle, type[BangfuError]] = {
    Obstacle.OWN_CLAIM: OwnClaim,
    Obstacle.NOT_YOUR_STEP: NotYourStep,
    Obstacle.DECIDED_ALREADY: DecidedAlready,
}


@dataclass(frozen=True)
class LeftClaim:
    """A claim that was not approved with the others, and why."""

    claim_id: UUID
    error: BangfuError


@dataclass(frozen=True)
class ApprovalReport:
    """What came of approving together."""

    done: tuple[SubsidyClaim, ...]
    left: tuple[LeftClaim, ...]

    @property
    def total_fen(self) -> int:
        """Return what was approved."""
        return sum(claim.total_fen for claim in self.done)


def submit_claim(actor: Actor, claim_id: UUID, version: int, *, explanation: str | None = None) -> SubsidyClaim:
    """Hand in one's claim, or hand it in again; the chain of today is frozen with it.

    Raises:
        ClaimNotFound, Forbidden: it is not the actor's.
        StaleVersion, ClaimNotOpen: it stands otherwise than when it was read.
        NothingDue: its total is nothing.
        ApprovalChainMissing: nobody has set who approves.
    """
    with transaction():
        claim = require_claim(actor, _chosen([claim_id]).get(claim_id), Action.WRITE)
        _check_version(claim, version)
        if explanation is not None:
            claim.explanation = explanation.strip()
        _hand_in(actor, claim)
        return claim


def hand_in_owed() -> int:
    """Hand in the claims that take back more than they pay and lay with their people for a week; return how many.

    Nobody need hurry to give money back, and nobody may keep it by never handing in.
    """
    before = clock.now() - _TIME_TO_EXPLAIN
    owed = select(SubsidyClaim.id).where(
        SubsidyClaim.status.in_((ClaimStatus.DRAFT, ClaimStatus.RETURNED)),
        SubsidyClaim.total_fen < 0,
        func.coalesce(SubsidyClaim.submitted_at, SubsidyClaim.drafted_at) < before,
    )
    with transaction() as session:
        return sum(_is_handed_in(claim) for claim in _chosen(session.scalars(owed).all()).values())


def _is_handed_in(claim: SubsidyClaim) -> bool:
    try:
        _hand_in(SYSTEM, claim)
    except (ClaimNotOpen, ApprovalChainMissing):  # handed in meanwhile; or nobody has set who approves yet
        return False
    return True


def _hand_in(actor: Actor, claim: SubsidyClaim) -> None:
    status = CLAIM_TRANSITIONS.get((claim.status, ClaimAction.SUBMIT))
    if status is None:
        raise ClaimNotOpen
    if claim.total_fen == 0:
        raise NothingDue
    chain = find_chain(claim.supporting_id, clock.today())
    step = next_step(steps_of(chain), claim.total_fen) if chain is not None else None
    if chain is None or step is None:
        raise ApprovalChainMissing
    claim.status, claim.chain, claim.step = status, chain, step.position
    claim.round += 1
    claim.submitted_at = clock.now()
    claim.version += 1
    db.session.flush()
    _record(actor, "submit_claim", claim)
    tell_whose_turn([claim])


def approve_claim(actor: Actor, claim_id: UUID, version: int) -> SubsidyClaim:
    """Approve a claim in its present step; the last one makes it payable.

    Raises:
        ClaimNotFound, Forbidden: as in get_claim.
        StaleVersion, ClaimNotWaiting: it stands otherwise than when it was read.
        OwnClaim, NotYourStep, DecidedAlready: the actor may not decide it.
        ScanMissing, BudgetExceeded: it was the last step, and the paper or the money is not there.
    """
    with transaction():
        claims = _chosen([claim_id])
        claim = _approve(actor, claims.get(claim_id), version, LastStep(claims.values()))
        _tell([claim])
        return claim


def approve_together(actor: Actor, chosen: Iterable[tuple[UUID, int]]) -> ApprovalReport:
    """Approve those of these (id, version) that can be, each decided whole by itself; return which were left, and why.

    Raises:
        Forbidden: the current role decides nothing.
    """
    require_list_right(actor, Action.DECIDE, Resource.SUBSIDY_CLAIM)
    versions = dict(chosen)
    done: list[SubsidyClaim] = []
    left: list[LeftClaim] = []
    with transaction():
        claims = _chosen(versions)
        last_step = LastStep(claims.values())
        for claim_id, version in versions.items():
            try:
                done.append(_approve(actor, claims.get(claim_id), version, last_step))
            except BangfuError as refusal:
                left.append(LeftClaim(claim_id, refusal))
        db.session.flush()  # all of them at once
        _tell(done)
    return ApprovalReport(tuple(done), tuple(left))


def return_claim(actor: Actor, claim_id: UUID, version: int, *, reason: str) -> SubsidyClaim:
    """Give a claim back to its person, with a reason: handed in again it goes through every step anew.

    Raises:
        ClaimNotFound, Forbidden, StaleVersion, ClaimNotWaiting, OwnClaim, NotYourStep, DecidedAlready: as in
            approve_claim.
        DecisionReasonMissing: no reason is given.
    """
    return _send_back(actor, claim_id, version, Decision.RETURNED, reason)


def reject_claim(actor: Actor, claim_id: UUID, version: int, *, reason: str) -> SubsidyClaim:
    """Refuse a claim for good: its lines count no more, what it took back counts again.

    Raises:
        ClaimNotFound, Forbidden, StaleVersion, ClaimNotWaiting, OwnClaim, NotYourStep, DecidedAlready: as in
            approve_claim.
        DecisionReasonMissing: no reason is given.
        ClaimAdjusted: a later claim stands on what this one grants.
    """
    return _send_back(actor, claim_id, version, Decision.REJECTED, reason)


def _send_back(actor: Actor, claim_id: UUID, version: int, decision: Decision, reason: str) -> SubsidyClaim:
    if not reason.strip():
        raise DecisionReasonMissing(fields={"reason": ["请填写原因。"]})
    rejected = decision is Decision.REJECTED
    with transaction() as session:
        if rejected:
            hold_drafting()  # before the claim, as who enters a receipt does
        claim, step = _decidable(actor, _chosen([claim_id]).get(claim_id), version)
        _decide(actor, claim, step, decision, reason.strip())
        _move(claim, ClaimAction.REJECT if rejected else ClaimAction.RETURN)
        session.flush()
        if rejected:
            void_lines(claim)
        _record(actor, "reject_claim" if rejected else "return_claim", claim)
        tell_decided([claim])
        return claim


def _chosen(claim_ids: Collection[UUID]) -> dict[UUID, SubsidyClaim]:
    """Return these claims, held until the commit; all hold them in one order, so that nobody waits for each other."""
    held = (
        select(SubsidyClaim)
        .where(SubsidyClaim.id.in_(claim_ids))
        .order_by(SubsidyClaim.id)
        .with_for_update(of=SubsidyClaim)
        .options(
            joinedload(SubsidyClaim.person),
            selectinload(SubsidyClaim.chain).selectinload(ApprovalChain.steps),
            selectinload(SubsidyClaim.decisions),  # read after the lock, so with what others decided meanwhile
            selectinload(SubsidyClaim.lines),
        )
        .execution_options(populate_existing=True)
    )
    return {claim.id: claim for claim in db.session.scalars(held)}


def _approve(actor: Actor, found: SubsidyClaim | None, version: int, last_step: LastStep) -> SubsidyClaim:
    claim, step = _decidable(actor, found, version)
    following = next_step(_steps(claim), claim.total_fen, after=step.position)
    if following is None:
        last_step.spend(claim)
    _decide(actor, claim, step, Decision.APPROVED)
    if following is None:
        claim.approved_at = clock.now()
        _move(claim, ClaimAction.APPROVE)
    else:
        claim.step = following.position
        claim.version += 1
    _record(actor, "approve_claim", claim, step=step.position)
    return claim


def _decidable(actor: Actor, found: SubsidyClaim | None, version: int) -> tuple[SubsidyClaim, Step]:
    """Return a claim that the actor may decide now, with the step that they decide."""
    claim = require_claim(actor, found, Action.DECIDE)
    _check_version(claim, version)
    step = next((step for step in _steps(claim) if step.position == claim.step), None)
    if claim.status is not ClaimStatus.SUBMITTED or step is None:
        raise ClaimNotWaiting
    deciders = {row.decided_by_person_id for row in claim.decisions if row.round == claim.round}
    obstacle = why_not_decide(
        actor.person_id, actor.role, claimant=claim.person_id, step_role=step.role, deciders=deciders
    )
    if obstacle is not None:
        raise _OBSTACLES[obstacle]
    return claim, step


def _decide(actor: Actor, claim: SubsidyClaim, step: Step, decision: Decision, reason: str = "") -> None:
    claim.decisions.append(
        SubsidyDecision(
            id=new_id(),
            claim_id=claim.id,
            claimant_id=claim.person_id,
            round=claim.round,
            step=step.position,
            step_label=step.label,
            decision=decision,
            total_fen=claim.total_fen,
            decided_by_person_id=actor.person_id,
            decided_as=actor.role,
            decided_at=clock.now(),
            reason=reason,
        )
    )


def _move(claim: SubsidyClaim, action: ClaimAction) -> None:
    claim.status = CLAIM_TRANSITIONS[claim.status, action]
    claim.step = None
    claim.version += 1


def _steps(claim: SubsidyClaim) -> list[Step]:
    return steps_of(claim.chain) if claim.chain is not None else []


def _check_version(claim: SubsidyClaim, version: int) -> None:
    if claim.version != version:
        raise StaleVersion


def _tell(claims: Collection[SubsidyClaim]) -> None:
    tell_decided([claim for claim in claims if claim.status is ClaimStatus.APPROVED])
    tell_whose_turn([claim for claim in claims if claim.status is ClaimStatus.SUBMITTED])


def _record(actor: Actor, action: str, claim: SubsidyClaim, **more: int) -> None:
    details = {"round": claim.round, "total_fen": claim.total_fen, **more}
    record_event(actor, action, "subsidy_claim", claim.id, organisation_id=claim.supporting_id, **details)
