"""Reading where messages go: the WeChat account of a person, or an account itself; and whose an openid is."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select

from backend.domain.accounts.models import Account, Person
from backend.domain.notifications.rules.delivery import Addressee, Recipient
from backend.extensions import db
from backend.wechat.current import current_settings


def addressees_of(recipient_ids: Iterable[UUID]) -> dict[UUID, Addressee]:
    """Return where messages for these people and accounts go, without those who have no account that is alive."""
    ids = set(recipient_ids)
    statement = (
        select(Account.id, Account.person_id, Account.openid)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(
            or_(Account.id.in_(ids), Account.person_id.in_(ids)),
            Account.disabled_at.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    found: dict[UUID, Addressee] = {}
    for account_id, person_id, openid in db.session.execute(statement):
        found[account_id] = Addressee(account_id, openid)
        if person_id is not None:
            found[person_id] = Addressee(account_id, openid)
    return found


def find_recipient(openid: str) -> Recipient | None:
    """Return who has an openid of this installation's mini-program."""
    app_id = current_settings().wechat_app_id
    statement = select(Account.id, Account.person_id).where(Account.wechat_app_id == app_id, Account.openid == openid)
    row = db.session.execute(statement).one_or_none()
    return Recipient(*row) if row is not None else None
