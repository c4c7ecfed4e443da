"""How many claims wait for somebody: to be handed in, or to be decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from backend.domain.access.rules import Action, Resource, parties_with
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.queries.claims import waiting_scope
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation.actor import Actor, Role

_WITH_THEIR_OWNER = (ClaimStatus.DRAFT, ClaimStatus.RETURNED)


@dataclass(frozen=True)
class SubsidyTodo:
    """What waits for one in the current role; nobody else's count is asked for."""

    claims_to_submit: int = 0
    claims_to_approve: int = 0


def subsidy_todo_of(actor: Actor) -> SubsidyTodo:
    """Return what waits: one's own claims for who is sent, those of others for who approves."""
    if actor.role is Role.STAFF:
        mine = SubsidyClaim.person_id == actor.person_id
        due = SubsidyClaim.total_fen != 0  # what comes to nothing cannot be handed in
        return SubsidyTodo(claims_to_submit=_count(mine & due & SubsidyClaim.status.in_(_WITH_THEIR_OWNER)))
    if parties_with(actor.role, Action.DECIDE, Resource.SUBSIDY_CLAIM):
        return SubsidyTodo(claims_to_approve=_count(waiting_scope(actor)))
    return SubsidyTodo()


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(SubsidyClaim).where(condition)) or 0
