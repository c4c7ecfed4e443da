"""Reading what people allow us to send them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from backend.domain.notifications.models.grants import SubscriptionGrant
from backend.domain.notifications.queries.templates import find_template
from backend.domain.notifications.rules.templates import MOST_AT_ONCE, TEMPLATES_FOR, Purpose
from backend.extensions import db
from backend.foundation.actor import Actor


def templates_to_ask_for(actor: Actor, purpose: Purpose) -> list[str]:
    """Return the ids of the templates for which the actor is to be asked at a tap of this purpose.

    Long-term ones are asked for once, and first: WeChat does not ask for both kinds at one time.
    """
    installed = [(key, template) for key in TEMPLATES_FOR[purpose] if (template := find_template(key)) is not None]
    standing = _standing(actor.account_id)
    long_term = [template.id for key, template in installed if template.standing and key not in standing]
    one_time = [template.id for _, template in installed if not template.standing]
    return (long_term or one_time)[:MOST_AT_ONCE]


def _standing(account_id: UUID | None) -> set[str]:
    statement = select(SubscriptionGrant.template).where(
        SubscriptionGrant.account_id == account_id, SubscriptionGrant.standing
    )
    return set(db.session.scalars(statement))
