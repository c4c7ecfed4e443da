"""What is filled in about a dispatch, and what it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.console.forms import FormSchema, PageForm
from backend.domain.dispatch.rules import DispatchKind, DispatchState, Shift, WeeklyPattern

HALVES = range(21)  # (weekday − 1) × 3 + shift, as the grid of the form numbers them
WORKING_HALVES = tuple(half for half in HALVES if half % 3 < 2)  # each morning and afternoon of the week
_REASON = validate.Length(max=500, error="请控制在500字以内。")


class DayList(fields.Field[list[date]]):
    """Days in one text, apart by anything but digits and dashes."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[date]:
        days = []
        for text in re.split(r"[\s,，、;；]+", unicodedata.normalize("NFKC", str(value)).strip()):
            try:
                days.append(date.fromisoformat(text))
            except ValueError:
                raise ValidationError(f"“{text[:20]}”不是日期，请写成2026-11-21，每行一个。") from None
        return days


def _halves() -> fields.List[Any]:
    return fields.List(
        fields.Integer(validate=validate.OneOf(list(HALVES), error="请重新选择时段。")), load_default=list
    )


class ListForm(PageForm):
    """What the list is narrowed to."""

    state = fields.Enum(DispatchState, by_value=True)
    recipient = fields.UUID()
    text = fields.String(validate=validate.Length(max=40))


class NewForm(FormSchema):
    """A person who is to be sent."""

    person_id = fields.UUID(required=True)
    recipient_id = fields.UUID(required=True)
    kind = fields.Enum(DispatchKind, by_value=True, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    halves = _halves()
    single_days = DayList(load_default=list)
    site_ids = fields.List(fields.UUID(), load_default=list)
    department_id = fields.UUID(load_default=None)
    rotation_name = fields.String(load_default="", validate=validate.Length(max=60, error="请控制在60字以内。"))
    leads_team = fields.Boolean(load_default=False)
    exception_reason = fields.String(load_default="", validate=_REASON)


class ChangeForm(FormSchema):
    """What becomes different."""

    version = fields.Integer(required=True)
    ends_on = fields.Date(required=True)
    halves = _halves()
    pattern_from = fields.Date(load_default=None)
    site_ids = fields.List(fields.UUID(), load_default=list)
    department_id = fields.UUID(load_default=None)
    leads_team = fields.Boolean(load_default=False)


class EndForm(FormSchema):
    """An early end."""

    version = fields.Integer(required=True)
    ends_on = fields.Date(required=True)
    reason = fields.String(required=True, validate=_REASON)


class CancelForm(FormSchema):
    """A cancellation."""

    version = fields.Integer(required=True)
    reason = fields.String(required=True, validate=_REASON)


class SubstituteForm(FormSchema):
    """Somebody who takes over."""

    version = fields.Integer(required=True)
    person_id = fields.UUID(required=True)
    from_day = fields.Date(required=True)
    reason = fields.String(required=True, validate=_REASON)
    exception_reason = fields.String(load_default="", validate=_REASON)


class SuspensionSubstituteForm(FormSchema):
    """Somebody who takes over while a dispatch rests."""

    person_id = fields.UUID(required=True)
    exception_reason = fields.String(load_default="", validate=_REASON)


class LocationForm(FormSchema):
    """Why somebody looks at a raw place."""

    reason = fields.String(required=True, validate=_REASON)


def pattern_of(halves: Iterable[int]) -> WeeklyPattern:
    """Return the weekday halves that are ticked."""
    return WeeklyPattern.from_numbers((half, half + 1) for half in halves)


def halves_of(pattern: WeeklyPattern) -> list[int]:
    """Return the numbers to tick for a pattern."""
    return [half for low, high in pattern.as_numbers() for half in range(low, high)]


def shifts_among(halves: Iterable[int]) -> tuple[Shift, ...]:
    """Return the shifts of which any half is ticked, for single days, whose weekday they bring themselves."""
    ticked = {half % 3 for half in halves}
    return tuple(shift for number, shift in enumerate(Shift) if number in ticked)
