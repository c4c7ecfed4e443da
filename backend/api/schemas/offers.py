"""Shapes of waiting for a place, and of places that are held for somebody."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, PageOut
from backend.api.schemas.clinic_cards import Card
from backend.api.schemas.strict import Id, Input
from backend.domain.clinics.rules.waitlist import OfferKind, OfferStatus, WaitlistStatus


class MaskedPatientOut(Schema):
    """A patient, named as others may see it."""

    id = fields.UUID(required=True)
    name_masked = fields.String(required=True)


class InsteadOut(Schema):
    """The booking that fell with its clinic, in place of which something is offered."""

    booking_id = fields.UUID(required=True)
    day = fields.Date(required=True)
    expert_name = fields.String(required=True)
    reason_label = fields.String(required=True, metadata={"example": "因公返院"})


class OfferOut(Schema):
    """A place that is held for a patient until `held_until`."""

    id = fields.UUID(required=True)
    kind = fields.Enum(OfferKind, by_value=True, required=True)
    clinic = Card(required=True)
    starts_at = LocalTime(required=True)
    ends_at = LocalTime(required=True)
    number = fields.Integer(required=True)
    patient = fields.Nested(MaskedPatientOut, required=True)
    held_until = LocalTime(required=True)
    status = fields.Enum(OfferStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    instead_of = fields.Nested(InsteadOut, required=True, allow_none=True)


class OffersOut(PageOut):
    """The places that are held for an account's patients, all on one page."""

    items = fields.List(fields.Nested(OfferOut), required=True)


class JoinInput(Input):
    """Who waits for a place of which clinic."""

    clinic_id = Id(required=True)
    patient_id = Id(required=True)


class WaitlistEntryOut(Schema):
    """A patient who waits; `ahead`: how many are asked before them."""

    id = fields.UUID(required=True)
    clinic = Card(required=True)
    patient = fields.Nested(MaskedPatientOut, required=True)
    status = fields.Enum(WaitlistStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    ahead = fields.Integer(required=True)
    offer = fields.Nested(OfferOut, required=True, allow_none=True)


class WaitlistEntriesOut(PageOut):
    """A page of what an account waits for, the latest first."""

    items = fields.List(fields.Nested(WaitlistEntryOut), required=True)
