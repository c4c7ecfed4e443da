"""Reading agreements."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Resource
from backend.domain.organisations.models import Agreement
from backend.domain.organisations.queries.scope import pair_scope, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.paging import Page, fetch_page


def list_agreements(actor: Actor, *, page: int = 1, page_size: int = 50) -> Page[Agreement]:
    """Return the agreements that the actor may read, those that end last first.

    Raises:
        Forbidden: the current role may read none.
    """
    scope = pair_scope(actor, Resource.AGREEMENT, supporting=Agreement.supporting_id, recipient=Agreement.recipient_id)
    statement = _with_parties(select(Agreement)).where(scope)
    return fetch_page(statement.order_by(Agreement.ends_on.desc(), Agreement.id), page=page, page_size=page_size)


def get_agreement(actor: Actor, agreement_id: UUID, action: Action = Action.READ) -> Agreement:
    """Return an agreement on which the actor may act so.

    Raises:
        NotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    agreement = db.session.scalars(_with_parties(select(Agreement)).where(Agreement.id == agreement_id)).one_or_none()
    if agreement is None:
        raise NotFound
    parties = parties_to_pair(actor, supporting_id=agreement.supporting_id, recipient_id=agreement.recipient_id)
    require_right(actor, action, Resource.AGREEMENT, parties)
    return agreement


def _with_parties(statement: Select[Agreement]) -> Select[Agreement]:
    return statement.options(joinedload(Agreement.supporting), joinedload(Agreement.recipient))
