"""A year reconciled for somebody: of their own hospital, or of all below their bureau."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.organisations.queries import organisations_under, require_list_right
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.queries.chosen import find_rows
from backend.domain.subsidies.queries.reconciliation import Reconciliation, reconcile
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden


@dataclass(frozen=True)
class CheckedYear:
    """A year reconciled, with the claims that something does not agree with, by id."""

    reconciliation: Reconciliation
    claims: Mapping[UUID, SubsidyClaim]


def check_year(actor: Actor, year: int) -> CheckedYear:
    """Reconcile a year of the hospitals whose budgets the actor may read.

    Raises:
        Forbidden: the current role may read none.
    """
    require_list_right(actor, Action.READ, Resource.SUBSIDY_BUDGET)
    if actor.organisation_id is None:
        raise Forbidden
    below = actor.role is Role.BUREAU
    ids = list(db.session.scalars(organisations_under(actor.organisation_id))) if below else [actor.organisation_id]
    reconciliation = reconcile(year, ids)
    rows = find_rows(actor, {finding.claim_id for finding in reconciliation.findings})
    return CheckedYear(reconciliation, {row.claim.id: row.claim for row in rows})
