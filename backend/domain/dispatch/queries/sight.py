"""Reading the organisations that an actor has to do with."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select

from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries.dispatches import in_state
from backend.domain.dispatch.rules import DispatchState
from backend.domain.organisations.models import Agreement, Organisation
from backend.domain.organisations.queries import (
    organisations_under,
)
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import NotFound
from backend.foundation.paging import Page, fetch_page


def visible_organisations(actor: Actor, day: date) -> Select[UUID]:
    """Select the organisations whose plain facts the actor sees.

    Their own, all below a bureau's, the other side of their agreements and dispatches; who is sent has scope at the
    recipient for the dates of the dispatch only.
    """
    visible: list[ColumnElement[bool]] = [false()]
    if actor.organisation_id is not None:
        own = actor.organisation_id
        visible += [
            Organisation.id == own,
            Organisation.id.in_(select(Agreement.recipient_id).where(Agreement.supporting_id == own)),
            Organisation.id.in_(select(Agreement.supporting_id).where(Agreement.recipient_id == own)),
        ]
        if actor.role is Role.BUREAU:
            visible.append(Organisation.id.in_(organisations_under(own)))
        elif actor.role is not Role.STAFF:
            visible += [
                Organisation.id.in_(select(Dispatch.recipient_id).where(Dispatch.supporting_id == own)),
                Organisation.id.in_(select(Dispatch.supporting_id).where(Dispatch.recipient_id == own)),
            ]
    if actor.person_id is not None:
        sent_to = select(Dispatch.recipient_id).where(
            Dispatch.person_id == actor.person_id, in_state(DispatchState.CURRENT, day)
        )
        visible.append(Organisation.id.in_(sent_to))
    return select(Organisation.id).where(or_(*visible))


def list_visible_organisations(actor: Actor, day: date, *, page: int, page_size: int) -> Page[Organisation]:
    """Return the organisations whose plain facts the actor sees, by code."""
    statement = select(Organisation).where(Organisation.id.in_(visible_organisations(actor, day)))
    return fetch_page(statement.order_by(Organisation.code), page=page, page_size=page_size)


def get_visible_organisation(actor: Actor, day: date, organisation_id: UUID) -> Organisation:
    """Return an organisation whose plain facts the actor sees.

    Raises:
        NotFound: it does not exist, or the actor has nothing to do with it.
    """
    statement = select(Organisation).where(
        Organisation.id == organisation_id, Organisation.id.in_(visible_organisations(actor, day))
    )
    organisation = db.session.scalars(statement).one_or_none()
    if organisation is None:
        raise NotFound
    return organisation
