"""What the audit trail tells: which word each action has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.console.words import (
    accounts,
    activities,
    attendance,
    claims,
    clinics,
    dispatch,
    evaluations,
    imports,
    messages,
    organisations,
    patients,
    payments,
    promotion,
    receipts,
    subsidy_rules,
)
from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.audit.models import AuditEvent
from backend.foundation.actor import Role

ACTIONS: Mapping[str, str] = {
    **activities.ACTIONS,
    **dispatch.ACTIONS,
    **clinics.ACTIONS,
    **attendance.ACTIONS,
    **imports.ACTIONS,
    **organisations.ACTIONS,
    **messages.ACTIONS,
    **patients.ACTIONS,
    **accounts.ACTIONS,
    **subsidy_rules.ACTIONS,
    **receipts.ACTIONS,
    **claims.ACTIONS,
    **payments.ACTIONS,
    **evaluations.ACTIONS,
    **promotion.ACTIONS,
}


def event_role(event: AuditEvent) -> str:
    """Return the role in which somebody did it."""
    return ROLE_LABELS[Role(event.role)] if event.role else ""


def event_text(event: AuditEvent) -> str:
    """Return what an audit event tells."""
    return ACTIONS.get(event.action, event.action)


FILTERS: Mapping[str, Callable[..., Any]] = {"event_text": event_text, "event_role": event_role}
