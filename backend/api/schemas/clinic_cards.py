"""The shape of a clinic as everybody may see it, for whichever answer tells of one."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from backend.api.schemas.answers import LocalTime

CARD_STATES = ("bookable", "not_released", "full", "closed", "over")


class ExpertOut(Schema):
    """Who comes, and from which hospital."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    title = fields.String(required=True)
    hospital = fields.String(required=True)


class ClinicSiteOut(Schema):
    """Where it is held; coordinates in GCJ-02 degrees."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    organisation = fields.String(required=True)
    address = fields.String(required=True)
    longitude = fields.Float(required=True)
    latitude = fields.Float(required=True)


class ClinicCardOut(Schema):
    """A clinic (坐诊) as everybody may see it; `free` are the places that can be had by phone at this instant."""

    id = fields.UUID(required=True)
    day = fields.Date(required=True)
    weekday_label = fields.String(required=True, metadata={"example": "星期三"})
    starts_at = LocalTime(required=True)
    ends_at = LocalTime(required=True)
    expert = fields.Nested(ExpertOut, required=True)
    department = fields.String(required=True, allow_none=True)
    site = fields.Nested(ClinicSiteOut, required=True)
    distance_m = fields.Integer(required=True, allow_none=True)
    fee_fen = fields.Integer(required=True)
    fee_label = fields.String(required=True, metadata={"example": "15元"})
    note = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(CARD_STATES))
    state_label = fields.String(required=True)
    free = fields.Integer(required=True)
    release_at = LocalTime(required=True)
    waiting = fields.Integer(required=True)


class Written(fields.Nested):
    """A part of an answer that the database has written already: told in the document, passed on as it is."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return value


class Card(Written):
    """A clinic within an answer, as `queries.cards.cards_of` gave it."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(ClinicCardOut, **rest)
