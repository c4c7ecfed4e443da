"""Shapes of delegations."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import NamedOut, PageOut
from backend.api.schemas.strict import Day, Id, Input, PageInput, Text
from backend.domain.accounts.rules import DelegationState


class DelegationInput(Input):
    """Who signs, from a day to a day."""

    person_id = Id(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)


class CandidatesInput(PageInput):
    """Of which organisation, one's own unless told; `text` finds names and staff numbers."""

    organisation_id = Id(load_default=None)
    text = Text(maximum=40, load_default="")


class DelegationOut(Schema):
    """Somebody who signs for a director (授权代签)."""

    id = fields.UUID(required=True)
    person = fields.Nested(NamedOut, required=True)
    organisation = fields.Nested(NamedOut, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    state = fields.Enum(DelegationState, by_value=True, required=True)
    state_label = fields.String(required=True)
    given_by = fields.String(required=True)


class DelegationsOut(Schema):
    """Those who sign, those who will and those who did."""

    items = fields.List(fields.Nested(DelegationOut), required=True)


class CandidateOut(NamedOut):
    """Somebody who may be named."""

    staff_number = fields.String(required=True)
    title = fields.String(required=True)


class CandidatesOut(PageOut):
    """A page of those who may be named."""

    items = fields.List(fields.Nested(CandidateOut), required=True)
