"""Every table, in one import: for migrations and for the mapper."""

from __future__ import annotations

from backend.domain.accounts.models import Account, BindingRequest, Password, Person, RoleHolding, Session
from backend.domain.attendance.models import CheckIn
from backend.domain.audit.models import AuditEvent, AuditSeal
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation, dispatch_sites
from backend.domain.imports.models import RosterImport
from backend.domain.notifications.models import InboxItem, OutboxMessage
from backend.domain.organisations.models import Agreement, Department, Organisation, Setting, Site

__all__ = [
    "Account",
    "Agreement",
    "AuditEvent",
    "AuditSeal",
    "BindingRequest",
    "CheckIn",
    "Department",
    "Dispatch",
    "DutyPattern",
    "InboxItem",
    "Organisation",
    "OutboxMessage",
    "Password",
    "Person",
    "RoleHolding",
    "RosterImport",
    "Rotation",
    "Session",
    "Setting",
    "Site",
    "dispatch_sites",
]
