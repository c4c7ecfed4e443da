"""Shapes of bookings, as the account that is told of them sees them."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, PageOut
from backend.api.schemas.clinic_cards import Card
from backend.api.schemas.offers import MaskedPatientOut, OfferOut
from backend.api.schemas.requests import VersionInput
from backend.api.schemas.strict import Choice, Id, Input, PageInput, Text
from backend.domain.clinics.queries.bookings import Scope
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus
from backend.domain.clinics.rules.planning import Channel


class BookingsInput(PageInput):
    """Which bookings."""

    scope = Choice(Scope, load_default=Scope.COMING)


class BookingInput(Input):
    """Of which clinic a place is wanted, for whom, and in which period if that matters."""

    clinic_id = Id(required=True)
    patient_id = Id(required=True)
    period_id = Id(load_default=None, allow_none=True)


class RebookingInput(VersionInput):
    """To which clinic, and period if that matters, a booking moves."""

    clinic_id = Id(required=True)
    period_id = Id(load_default=None, allow_none=True)


class AppealInput(Input):
    """Why a no-show should not count."""

    text = Text(maximum=200, multiline=True, required=True)


class AppealOut(Schema):
    """An appeal against a no-show, and what the desk made of it."""

    text = fields.String(required=True)
    appealed_at = LocalTime(required=True)
    decision = fields.Enum(AppealDecision, by_value=True, required=True, allow_none=True)
    decision_label = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)


class BookingOut(Schema):
    """A booking (预约); `ticket` is the text of the QR code for the desk, while it can be used.

    `offer` is what is, or was, held in its place if it fell with its clinic.
    """

    id = fields.UUID(required=True)
    status = fields.Enum(BookingStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    number = fields.Integer(required=True)
    patient = fields.Nested(MaskedPatientOut, required=True)
    clinic = Card(required=True)
    starts_at = LocalTime(required=True)
    ends_at = LocalTime(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    channel_label = fields.String(required=True)
    ticket = fields.String(required=True, allow_none=True)
    may_cancel = fields.Boolean(required=True)
    why_not_cancel = fields.String(required=True, allow_none=True)
    may_appeal = fields.Boolean(required=True)
    appeal = fields.Nested(AppealOut, required=True, allow_none=True)
    cancelled_for_label = fields.String(required=True, allow_none=True)
    offer = fields.Nested(OfferOut, required=True, allow_none=True)
    created_at = LocalTime(required=True)
    version = fields.Integer(required=True)


class BookingsOut(PageOut):
    """A page of bookings."""

    items = fields.List(fields.Nested(BookingOut), required=True)
