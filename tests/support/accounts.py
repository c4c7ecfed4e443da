"""Accounts, log-ins and rosters' secrets for tests: as rows where the log-in itself is not what is tested."""

from __future__ import annotations

import itertools
from datetime import timedelta

from flask.testing import FlaskClient

from backend.domain.accounts.models import Account, Person, Session
from backend.domain.accounts.queries import identity_tail_hash, telephone_hash
from backend.domain.accounts.rules import SessionKind, compose_token, masked_telephone, new_secret, secret_hash
from backend.domain.accounts.service import store_password
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.support.standin import APP_ID, Standin

PASSWORD = "一二三四五-六七八九十"
_openids = itertools.count(1)


def give_identity(person: Person, *, telephone: str, tail: str = "123X") -> Person:
    """Give a person what the roster tells of them beside name and staff number."""
    person.telephone_hash, person.telephone_masked = telephone_hash(telephone), masked_telephone(telephone)
    person.identity_tail_hash = identity_tail_hash(person.id, tail)
    db.session.commit()
    return person


def give_password(person: Person, password: str = PASSWORD, *, must_change: bool = False) -> str:
    """Give a person a password for the console and return it."""
    store_password(person.id, password, must_change=must_change)
    return password


def make_account(person: Person | None = None, openid: str | None = None) -> Account:
    """Keep a WeChat account, a patient's unless it is somebody's."""
    account = Account(
        id=new_id(),
        wechat_app_id=APP_ID,
        openid=openid or f"openid-{next(_openids)}",
        person_id=person.id if person else None,
        bound_at=clock.now() if person else None,
    )
    db.session.add(account)
    db.session.commit()
    return account


def phone_of(
    person: Person | None = None, role: Role | None = Role.STAFF, organisation: Organisation | None = None
) -> dict[str, str]:
    """Return the headers of somebody who is logged in on a phone in a role; of a patient without a person."""
    account = db.session.query(Account).filter_by(person_id=person.id).one_or_none() if person else None
    account = account or make_account(person)
    employer = person.organisation_id if person else None
    role = role if person else None
    at = organisation.id if organisation else employer
    return {"Authorization": f"Bearer {_begin(SessionKind.PHONE, account=account, role=role, at=at if role else None)}"}


def console_token_of(person: Person, role: Role | None, organisation: Organisation | None = None) -> str:
    """Return the token of somebody who is logged in at the console in a role."""
    at = organisation.id if organisation else person.organisation_id
    return _begin(SessionKind.CONSOLE, person=person, role=role, at=at if role else None)


def _begin(
    kind: SessionKind, *, account: Account | None = None, person: Person | None = None, role: Role | None, at: object
) -> str:
    session_id, secret, now = new_id(), new_secret(), clock.now()
    db.session.add(
        Session(
            id=session_id,
            kind=kind,
            account_id=account.id if account else None,
            person_id=person.id if person else None,
            role=role,
            organisation_id=at,
            access_hash=secret_hash(secret),
            access_expires_at=now + timedelta(minutes=10),
            refresh_expires_at=now + timedelta(days=1),
        )
    )
    db.session.commit()
    return compose_token(session_id, secret)


def log_in(client: FlaskClient, standin: Standin, openid: str) -> dict[str, str]:
    """Log in as a phone does, through WeChat; return what the API answered."""
    response = client.post("/api/v1/session", json={"code": standin.login_code(openid)})
    assert response.status_code == 201, response.text
    answer: dict[str, str] = response.get_json()
    return answer


def bearer(answer: dict[str, str]) -> dict[str, str]:
    """Return the headers of a log-in's or refresh's answer."""
    return {"Authorization": f"Bearer {answer['access_token']}"}
