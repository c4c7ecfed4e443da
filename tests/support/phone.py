"""A phone that is logged in: an account, its session, and the header by which it acts."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.domain.accounts.models import Account, Person, Session
from backend.domain.accounts.rules import SessionKind, compose_token, new_secret, secret_hash
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id


def make_phone(person: Person | None, role: Role | None = Role.STAFF) -> dict[str, str]:
    """Return the headers of a phone bound to a person, standing in a role of theirs; None: a patient's."""
    secret, now = new_secret(), clock.now()
    account = Account(
        id=new_id(), wechat_app_id="wx0000000000000000", openid=f"o-{new_id().hex}", person_id=person and person.id
    )
    session = Session(
        id=new_id(),
        kind=SessionKind.PHONE,
        account_id=account.id,
        role=role if person else None,
        organisation_id=person.organisation_id if person and role else None,
        access_hash=secret_hash(secret),
        access_expires_at=now + timedelta(minutes=15),
        refresh_expires_at=now + timedelta(days=30),
    )
    db.session.add(account)
    db.session.flush()
    db.session.add(session)
    db.session.commit()
    return {"Authorization": f"Bearer {compose_token(session.id, secret)}"}


def ask_nonce(client: FlaskClient, phone: dict[str, str], key: str) -> TestResponse:
    """Ask for the nonce that goes with the tap of this key, as a phone does before it looks where it is."""
    return client.post("/api/v1/check-ins/nonces", json={}, headers=phone | {"Idempotency-Key": key})
