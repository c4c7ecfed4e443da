"""Claims that somebody chose from a list, to approve them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.subsidies.models.approvals import SubsidyDecision
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.queries.claim_rows import ClaimRow, read_rows
from backend.domain.subsidies.queries.claims import claim_scope, waiting_for, waiting_scope
from backend.domain.subsidies.rules.statuses import Decision
from backend.extensions import db
from backend.foundation.actor import Actor

_FIRST = 100


def find_rows(actor: Actor, claim_ids: Collection[UUID]) -> list[ClaimRow]:
    """Return those of these claims that the actor may read, what needs an eye first.

    Raises:
        Forbidden: the current role may read none.
    """
    if not claim_ids:
        return []
    conditions = [claim_scope(actor), SubsidyClaim.id.in_(claim_ids)]
    return read_rows(conditions, exceptions_first=True, limit=len(claim_ids))[0]


def waiting_among(actor: Actor, claim_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these claims that the actor may decide now.

    Raises:
        Forbidden: the current role decides none.
    """
    waiting = select(SubsidyClaim.id).where(waiting_scope(actor), SubsidyClaim.id.in_(claim_ids))
    return set(db.session.scalars(waiting))


def approved_among(actor: Actor, claim_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these claims that the actor approved in their present round."""
    approved = (
        select(SubsidyClaim.id)
        .join(SubsidyDecision, SubsidyDecision.claim_id == SubsidyClaim.id)
        .where(
            SubsidyClaim.id.in_(claim_ids),
            SubsidyDecision.round == SubsidyClaim.round,
            SubsidyDecision.decision == Decision.APPROVED,
            SubsidyDecision.decided_by_person_id == actor.person_id,
        )
    )
    return set(db.session.scalars(approved))


def lines_of(claim_ids: Collection[UUID]) -> dict[UUID, Sequence[SubsidyLine]]:
    """Return the lines of these claims with their items, without asking who reads."""
    statement = (
        select(SubsidyLine)
        .where(SubsidyLine.claim_id.in_(claim_ids))
        .options(joinedload(SubsidyLine.item))
        .order_by(SubsidyLine.claim_id, SubsidyLine.position)
    )
    lines: dict[UUID, list[SubsidyLine]] = defaultdict(list)
    for line in db.session.scalars(statement):
        lines[line.claim_id].append(line)
    return {claim_id: lines[claim_id] for claim_id in claim_ids}


def waiting_beside(actor: Actor, claim_id: UUID) -> tuple[UUID | None, UUID | None]:
    """Return what waits for the actor before and after a claim, among the first of their desk.

    Raises:
        Forbidden: the current role decides none.
    """
    ids = [row.claim.id for row in waiting_for(actor, page_size=_FIRST).items]
    if claim_id not in ids:
        return None, ids[0] if ids else None
    at = ids.index(claim_id)
    return ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None
