"""Reading where messages go: the WeChat account of a person, or an account itself; and whose an openid is."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, text

from backend.domain.accounts.models import Account
from backend.domain.notifications.rules.delivery import Addressee, Recipient
from backend.extensions import db
from backend.wechat.current import current_settings

# Each kind of id by its own index.
_ADDRESSEES = text("""
SELECT named.id AS recipient_id, a.id, a.openid
FROM unnest(CAST(:ids AS uuid[])) AS named(id)
JOIN accounts a ON a.id = named.id LEFT JOIN people p ON p.id = a.person_id
WHERE a.disabled_at IS NULL AND p.disabled_at IS NULL
UNION ALL
SELECT named.id, a.id, a.openid
FROM unnest(CAST(:ids AS uuid[])) AS named(id)
JOIN accounts a ON a.person_id = named.id JOIN people p ON p.id = named.id
WHERE a.disabled_at IS NULL AND p.disabled_at IS NULL
""")


def addressees_of(recipient_ids: Iterable[UUID]) -> dict[UUID, Addressee]:
    """Return where messages for these people and accounts go, without those who have no account that is alive."""
    rows = db.session.execute(_ADDRESSEES, {"ids": list(recipient_ids)})
    return {row.recipient_id: Addressee(row.id, row.openid) for row in rows.all()}


def find_recipient(openid: str) -> Recipient | None:
    """Return who has an openid of this installation's mini-program."""
    app_id = current_settings().wechat_app_id
    statement = select(Account.id, Account.person_id).where(Account.wechat_app_id == app_id, Account.openid == openid)
    row = db.session.execute(statement).one_or_none()
    return Recipient(*row) if row is not None else None
