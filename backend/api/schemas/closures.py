"""Shapes of closing a clinic: the preview, the closure, and the list of those to call."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, PageOut
from backend.api.schemas.clinic_cards import Card
from backend.api.schemas.strict import Choice, Id, Input, PageInput, Part, Parts, Text, Whole
from backend.domain.clinics.queries.closures import ClosureFilter
from backend.domain.clinics.rules.closures import (
    ON_THE_SPOT,
    CallOutcome,
    ClosureReason,
    ClosureReview,
    Remedy,
)

MOST_CHOICES = 500
_VERSION = {"minimum": 1, "maximum": 1_000_000}


class ChoiceInput(Input):
    """Where somebody goes who had booked: another clinic, or nowhere."""

    booking_id = Id(required=True)
    clinic_id = Id(required=True, allow_none=True)


class CloseInput(Input):
    """Why a clinic is closed; `arrived_remedy` is needed once it has begun."""

    reason = Choice(ClosureReason, required=True)
    note = Text(minimum=0, maximum=60, load_default="")
    version = Whole(**_VERSION, required=True)
    caller_person_id = Id(load_default=None, allow_none=True)
    choices = Parts(Part(ChoiceInput), maximum=MOST_CHOICES, load_default=list)
    arrived_remedy = Choice(Remedy, only=sorted(ON_THE_SPOT), load_default=None, allow_none=True)


class ReplaceInput(Input):
    """Who holds the clinic from now on."""

    person_id = Id(required=True)
    version = Whole(**_VERSION, required=True)


class ClosureReviewInput(Input):
    """What medical affairs makes of a closure by the duty officer."""

    review = Choice(ClosureReview, required=True)
    note = Text(minimum=0, maximum=200, load_default="")


class ClosuresInput(PageInput):
    """Which closures."""

    state = Choice(ClosureFilter, load_default=ClosureFilter.ALL)


class ClosureCallInput(Input):
    """What came of a call."""

    outcome = Choice(CallOutcome, required=True)
    note = Text(minimum=0, maximum=100, load_default="")
    version = Whole(**_VERSION, required=True)


class TargetOut(Schema):
    """The place that would be held."""

    clinic = Card(required=True)
    starts_at = LocalTime(required=True)


class ProposalOut(Schema):
    """What somebody would get who has booked."""

    booking_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    name_masked = fields.String(required=True)
    arrived = fields.Boolean(required=True)
    to = fields.Nested(TargetOut, required=True, allow_none=True)


class PreviewOut(Schema):
    """Whom a closure would affect; `may`: whether the reader may close the clinic."""

    affected = fields.Integer(required=True)
    arrived = fields.Integer(required=True)
    with_place = fields.Integer(required=True)
    without_place = fields.Integer(required=True)
    without_telephone = fields.Integer(required=True)
    proposal = fields.List(fields.Nested(ProposalOut), required=True)
    has_begun = fields.Boolean(required=True)
    local_doctor = fields.Boolean(required=True)
    may = fields.Boolean(required=True)


class ToldOut(Schema):
    """What became of the messages to those who had booked; who has no account counts as failed."""

    owed = fields.Integer(required=True)
    sent = fields.Integer(required=True)
    delivered = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    unsure = fields.Integer(required=True, data_key="unknown", attribute="unknown")


class AnsweredOut(Schema):
    """What became of the places that are held."""

    accepted = fields.Integer(required=True)
    declined = fields.Integer(required=True)
    open = fields.Integer(required=True)
    none = fields.Integer(required=True)


class ClosureOut(Schema):
    """A closed clinic; `to_call`: who could not be told or has not answered; `done`: nobody is left."""

    id = fields.UUID(required=True)
    clinic = Card(required=True)
    reason = fields.Enum(ClosureReason, by_value=True, required=True)
    reason_label = fields.String(required=True)
    note = fields.String(required=True)
    closed_by = fields.String(required=True, allow_none=True)
    closed_as_label = fields.String(required=True)
    closed_at = LocalTime(required=True)
    caller = fields.String(required=True, allow_none=True)
    needs_review = fields.Boolean(required=True)
    review = fields.Enum(ClosureReview, by_value=True, required=True, allow_none=True)
    review_label = fields.String(required=True, allow_none=True)
    review_note = fields.String(required=True)
    affected = fields.Integer(required=True)
    told = fields.Nested(ToldOut, required=True)
    answered = fields.Nested(AnsweredOut, required=True)
    to_call = fields.Integer(required=True)
    done = fields.Boolean(required=True)
    may_call = fields.Boolean(required=True)
    may_review = fields.Boolean(required=True)


class ClosuresOut(PageOut):
    """A page of closures, the latest first."""

    items = fields.List(fields.Nested(ClosureOut), required=True)


class CallOfferOut(Schema):
    """The place that is, or was, held for somebody."""

    day = fields.Date(required=True)
    starts_at = LocalTime(required=True)
    held_until = LocalTime(required=True)
    status_label = fields.String(required=True)


class CallOut(Schema):
    """Somebody to call; with name and number: every look is audited."""

    booking_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    name = fields.String(required=True)
    telephone = fields.String(required=True, allow_none=True)
    standing = fields.String(required=True, metadata={"enum": ["unreached", "unanswered", "sending", "done"]})
    remedy_label = fields.String(required=True)
    offer = fields.Nested(CallOfferOut, required=True, allow_none=True)
    told_label = fields.String(required=True, metadata={"example": "未送达：未订阅"})
    answered_label = fields.String(required=True)
    call_outcome = fields.Enum(CallOutcome, by_value=True, required=True, allow_none=True)
    call_label = fields.String(required=True, allow_none=True)
    call_note = fields.String(required=True)
    calls = fields.Integer(required=True)
    called_at = LocalTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class CallsOut(PageOut):
    """Whom to call, all on one page; who is done with comes last."""

    items = fields.List(fields.Nested(CallOut), required=True)
