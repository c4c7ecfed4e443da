"""Reading the audit trail of an organisation."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.audit.models import AuditEvent
from backend.domain.audit.queries import list_events
from backend.domain.organisations.queries.scope import require_list_right
from backend.domain.organisations.queries.tree import organisations_under
from backend.foundation.actor import Actor
from backend.foundation.paging import Page


def list_audit_trail(actor: Actor, *, action: str = "", page: int = 1, page_size: int = 100) -> Page[AuditEvent]:
    """Return what was done in the actor's organisation, for a bureau also in those below it, the latest first.

    Raises:
        Forbidden: the current role may not read trails.
    """
    parties = require_list_right(actor, Action.READ, Resource.AUDIT_TRAIL)
    within: ColumnElement[bool] = AuditEvent.organisation_id == actor.organisation_id
    if Party.BUREAU in parties and actor.organisation_id is not None:
        within = AuditEvent.organisation_id.in_(organisations_under(actor.organisation_id))
    return list_events(within, action=action, page=page, page_size=page_size)
