"""Every table, in one import: for migrations and for the mapper."""

from __future__ import annotations

from backend.domain.accounts.models import Account, BindingRequest, Password, Person, RoleHolding, Session
from backend.domain.attachments.models import Attachment
from backend.domain.attendance.models.evidence import SiteTablet, Watermark
from backend.domain.attendance.models.requests import AbsenceDecision, CorrectionRequest, LeaveAttachment, LeaveRequest
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.models.timesheets import (
    DayClosing,
    DutyShift,
    Timesheet,
    TimesheetAmendment,
    TimesheetExport,
)
from backend.domain.audit.models import AuditEvent, AuditSeal
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation, Suspension, dispatch_sites
from backend.domain.imports.models import RosterImport
from backend.domain.notifications.models import InboxItem, OutboxMessage
from backend.domain.organisations.models import Agreement, CalendarYear, Department, Organisation, Setting, Site

__all__ = [
    "AbsenceDecision",
    "Account",
    "Agreement",
    "Attachment",
    "AuditEvent",
    "AuditSeal",
    "BindingRequest",
    "CalendarYear",
    "CheckIn",
    "CheckInReview",
    "CorrectionRequest",
    "DayClosing",
    "Department",
    "Dispatch",
    "DutyPattern",
    "DutyShift",
    "InboxItem",
    "LeaveAttachment",
    "LeaveRequest",
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
    "SiteTablet",
    "SpotCheck",
    "Suspension",
    "Timesheet",
    "TimesheetAmendment",
    "TimesheetExport",
    "Watermark",
    "dispatch_sites",
]
