"""Shapes of what the desk works with."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, PageOut
from backend.api.schemas.clinic_cards import Card
from backend.api.schemas.strict import Choice, Flag, Id, Input, Part, Parts, Text, Whole
from backend.domain.accounts.rules import Sex
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus
from backend.domain.clinics.service.day_lists import ENTERED

_VERSION = {"minimum": 1, "maximum": 1_000_000}
MOST_ENTRIES = 300
MOST_EXTRA_PLACES = 5


class VisitInput(Input):
    """A booking as it was read."""

    version = Whole(**_VERSION, required=True)


class TicketInput(Input):
    """What the QR code of a booking says."""

    ticket = Text(maximum=100, required=True)


class DeskBookingInput(Input):
    """For whom a place is wanted; `extra`: one may be added if none is left; `arrived`: they stand here."""

    patient_id = Id(required=True)
    period_id = Id(load_default=None, allow_none=True)
    extra = Flag(load_default=False)
    arrived = Flag(load_default=False)


class ExtraPlacesInput(Input):
    """How many places are added to which period."""

    period_id = Id(required=True)
    count = Whole(minimum=1, maximum=MOST_EXTRA_PLACES, required=True)


class EntryInput(Input):
    """What the paper says of one booking."""

    id = Id(required=True)
    version = Whole(**_VERSION, required=True)
    status = Choice(BookingStatus, only=ENTERED, required=True)


class AttendanceInput(Input):
    """A clinic as it is entered in one batch."""

    bookings = Parts(Part(EntryInput), maximum=MOST_ENTRIES, required=True)


class AppealDecisionInput(Input):
    """What the desk made of an appeal."""

    decision = Choice(AppealDecision, required=True)
    reason = Text(maximum=200, required=True)
    version = Whole(**_VERSION, required=True)


class PeriodHoursOut(Schema):
    """When somebody is asked to come."""

    starts_at = LocalTime(required=True)
    ends_at = LocalTime(required=True)


class ListedPatientOut(Schema):
    """A patient as the day's list shows them."""

    id = fields.UUID(required=True)
    name_masked = fields.String(required=True)
    sex = fields.Enum(Sex, by_value=True, required=True)
    age = fields.Integer(required=True, allow_none=True)
    identity_label = fields.String(required=True)


class ListedBookingOut(Schema):
    """A booking on the day's list; `queue`: which one of those who wait to be called, from 1."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    extra = fields.Boolean(required=True)
    period = fields.Nested(PeriodHoursOut, required=True)
    patient = fields.Nested(ListedPatientOut, required=True)
    status = fields.Enum(BookingStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    channel_label = fields.String(required=True)
    arrived_at = LocalTime(required=True, allow_none=True)
    called_at = LocalTime(required=True, allow_none=True)
    queue = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)


class DayListOut(PageOut):
    """Who comes to a clinic, all on one page."""

    items = fields.List(fields.Nested(ListedBookingOut), required=True)


class ExtraPlaceOut(Schema):
    """A place that was added."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    period_id = fields.UUID(required=True)


class ExtraPlacesOut(Schema):
    """The places that were added."""

    items = fields.List(fields.Nested(ExtraPlaceOut), required=True)


class LeftOut(Schema):
    """A booking of a batch that was left as it is, and why."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class AttendanceOut(Schema):
    """What came of a batch."""

    done = fields.List(fields.UUID(), required=True)
    left = fields.List(fields.Nested(LeftOut), required=True)


class WaitingAppealOut(Schema):
    """An appeal against a no-show that waits for a decision."""

    booking = fields.Nested(ListedBookingOut, required=True)
    clinic = Card(required=True)
    text = fields.String(required=True)
    appealed_at = LocalTime(required=True)
    may_decide = fields.Boolean(required=True)


class AppealsOut(PageOut):
    """A page of appeals, who waits longest first."""

    items = fields.List(fields.Nested(WaitingAppealOut), required=True)
