"""Reading chains of approvals: what holds on a day, and all that were ever set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backend.domain.access.rules import Action, Resource
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import (
    get_organisation,
    organisations_above,
    parties_to_own,
    require_right,
)
from backend.domain.subsidies.models.approvals import ApprovalChain
from backend.domain.subsidies.rules.approval import Step
from backend.extensions import db
from backend.foundation.actor import Actor


@dataclass(frozen=True)
class ChainRow:
    """A chain with the organisation that set it: the one asked about, or one above it."""

    chain: ApprovalChain
    organisation: Organisation
    inherited: bool
    in_force: bool


def find_chain(organisation_id: UUID, on: date) -> ApprovalChain | None:
    """Return the chain that holds in an organisation on a day: of the nearest above it, the latest."""
    above = organisations_above(organisation_id).subquery()
    statement = (
        select(ApprovalChain)
        .options(selectinload(ApprovalChain.steps))
        .join(above, above.c.id == ApprovalChain.organisation_id)
        .where(ApprovalChain.effective_on <= on)
        .order_by(above.c.height, ApprovalChain.effective_on.desc())
    )
    return db.session.scalars(statement.limit(1)).one_or_none()


def list_chains(actor: Actor, organisation_id: UUID, on: date) -> list[ChainRow]:
    """Return every chain that was set in an organisation or above it, the nearest and latest first.

    Raises:
        NotFound, Forbidden: the settings of this organisation are not the actor's to read.
    """
    get_organisation(organisation_id)
    require_right(actor, Action.READ, Resource.SETTING, parties_to_own(actor, organisation_id))
    above = organisations_above(organisation_id).subquery()
    statement = (
        select(ApprovalChain, Organisation)
        .options(selectinload(ApprovalChain.steps))
        .join(above, above.c.id == ApprovalChain.organisation_id)
        .join(Organisation, Organisation.id == ApprovalChain.organisation_id)
        .order_by(above.c.height, ApprovalChain.effective_on.desc())
    )
    found = list(db.session.execute(statement))
    holds = next((chain.id for chain, _organisation in found if chain.effective_on <= on), None)
    return [
        ChainRow(chain, organisation, organisation.id != organisation_id, chain.id == holds)
        for chain, organisation in found
    ]


def steps_of(chain: ApprovalChain) -> list[Step]:
    """Return the steps of a chain in their order."""
    return [Step(step.position, step.label, step.role, step.minimum_fen) for step in chain.steps]
