"""The ledger of leave to write: fed by WeChat's events, spent at the send, emptied by a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import TextClause, text

from backend.domain.notifications.rules.templates import TemplateKey
from backend.extensions import db
from backend.foundation.transaction import transaction

Grant = tuple[UUID, TemplateKey]  # whose, and for which messages

_NAMED = """
FROM unnest(CAST(:accounts AS uuid[]), CAST(:templates AS text[])) AS named(account_id, template)
WHERE g.account_id = named.account_id AND g.template = named.template
"""
_CHANGED = "RETURNING g.account_id, g.template"
_SPEND = text(f"""
UPDATE subscription_grants g SET used = g.used + CASE WHEN g.standing THEN 0 ELSE 1 END
{_NAMED} AND (g.standing OR g.used < g.granted) {_CHANGED}
""")  # noqa: S608  (our own constant)
_GIVE_BACK = text(f"""
UPDATE subscription_grants g SET used = g.used - 1 {_NAMED} AND NOT g.standing AND g.used > 0 {_CHANGED}
""")  # noqa: S608
_REVOKE = text(f"""
UPDATE subscription_grants g SET used = g.granted, standing = false, changed_at = now() {_NAMED}
{_CHANGED}
""")  # noqa: S608
_ADD = text("""
INSERT INTO subscription_grants AS g (account_id, template, standing, granted)
VALUES (:account_id, :template, :standing, :granted)
ON CONFLICT (account_id, template) DO UPDATE
SET standing = g.standing OR excluded.standing, granted = g.granted + excluded.granted, changed_at = now()
""")


def spend_grants(grants: Iterable[Grant]) -> set[Grant]:
    """Spend one for each, before it is sent; return those who had one. Standing leave is not used up."""
    return {(account_id, TemplateKey(template)) for account_id, template in _change(_SPEND, grants)}


def give_grants_back(grants: Iterable[Grant]) -> None:
    """Give back what was spent for messages that WeChat did not take."""
    _change(_GIVE_BACK, grants)


def revoke_grants(grants: Iterable[Grant]) -> None:
    """Empty the ledger of who does not want these messages."""
    _change(_REVOKE, grants)


def add_grant(account_id: UUID, template: TemplateKey, *, standing: bool) -> None:
    """Enter leave to write: once, or standing until it is taken back."""
    with transaction() as session:
        row = {"account_id": account_id, "template": template.value, "standing": standing}
        session.execute(_ADD, row | {"granted": 0 if standing else 1})


def _change(statement: TextClause, grants: Iterable[Grant]) -> list[tuple[UUID, str]]:
    named = list(grants)
    if not named:
        return []
    whose = {"accounts": [account_id for account_id, _ in named], "templates": [key.value for _, key in named]}
    with transaction():
        return [(row.account_id, row.template) for row in db.session.execute(statement, whose).all()]
