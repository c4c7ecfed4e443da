"""Giving and taking rights: roles, passwords, disabling. Every change takes effect on live sessions at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, select

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.errors import (
    NotOneself,
    RoleHeldAlready,
    RoleUnfit,
    TelephoneTaken,
)
from backend.domain.accounts.models import Person, RoleHolding, Session
from backend.domain.accounts.rules import new_one_time_password, normalised_staff_number
from backend.domain.accounts.service.console import store_password
from backend.domain.accounts.service.sessions import end_sessions, sessions_of_person, stand_in_default_role
from backend.domain.audit.service import record_event
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import get_organisation, parties_to_own, require_right
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_TRUSTED = frozenset({"system", "command"})  # whoever may run commands on the server may do this anyway


def grant_role(actor: Actor, person_id: UUID, role: Role, organisation_id: UUID) -> RoleHolding:
    """Give a person a role in an organisation.

    Raises:
        NotFound, Forbidden: the actor has no right to the person, or to the organisation.
        RoleUnfit: only a bureau has bureau supervisors; the right to sign is lent by a director, with dates.
        RoleHeldAlready: the person has it.
    """
    with transaction() as session:
        person = _person(actor, person_id)
        _require_right(actor, organisation_id)
        organisation = get_organisation(organisation_id)
        if role is Role.DELEGATE:
            raise RoleUnfit("代签身份由受援院长在“授权代签”中按日期授予。")
        if role is Role.BUREAU and organisation.kind is not OrganisationKind.BUREAU:
            raise RoleUnfit
        holding = RoleHolding(id=new_id(), person_id=person.id, organisation_id=organisation_id, role=role)
        with refusals({"role_holdings_person_id_organisation_id_role_key": RoleHeldAlready}):
            session.add(holding)
        stand_in_default_role(Session.role.is_(None), person.id)
        record_event(actor, "grant_role", "person", person.id, organisation_id=organisation_id, granted=role)
        return holding


def revoke_role(actor: Actor, person_id: UUID, role: Role, organisation_id: UUID) -> None:
    """Take a role from a person; sessions that stand in it fall back to another.

    Raises:
        NotFound, Forbidden: the actor has no right to the person, or the person has no such role.
        NotOneself: one's own administration.
    """
    with transaction() as session:
        person = _person(actor, person_id)
        _require_right(actor, organisation_id)
        if person.id == actor.person_id and role is Role.ADMIN:
            raise NotOneself
        holding = session.scalars(
            select(RoleHolding).where(
                RoleHolding.person_id == person.id,
                RoleHolding.role == role,
                RoleHolding.organisation_id == organisation_id,
            )
        ).one_or_none()
        if holding is None:
            raise NotFound
        session.delete(holding)
        session.flush()
        stood_in_it = and_(Session.role == role, Session.organisation_id == organisation_id)
        stand_in_default_role(stood_in_it, person.id)
        record_event(actor, "revoke_role", "person", person.id, organisation_id=organisation_id, revoked=role)


def disable_person(actor: Actor, person_id: UUID) -> None:
    """Disable a person: everything of theirs ends at once, on phones and in the console.

    Raises:
        NotFound, Forbidden: the actor has no right to the person.
        NotOneself: the person is the actor.
    """
    with transaction():
        person = _person(actor, person_id)
        if person.id == actor.person_id:
            raise NotOneself
        person.disabled_at = person.disabled_at or clock.now()
        end_sessions(sessions_of_person(person.id), reason="disabled")
        record_event(actor, "disable_person", "person", person.id, organisation_id=person.organisation_id)


def enable_person(actor: Actor, person_id: UUID) -> None:
    """Let a disabled person log in again.

    Raises:
        NotFound, Forbidden: the actor has no right to the person.
        TelephoneTaken: their number has become another person's.
    """
    with transaction():
        person = _person(actor, person_id)
        with refusals({"people_telephone_key": TelephoneTaken}):
            person.disabled_at = None
        record_event(actor, "enable_person", "person", person.id, organisation_id=person.organisation_id)


def set_initial_password(actor: Actor, person_id: UUID) -> str:
    """Give a person a one-time password and return it; it must be changed at the first log-in.

    Raises:
        NotFound, Forbidden: the actor has no right to the person.
    """
    password = new_one_time_password()
    set_password(actor, person_id, password, must_change=True)
    return password


def set_password(actor: Actor, person_id: UUID, password: str, *, must_change: bool) -> None:
    """Give a person this password.

    Raises:
        NotFound, Forbidden: the actor has no right to the person.
        PasswordUnacceptable: it is too weak.
    """
    with transaction():
        person = _person(actor, person_id)
        store_password(person.id, password, must_change=must_change)
        record_event(actor, "set_password", "person", person.id, organisation_id=person.organisation_id)


def get_person_by_staff_number(organisation_code: str, staff_number: str) -> Person:
    """Return a person for a command on the server.

    Raises:
        NotFound: nobody has this number there.
    """
    statement = (
        select(Person)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Organisation.code == organisation_code, Person.staff_number == normalised_staff_number(staff_number))
    )
    person = db.session.scalars(statement).one_or_none()
    if person is None:
        raise NotFound
    return person


def _person(actor: Actor, person_id: UUID) -> Person:
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    _require_right(actor, person.organisation_id)
    return person


def _require_right(actor: Actor, organisation_id: UUID) -> None:
    if actor.channel not in _TRUSTED:
        require_right(actor, Action.WRITE, Resource.PERSON, parties_to_own(actor, organisation_id))
