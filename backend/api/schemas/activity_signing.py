"""Shapes of countersigning records of activities."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.activities import ActivityCardOut, ActivityRemarkOut, ActivityVersionInput, PresenceOut
from backend.api.schemas.answers import PageOut
from backend.api.schemas.strict import Id, Input, Part, Parts, Text


class ActivityReturnInput(ActivityVersionInput):
    """Giving a record back."""

    reason = Text(maximum=200, multiline=True, required=True)


class ChosenActivityInput(ActivityVersionInput):
    """One of those that are signed together."""

    id = Id(required=True)


class ActivitiesTogetherInput(Input):
    """The clean ones that are signed together."""

    records = Parts(Part(ChosenActivityInput), maximum=100, required=True)


class LeftActivityOut(Schema):
    """One that was not signed with the others, and why."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class ActivitiesTogetherOut(Schema):
    """What came of signing together."""

    done = fields.List(fields.UUID(), required=True)
    left = fields.List(fields.Nested(LeftActivityOut), required=True)


class WaitingActivityOut(ActivityCardOut):
    """A record that waits; `odd`: why it is opened by itself, nothing where it may be signed with others."""

    presence = fields.Nested(PresenceOut, required=True)
    odd = fields.List(fields.Nested(ActivityRemarkOut), required=True)


class WaitingActivitiesOut(PageOut):
    """A page of the records that wait."""

    items = fields.List(fields.Nested(WaitingActivityOut), required=True)
