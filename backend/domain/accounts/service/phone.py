"""Logging in on a phone: a code of wx.login becomes a session, whose tokens rotate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domain.accounts.errors import AccountDisabled, LoginCodeInvalid, SessionEnded, WeChatBusy, WeChatDenied
from backend.domain.accounts.models import Account, Person, Session
from backend.domain.accounts.queries import list_roles
from backend.domain.accounts.rules import (
    ACCESS_LIFETIME,
    REFRESH_LIFETIME,
    SessionKind,
    compose_token,
    default_role,
    new_secret,
    parse_token,
    secret_hash,
)
from backend.domain.accounts.service.sessions import end_sessions
from backend.domain.audit.service import record_event
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction
from backend.wechat.client import Identity
from backend.wechat.current import current_client
from backend.wechat.errors import WeChatError, WeChatUnavailable


@dataclass(frozen=True)
class Tokens:
    """The pair by which a phone acts; only hashes of them are kept."""

    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime


@dataclass(frozen=True)
class PhoneSession:
    """A session that has just begun."""

    tokens: Tokens
    actor: Actor


def log_in_phone(code: str) -> PhoneSession:
    """Begin a session for the WeChat account behind a code of wx.login; an unknown one becomes a patient's.

    Raises:
        LoginCodeInvalid, WeChatBusy, WeChatDenied: WeChat does not say who it is.
        AccountDisabled: the account or its person has been disabled.
    """
    identity = _identity(code)
    with transaction() as session:
        account = _account_of(identity)
        person = account.person_id and session.get(Person, account.person_id)
        if account.disabled_at is not None or (person and person.disabled_at is not None):
            raise AccountDisabled
        held = list_roles(account.person_id) if account.person_id else []
        start = default_role(held, SessionKind.PHONE)
        session_id = new_id()
        tokens = _new_tokens(session_id, clock.now())
        session.add(
            Session(
                id=session_id,
                kind=SessionKind.PHONE,
                account_id=account.id,
                role=start.role if start else None,
                organisation_id=start.organisation_id if start else None,
                **_stored(tokens),
            )
        )
        actor = Actor(
            account_id=account.id,
            person_id=account.person_id,
            role=start.role if start else None,
            organisation_id=start.organisation_id if start else None,
            session_id=session_id,
            channel=SessionKind.PHONE,
        )
        record_event(actor, "log_in", "session", session_id)
    return PhoneSession(tokens, actor)


def _identity(code: str) -> Identity:
    try:
        return current_client().exchange_login_code(code)
    except WeChatUnavailable as error:
        raise WeChatBusy(error.text) from error
    except WeChatError as error:
        if error.rule.reason == "risky_user":
            raise WeChatDenied from error
        raise LoginCodeInvalid(error.text) from error


def _account_of(identity: Identity) -> Account:
    app_id = current_client().appid
    same = (Account.wechat_app_id == app_id, Account.openid == identity.openid)
    with transaction() as session:
        account = session.scalars(select(Account).where(*same)).one_or_none()
        if account is None:
            session.execute(
                insert(Account)
                .values(id=new_id(), wechat_app_id=app_id, openid=identity.openid)
                .on_conflict_do_nothing(index_elements=["wechat_app_id", "openid"])
            )
            account = session.scalars(select(Account).where(*same)).one()
        return account


def refresh_phone_session(refresh_token: str) -> Tokens:
    """Rotate both tokens of a session in one statement.

    A refresh token of the session that is not the present one has been used before, by the phone or by a
    thief: nobody can tell, so the whole session ends.

    Raises:
        SessionEnded: there is no such session, it has ended, or it ends for this.
    """
    parsed = parse_token(refresh_token)
    if parsed is None:
        raise SessionEnded
    session_id, presented = parsed
    now = clock.now()
    tokens = _new_tokens(session_id, now)
    with transaction() as session:
        rotated = session.execute(
            update(Session)
            .where(
                Session.id == session_id,
                Session.kind == SessionKind.PHONE,
                Session.refresh_hash == presented,
                Session.ended_at.is_(None),
                Session.refresh_expires_at > now,
                Session.account_id.in_(_accounts_in_use()),
            )
            .values(**_stored(tokens))
            .returning(Session.id)
            .execution_options(synchronize_session=False)
        ).first()
        if rotated is None:
            _end_reused(session_id, presented)
    if rotated is None:
        raise SessionEnded
    return tokens


def _accounts_in_use() -> Select[UUID]:
    return (
        select(Account.id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Account.id == Session.account_id, Account.disabled_at.is_(None), Person.disabled_at.is_(None))
        .correlate(Session)
    )


def _end_reused(session_id: UUID, presented: bytes) -> None:
    reused = (
        Session.id == session_id,
        Session.kind == SessionKind.PHONE,
        Session.refresh_hash != presented,
        Session.ended_at.is_(None),
    )
    with transaction() as session:
        found = session.scalars(select(Session).where(*reused).with_for_update()).one_or_none()
        if found is None:
            return
        end_sessions(Session.id == session_id, reason="refresh_token_reused")
        thief_or_owner = Actor(account_id=found.account_id, session_id=session_id, channel=SessionKind.PHONE)
        record_event(thief_or_owner, "end_reused_session", "session", session_id)


def _new_tokens(session_id: UUID, now: datetime) -> Tokens:
    return Tokens(
        access_token=compose_token(session_id, new_secret()),
        access_expires_at=now + ACCESS_LIFETIME,
        refresh_token=compose_token(session_id, new_secret()),
        refresh_expires_at=now + REFRESH_LIFETIME,
    )


def _stored(tokens: Tokens) -> dict[str, object]:
    return {
        "access_hash": _hash_in(tokens.access_token),
        "access_expires_at": tokens.access_expires_at,
        "refresh_hash": _hash_in(tokens.refresh_token),
        "refresh_expires_at": tokens.refresh_expires_at,
    }


def _hash_in(token: str) -> bytes:
    return secret_hash(token.partition(".")[2])
