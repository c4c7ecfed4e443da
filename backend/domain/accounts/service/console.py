"""Logging in at the console with staff number and password, and changing the password."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import and_, select

from backend.domain.accounts.errors import OldPasswordWrong, PasswordUnacceptable, WrongPassword
from backend.domain.accounts.models import Password, Person, Session
from backend.domain.accounts.queries import list_roles
from backend.domain.accounts.rules import (
    CONSOLE_IDLE,
    CONSOLE_LIFETIME,
    SessionKind,
    compose_token,
    default_role,
    new_secret,
    normalised_staff_number,
    secret_hash,
    why_not_password,
)
from backend.domain.accounts.service.sessions import end_sessions, stand_in_default_role
from backend.domain.accounts.service.throttling import (
    PASSWORD_BY_ADDRESS,
    PASSWORD_BY_PERSON,
    counting_failures,
)
from backend.domain.audit.service import record_event
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

# Argon2id by OWASP's minimum: 19 MiB, 2 passes: 35 ms of CPU. RFC 9106's 64 MiB in 4 lanes took 200 ms, on both cores
# of a small server, while others wait to check in; attempts are throttled besides.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True)
class ConsoleSession:
    """A session that has just begun. Until a password that must be changed is changed, it has no role."""

    token: str = field(repr=False)
    expires_at: datetime
    must_change_password: bool
    actor: Actor


def log_in_console(*, organisation_code: str | None, staff_number: str, password: str, address: str) -> ConsoleSession:
    """Begin a session for a person by staff number and password, within 15 minutes' 5 failures (50 an address).

    Raises:
        WrongPassword: whichever of the three is wrong; the work is the same.
        TooManyAttempts: there were too many failures.
    """
    person = _person_of(organisation_code, normalised_staff_number(staff_number))
    key = str(person.id) if person else f"{organisation_code}/{normalised_staff_number(staff_number)}"
    limits = ((PASSWORD_BY_PERSON, key), (PASSWORD_BY_ADDRESS, address))
    with counting_failures(*limits, failure=WrongPassword):
        row = db.session.get(Password, person.id) if person else None
        if not _matches(row, password) or person is None or row is None or person.disabled_at is not None:
            raise WrongPassword
    with transaction():
        _rehash_if_outdated(row, password)
        return _begin_session(person.id, row)


def _person_of(organisation_code: str | None, staff_number: str) -> Person | None:
    """Return the one whom the entry means: without a code, a staff number that only one person with a password has."""
    statement = (
        select(Person)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.staff_number == staff_number)
    )
    if organisation_code:
        statement = statement.where(Organisation.code == organisation_code.strip())
    else:
        statement = statement.join(Password, Password.person_id == Person.id).where(Person.disabled_at.is_(None))
    found = db.session.scalars(statement.limit(2)).all()
    return found[0] if len(found) == 1 else None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(new_secret())


def _matches(row: Password | None, password: str) -> bool:
    try:
        _HASHER.verify(row.argon2 if row else _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return row is not None


def _rehash_if_outdated(row: Password, password: str) -> None:
    if _HASHER.check_needs_rehash(row.argon2):
        row.argon2 = _HASHER.hash(password)


def _begin_session(person_id: UUID, password: Password) -> ConsoleSession:
    now, secret, session_id = clock.now(), new_secret(), new_id()
    with transaction() as session:
        held = list_roles(person_id)
        start = None if password.must_change else default_role(held, SessionKind.CONSOLE)
        actor = Actor(
            person_id=person_id,
            role=start.role if start else None,
            organisation_id=start.organisation_id if start else None,
            session_id=session_id,
            channel=SessionKind.CONSOLE,
        )
        session.add(
            Session(
                id=session_id,
                kind=SessionKind.CONSOLE,
                person_id=person_id,
                role=actor.role,
                organisation_id=actor.organisation_id,
                access_hash=secret_hash(secret),
                access_expires_at=now + CONSOLE_IDLE,
                refresh_expires_at=now + CONSOLE_LIFETIME,
            )
        )
        record_event(actor, "log_in", "session", session_id)
    token = compose_token(session_id, secret)
    return ConsoleSession(token, now + CONSOLE_LIFETIME, password.must_change, actor)


def change_password(actor: Actor, old: str, new: str) -> None:
    """Change the actor's own password; their other sessions in the console end.

    Raises:
        OldPasswordWrong, TooManyAttempts: the present one was not given right.
        PasswordUnacceptable: the new one will not do.
    """
    if actor.person_id is None:
        raise Forbidden
    row = db.session.get(Password, actor.person_id)
    with counting_failures((PASSWORD_BY_PERSON, str(actor.person_id)), failure=OldPasswordWrong):
        if not _matches(row, old) or row is None:
            raise OldPasswordWrong
    why_not = why_not_password(new) or ("新密码不能与原密码相同。" if new == old else None)
    if why_not:
        raise PasswordUnacceptable(why_not, fields={"new": [why_not]})
    with transaction():
        waited = row.must_change
        row.argon2, row.must_change, row.changed_at = _HASHER.hash(new), False, clock.now()
        others = and_(Session.person_id == actor.person_id, Session.id != actor.session_id)
        end_sessions(others, reason="password_changed")
        if waited:
            stand_in_default_role(Session.id == actor.session_id, actor.person_id)
        record_event(actor, "change_password", "person", actor.person_id)


def store_password(person_id: UUID, password: str, *, must_change: bool) -> None:
    """Give a person a password, within the caller's transaction; all their sessions in the console end.

    Raises:
        PasswordUnacceptable: it will not do.
    """
    if why_not := why_not_password(password):
        raise PasswordUnacceptable(why_not)
    with transaction() as session:
        session.merge(
            Password(
                person_id=person_id, argon2=_HASHER.hash(password), must_change=must_change, changed_at=clock.now()
            )
        )
        end_sessions(Session.person_id == person_id, reason="password_changed")
