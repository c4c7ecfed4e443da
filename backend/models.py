"""Every table, in one import: for migrations and for the mapper."""

from __future__ import annotations

from backend.domain.accounts.models import Account, BindingRequest, Password, Person, RoleHolding, Session
from backend.domain.activities.models.figures import FigureChange, MonthlyFigures, YearlyFigures
from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.attachments.models import Attachment
from backend.domain.attendance.models.credits import LeaveCredit
from backend.domain.attendance.models.evidence import SiteTablet, Watermark
from backend.domain.attendance.models.requests import AbsenceDecision, CorrectionRequest, LeaveAttachment, LeaveRequest
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.models.timesheets import (
    DayClosing,
    DutyShift,
    Timesheet,
    TimesheetAmendment,
)
from backend.domain.audit.models import AuditEvent, AuditSeal
from backend.domain.careers.models.evaluations import Evaluation, EvaluationPart
from backend.domain.careers.models.promotion import EarlierService, PromotionRule, ServiceCertificate, ServiceRefusal
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import CalendarFeed, Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.models.closures import ClinicClosure, FallenBooking
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation, Suspension, dispatch_sites
from backend.domain.exports.models import Export, ExportPiece
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.notifications.models.grants import PushedEvent, SubscriptionGrant
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.organisations.models import Agreement, CalendarYear, Department, Organisation, Setting, Site
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.subsidies.models.approvals import ApprovalChain, ApprovalStep, SubsidyDecision
from backend.domain.subsidies.models.claims import SubsidyAdjustment, SubsidyClaim, SubsidyLine, SubsidyReceipt
from backend.domain.subsidies.models.payments import BankAccount, Payment, PaymentRun
from backend.domain.subsidies.models.programmes import SubsidyBudget, SubsidyItem, SubsidyProgramme, SubsidyRule

__all__ = [
    "AbsenceDecision",
    "Account",
    "ActivityFile",
    "ActivityRecord",
    "Agreement",
    "ApprovalChain",
    "ApprovalStep",
    "Attachment",
    "AuditEvent",
    "AuditSeal",
    "BankAccount",
    "BindingRequest",
    "Booking",
    "CalendarFeed",
    "CalendarYear",
    "CheckIn",
    "CheckInReview",
    "Clinic",
    "ClinicClosure",
    "ClinicPeriod",
    "ClinicPlace",
    "CorrectionRequest",
    "DayClosing",
    "Department",
    "Dispatch",
    "DutyPattern",
    "DutyShift",
    "EarlierService",
    "Evaluation",
    "EvaluationPart",
    "Export",
    "ExportPiece",
    "FallenBooking",
    "FigureChange",
    "InboxItem",
    "InstitutionIndicator",
    "LeaveAttachment",
    "LeaveCredit",
    "LeaveRequest",
    "MonthlyFigures",
    "Organisation",
    "OutboxMessage",
    "Password",
    "Patient",
    "PatientLink",
    "Payment",
    "PaymentRun",
    "Person",
    "PlaceOffer",
    "PromotionRule",
    "PushedEvent",
    "RoleHolding",
    "Rotation",
    "ServiceCertificate",
    "ServiceRefusal",
    "Session",
    "Setting",
    "Site",
    "SiteTablet",
    "SpotCheck",
    "SpreadsheetImport",
    "SubscriptionGrant",
    "SubsidyAdjustment",
    "SubsidyBudget",
    "SubsidyClaim",
    "SubsidyDecision",
    "SubsidyItem",
    "SubsidyLine",
    "SubsidyProgramme",
    "SubsidyReceipt",
    "SubsidyRule",
    "Suspension",
    "Timesheet",
    "TimesheetAmendment",
    "WaitlistEntry",
    "Watermark",
    "YearlyFigures",
    "dispatch_sites",
]
