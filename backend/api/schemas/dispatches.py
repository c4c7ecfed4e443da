"""Shapes of dispatches and rotations."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import NamedOut, PageOut
from backend.api.schemas.organisations import SiteOut
from backend.api.schemas.strict import Choice, PageInput
from backend.domain.dispatch.rules import DispatchKind, DispatchState


class SentPersonOut(Schema):
    """Who is sent."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    title = fields.String(required=True)


class DispatchOut(Schema):
    """One person sent to one recipient for a period (派驻)."""

    id = fields.UUID(required=True)
    kind = fields.Enum(DispatchKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    person = fields.Nested(SentPersonOut, required=True)
    supporting = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    department = fields.String(required=True, allow_none=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    state = fields.Enum(DispatchState, by_value=True, required=True)
    state_label = fields.String(required=True)
    weekly = fields.String(required=True, metadata={"example": "周三、周五 上午"})
    sites = fields.List(fields.Nested(SiteOut), required=True)
    rotation = fields.Nested(NamedOut, required=True, allow_none=True)
    leads_team = fields.Boolean(required=True)
    substitute_for_id = fields.UUID(required=True, allow_none=True)


class DispatchesInput(PageInput):
    """Which dispatches."""

    state = Choice(DispatchState)


class DispatchesOut(PageOut):
    """A page of dispatches."""

    items = fields.List(fields.Nested(DispatchOut), required=True)


class RotationsOut(Schema):
    """Rotations (轮换) in which one may read a dispatch."""

    items = fields.List(fields.Nested(NamedOut), required=True)
