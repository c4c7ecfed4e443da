"""Shapes of weeks of records: what is missing and thin."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import NamedOut, PageOut
from backend.api.schemas.strict import Day, Id, Input, PageInput, Text
from backend.domain.activities.rules.completeness import FindingCode
from backend.domain.activities.rules.kinds import ActivityKind


class WeeksInput(Input):
    """Which weeks, those of the last four unless told."""

    day_from = Day(data_key="from", load_default=None)
    day_to = Day(data_key="to", load_default=None)


class CompletenessInput(PageInput):
    """Which week, by any day of it, the present one unless told; `text` finds names and staff numbers."""

    week = Day(load_default=None)
    recipient_id = Id(load_default=None)
    text = Text(minimum=0, maximum=40, load_default="")


class FindingOut(Schema):
    """Something that is missing or thin (缺什么)."""

    code = fields.Enum(FindingCode, by_value=True, required=True)
    text = fields.String(required=True)


class ThinRecordOut(Schema):
    """A record that could hold more."""

    record_id = fields.UUID(required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    occurred_on = fields.Date(required=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)


class ActivityWeekOut(Schema):
    """One's own week, from its Monday."""

    week = fields.Date(required=True)
    label = fields.String(required=True)
    days_present = fields.Integer(required=True)
    records = fields.Integer(required=True)
    missing = fields.List(fields.Nested(FindingOut), required=True)
    thin = fields.List(fields.Nested(ThinRecordOut), required=True)


class ActivityWeeksOut(Schema):
    """One's own weeks, the latest first."""

    items = fields.List(fields.Nested(ActivityWeekOut), required=True)


class CompletenessRowOut(Schema):
    """Somebody's week at one recipient."""

    person = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    days_present = fields.Integer(required=True)
    records = fields.Integer(required=True)
    missing = fields.List(fields.Nested(FindingOut), required=True)
    thin = fields.Integer(required=True)


class CompletenessOut(PageOut):
    """A week of everybody that one sees, who recorded least first."""

    week = fields.Date(required=True)
    label = fields.String(required=True)
    items = fields.List(fields.Nested(CompletenessRowOut), required=True)
