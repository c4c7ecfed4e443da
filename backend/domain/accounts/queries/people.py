"""Reading people, roles, sessions and requests to be bound anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from backend.domain.access.rules import Action, Party, Resource, parties_with
from backend.domain.accounts.models import Account, BindingRequest, Password, Person, RoleHolding, Session
from backend.domain.accounts.rules import BindingStatus, SessionKind, normalised_name
from backend.domain.notifications.queries.inbox import unread_of
from backend.domain.organisations.queries import (
    parties_to_own,
    require_list_right,
    require_right,
)
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import keyed_hash
from backend.foundation.errors import NotFound
from backend.foundation.paging import Page, fetch_page


def telephone_hash(normalised: str) -> bytes:
    """Return by what a person is found who has this normalised telephone number."""
    return keyed_hash("telephone", normalised)


def identity_tail_hash(person_id: UUID, tail: str) -> bytes:
    """Return what is stored of the last four of a person's ID number: keyed by person, for there are 11,000 only."""
    return keyed_hash("identity_tail", f"{person_id}:{tail.upper()}")


SessionSelect = Select[UUID, UUID | None, UUID | None, Role | None, UUID | None, datetime, datetime, bool, bool, bool]


def live_phone_session(session_id: UUID, access_hash: bytes, today: date) -> SessionSelect:
    """Select the phone session as `rules.judge_session` wants it, whether alive or not: at most one row.

    Tables that may be joined: Session, Account, Person (outer), RoleHolding (outer).
    """
    return (
        _session_with(Account.person_id, access_hash, Account.disabled_at, Person.disabled_at)
        .join(Account, Account.id == Session.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(RoleHolding, _is_current_role(Account.person_id, today))
        .where(Session.id == session_id, Session.kind == SessionKind.PHONE)
    )


def live_console_session(session_id: UUID, token_hash: bytes, today: date) -> SessionSelect:
    """Select the console session as `rules.judge_session` wants it, whether alive or not: at most one row."""
    return (
        _session_with(Session.person_id, token_hash, Person.disabled_at)
        .join(Person, Person.id == Session.person_id)
        .outerjoin(RoleHolding, _is_current_role(Session.person_id, today))
        .where(Session.id == session_id, Session.kind == SessionKind.CONSOLE)
    )


def _session_with(person_id: Any, token_hash: bytes, *disabled_at: Any) -> SessionSelect:
    return select(
        Session.id.label("session_id"),
        Session.account_id.label("account_id"),
        person_id.label("person_id"),
        RoleHolding.role.label("role"),
        RoleHolding.organisation_id.label("organisation_id"),
        Session.access_expires_at.label("access_expires_at"),
        Session.refresh_expires_at.label("refresh_expires_at"),
        (Session.access_hash == token_hash).label("is_present_token"),
        Session.ended_at.is_not(None).label("has_ended"),
        or_(*(instant.is_not(None) for instant in disabled_at)).label("is_disabled"),
    )


def in_force(today: date) -> ColumnElement[bool]:
    """Return the condition that keeps the roles which hold on a day: one that was lent has its dates."""
    return or_(RoleHolding.during.is_(None), RoleHolding.during.contains(today))


def _is_current_role(person_id: Any, today: date) -> ColumnElement[bool]:
    # Joined, not read from the session: a role that is taken away by whatever means is gone at once.
    return and_(
        in_force(today),
        RoleHolding.person_id == person_id,
        RoleHolding.organisation_id == Session.organisation_id,
        RoleHolding.role == Session.role,
    )


def list_roles(person_id: UUID) -> list[RoleHolding]:
    """Return the roles that a person holds today, with their organisations."""
    statement = (
        select(RoleHolding)
        .where(RoleHolding.person_id == person_id, in_force(clock.today()))
        .options(joinedload(RoleHolding.organisation))
    )
    return list(db.session.scalars(statement.order_by(RoleHolding.role, RoleHolding.id)))


def find_account(account_id: UUID) -> Account | None:
    """Return a WeChat account with its person and the person's employer."""
    statement = (
        select(Account)
        .where(Account.id == account_id)
        .options(
            joinedload(Account.person).joinedload(Person.organisation),
        )
    )
    return db.session.scalars(statement).one_or_none()


def find_latest_binding_request(account_id: UUID) -> BindingRequest | None:
    """Return the last request of an account to be bound anew."""
    statement = (
        select(BindingRequest)
        .where(BindingRequest.account_id == account_id)
        .order_by(BindingRequest.requested_at.desc(), BindingRequest.id.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


def must_change_password(person_id: UUID) -> bool:
    """Tell whether the password was given by somebody else: until it is changed the session has no role."""
    return bool(db.session.scalar(select(Password.must_change).where(Password.person_id == person_id)))


def list_people(actor: Actor, text: str = "", *, page: int = 1, page_size: int = 20) -> Page[Person]:
    """Return the people of the actor's own organisation, found by part of name or staff number.

    Raises:
        Forbidden: the current role has no right to people.
    """
    require_list_right(actor, Action.READ, Resource.PERSON)
    statement = (
        select(Person)
        .where(Person.organisation_id == actor.organisation_id)
        .options(
            joinedload(Person.organisation),
            joinedload(Person.department),
            selectinload(Person.roles.and_(in_force(clock.today()))).joinedload(RoleHolding.organisation),
        )
        .order_by(Person.staff_number, Person.id)
    )
    if text:
        statement = statement.where(
            or_(
                Person.name.contains(normalised_name(text), autoescape=True),
                Person.staff_number.contains(text.strip(), autoescape=True),
            )
        )
    return fetch_page(statement, page=page, page_size=page_size)


def get_person(actor: Actor, person_id: UUID) -> Person:
    """Return a person of the actor's organisation; everybody may read their own record.

    Raises:
        NotFound, Forbidden: as the table of access says.
    """
    person = db.session.get(
        Person,
        person_id,
        options=[joinedload(Person.organisation)],
    )
    if person is None:
        raise NotFound
    if actor.person_id != person_id:
        require_right(actor, Action.READ, Resource.PERSON, parties_to_own(actor, person.organisation_id))
    return person


def is_bound(person_id: UUID) -> bool:
    """Tell whether a WeChat account is bound to the person."""
    return db.session.scalar(select(Account.id).where(Account.person_id == person_id)) is not None


def list_binding_requests(actor: Actor) -> list[BindingRequest]:
    """Return the open requests of the organisation's people, the oldest first.

    Raises:
        Forbidden: the current role does not decide them.
    """
    statement = _open_requests(actor).options(
        joinedload(BindingRequest.person).joinedload(Person.organisation),
        joinedload(BindingRequest.person).joinedload(Person.department),
    )
    return list(db.session.scalars(statement.order_by(BindingRequest.requested_at, BindingRequest.id)))


@dataclass(frozen=True)
class Standing:
    """The roles that somebody holds, and how much waits for them in the one in which they stand."""

    roles: tuple[RoleHolding, ...]
    unread: int
    open_binding_requests: int


def standing_of(actor: Actor, person_id: UUID) -> Standing:
    """Return what every page of the console tells whoever looks at it about themselves, in one statement."""
    decides = parties_with(actor.role, Action.READ, Resource.BINDING_REQUEST) - {Party.SELF}
    requests = select(func.count()).select_from(_open_requests(actor).subquery()) if decides else select(literal(0))
    statement = (
        select(RoleHolding, unread_of(person_id).scalar_subquery(), requests.scalar_subquery())
        .select_from(Person)
        .outerjoin(Person.roles.and_(in_force(clock.today())))
        .outerjoin(RoleHolding.organisation)
        .options(contains_eager(RoleHolding.organisation))
        .where(Person.id == person_id)
        .order_by(RoleHolding.role, RoleHolding.id)
    )
    held, unread, waiting = zip(*db.session.execute(statement).all(), strict=True)
    return Standing(tuple(role for role in held if role is not None), unread[0], waiting[0])


def _open_requests(actor: Actor) -> Select[BindingRequest]:
    require_list_right(actor, Action.READ, Resource.BINDING_REQUEST)
    return (
        select(BindingRequest)
        .join(Person, Person.id == BindingRequest.person_id)
        .where(BindingRequest.status == BindingStatus.REQUESTED, Person.organisation_id == actor.organisation_id)
    )


def holders_of(role: Role, organisation_id: UUID) -> list[UUID]:
    """Return the ids of those who hold a role in an organisation and are not disabled."""
    statement = (
        select(RoleHolding.person_id)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(
            RoleHolding.role == role,
            RoleHolding.organisation_id == organisation_id,
            Person.disabled_at.is_(None),
            in_force(clock.today()),
        )
    )
    return list(db.session.scalars(statement.order_by(RoleHolding.person_id)))


def names_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of these people: who did a thing that one may read about."""
    statement = select(Person.id, Person.name).where(Person.id.in_(set(person_ids)))
    return {row.id: row.name for row in db.session.execute(statement)}


def was_appointed_by(actor: Actor, person_id: UUID) -> bool:
    """Tell whether the actor signs at the organisation where they stand because this person named them."""
    statement = select(RoleHolding.id).where(
        RoleHolding.person_id == actor.person_id,
        RoleHolding.organisation_id == actor.organisation_id,
        RoleHolding.role == Role.DELEGATE,
        RoleHolding.given_by_person_id == person_id,
    )
    return db.session.scalar(statement) is not None
