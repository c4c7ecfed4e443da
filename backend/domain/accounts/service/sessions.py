"""Sessions: who acts by a token, switching role, logging out, ending."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update

from backend.domain.accounts.errors import RoleNotHeld
from backend.domain.accounts.models import Account, RoleHolding, Session
from backend.domain.accounts.queries import in_force, live_console_session, live_phone_session, must_change_password
from backend.domain.accounts.rules import (
    CONSOLE_IDLE,
    CONSOLE_IDLE_STEP,
    SessionKind,
    default_role,
    judge_session,
    parse_token,
)
from backend.domain.audit.service import record_event
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Unauthenticated
from backend.foundation.transaction import transaction

_KEPT_AFTER_END = timedelta(days=30)  # in which a used refresh token is still known for what it is


def authenticate_phone(access_token: str) -> Actor:
    """Return who acts by an access token, in one statement.

    Raises:
        Unauthenticated, AccessExpired, SessionEnded: see `rules.judge_session`.
    """
    session_id, secret_hash = _parsed(access_token)
    row = db.session.execute(live_phone_session(session_id, secret_hash, clock.today())).one_or_none()
    return judge_session(row, clock.now(), channel=SessionKind.PHONE)


def authenticate_console(token: str) -> Actor:
    """Return who acts by the token of the console's cookie; the idle limit moves on, written every few minutes.

    Raises:
        Unauthenticated, SessionEnded: see `rules.judge_session`.
    """
    session_id, secret_hash = _parsed(token)
    row = db.session.execute(live_console_session(session_id, secret_hash, clock.today())).one_or_none()
    now = clock.now()
    actor = judge_session(row, now, channel=SessionKind.CONSOLE)
    if row is not None and row.access_expires_at < now + CONSOLE_IDLE - CONSOLE_IDLE_STEP:
        _postpone_idle_limit(session_id, now)
    return actor


def _parsed(token: str) -> tuple[UUID, bytes]:
    parsed = parse_token(token)
    if parsed is None:
        raise Unauthenticated
    return parsed


def _postpone_idle_limit(session_id: UUID, now: datetime) -> None:
    with transaction() as session:
        session.execute(update(Session).where(Session.id == session_id).values(access_expires_at=now + CONSOLE_IDLE))


def switch_role(actor: Actor, role: Role, organisation_id: UUID) -> Actor:
    """Let the session stand in another role that the person holds.

    Raises:
        RoleNotHeld: they do not hold it there, or must change their password first.
    """
    with transaction() as session:
        held = session.scalar(
            select(RoleHolding.id).where(
                RoleHolding.person_id == actor.person_id,
                RoleHolding.role == role,
                RoleHolding.organisation_id == organisation_id,
                in_force(clock.today()),
            )
        )
        if held is None or _waits_for_password(actor):
            raise RoleNotHeld
        session.execute(
            update(Session).where(Session.id == actor.session_id).values(role=role, organisation_id=organisation_id)
        )
        switched = replace(actor, role=role, organisation_id=organisation_id)
        record_event(switched, "switch_role", "session", actor.session_id)
    return switched


def _waits_for_password(actor: Actor) -> bool:
    if actor.channel != SessionKind.CONSOLE or actor.person_id is None:
        return False
    return must_change_password(actor.person_id)


def refreshed(actor: Actor) -> Actor:
    """Return who acts in the same session after it was changed, as when its account has been bound.

    Raises:
        Unauthenticated: there is no such session any more.
    """
    statement = select(Session.role, Session.organisation_id, Account.person_id).join(Account)
    row = db.session.execute(statement.where(Session.id == actor.session_id)).one_or_none()
    if row is None:
        raise Unauthenticated
    return replace(actor, person_id=row.person_id, role=row.role, organisation_id=row.organisation_id)


def log_out(actor: Actor) -> None:
    """End the actor's session."""
    with transaction():
        end_sessions(Session.id == actor.session_id, reason="logged_out")
        record_event(actor, "log_out", "session", actor.session_id)


def end_sessions(which: ColumnElement[bool], *, reason: str) -> None:
    """End the sessions that meet a condition, within the caller's transaction."""
    with transaction() as session:
        session.execute(
            update(Session)
            .where(which, Session.ended_at.is_(None))
            .values(ended_at=clock.now(), end_reason=reason)
            .execution_options(synchronize_session=False)
        )


def drop_old_sessions() -> int:
    """Drop the sessions that ended or ran out a month ago; the audit trail keeps what was done in them.

    Returns how many there were.
    """
    over = clock.now() - _KEPT_AFTER_END
    with transaction() as session:
        dropped = session.scalars(
            delete(Session)
            .where(or_(Session.ended_at < over, Session.refresh_expires_at < over))
            .returning(Session.id)
            .execution_options(synchronize_session=False)
        )
        return len(dropped.all())


def sessions_of_person(person_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a session is the person's, on a phone or in the console."""
    accounts = select(Account.id).where(Account.person_id == person_id)
    return or_(Session.person_id == person_id, Session.account_id.in_(accounts))


def stand_in_default_role(which: ColumnElement[bool], person_id: UUID) -> None:
    """Let live sessions of a person that meet a condition stand in the role in which a new one would start."""
    with transaction() as session:
        held = session.scalars(
            select(RoleHolding).where(RoleHolding.person_id == person_id, in_force(clock.today()))
        ).all()
        for kind in SessionKind:
            waits = kind is SessionKind.CONSOLE and must_change_password(person_id)
            start = None if waits else default_role(held, kind)
            session.execute(
                update(Session)
                .where(which, sessions_of_person(person_id), Session.kind == kind, Session.ended_at.is_(None))
                .values(role=start.role if start else None, organisation_id=start.organisation_id if start else None)
                .execution_options(synchronize_session=False)
            )
