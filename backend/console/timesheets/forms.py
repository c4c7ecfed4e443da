"""What is asked and filled in about timesheets, and what it means."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.console.forms import ChosenVersion, FormSchema, PageForm
from backend.domain.attendance.rules.evidence import Confirmation
from backend.domain.attendance.rules.requests import LEAVE_LABELS, LeaveKind
from backend.domain.attendance.rules.timesheets import AMENDABLE, STANDING_LABELS, Standing, TimesheetStatus
from backend.domain.dispatch.rules import Shift

SIGNED_TOGETHER = 100
_REASON = validate.Length(max=500, error="请控制在500字以内。")
_FEW_ENOUGH = validate.Length(max=SIGNED_TOGETHER, error=f"一次最多会签{SIGNED_TOGETHER}份。")
_AS_LISTED = "请从列表中选择。"

LEAVE_PREFIX = "leave:"
BECOMES: tuple[tuple[str, str], ...] = (
    *((one.value, label) for one, label in STANDING_LABELS.items() if one in AMENDABLE and one is not Standing.LEAVE),
    *((LEAVE_PREFIX + kind.value, label) for kind, label in LEAVE_LABELS.items()),
)
"""What a line may become, leave by its kind."""


class Month(fields.Date):
    """A month, as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m", **kwargs)


class ShiftOfDay(fields.Field[tuple[date, Shift]]):
    """A day and one of its shifts."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[date, Shift]:
        day, _, shift = str(value).partition(":")
        try:
            return date.fromisoformat(day), Shift(shift)
        except ValueError:
            raise ValidationError(_AS_LISTED) from None


class Becomes(fields.Field[tuple[Standing, LeaveKind | None]]):
    """How a line should stand instead."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Standing, LeaveKind | None]:
        text = str(value)
        if text not in dict(BECOMES):
            raise ValidationError(_AS_LISTED)
        if text.startswith(LEAVE_PREFIX):
            return Standing.LEAVE, LeaveKind(text.removeprefix(LEAVE_PREFIX))
        return Standing(text), None


class ListForm(PageForm):
    """What the list is narrowed to."""

    month = Month()
    status = fields.Enum(TimesheetStatus, by_value=True)
    recipient = fields.UUID()
    text = fields.String(validate=validate.Length(max=40))


class ChoiceForm(FormSchema):
    """Which sheets of a month somebody would sign together."""

    month = Month(required=True)
    chosen = fields.List(fields.UUID(), load_default=list, validate=_FEW_ENOUGH)


class SignTogetherForm(FormSchema):
    """Which sheets somebody signs together, each as it was shown."""

    month = Month(required=True)
    chosen = fields.List(ChosenVersion(), load_default=list, validate=_FEW_ENOUGH)


class SubmitForm(FormSchema):
    """A month that is handed in."""

    version = fields.Integer(required=True)
    remark = fields.String(load_default="", validate=_REASON)


class CountersignForm(FormSchema):
    """A countersignature under what was shown."""

    version = fields.Integer(required=True)


class ReturnForm(FormSchema):
    """Why a month is given back."""

    version = fields.Integer(required=True)
    reason = fields.String(required=True, validate=_REASON)


class ConfirmForm(FormSchema):
    """Whether somebody was there (现场确认), said about what was shown of a tap."""

    version = fields.Integer(required=True)
    confirmation = fields.Enum(Confirmation, by_value=True, required=True)


class AmendForm(FormSchema):
    """What one line should say instead."""

    line = ShiftOfDay(required=True)
    after = Becomes(required=True)
    reason = fields.String(required=True, validate=_REASON)


class DecideAmendmentForm(FormSchema):
    """A countersignature under an amendment, or its rejection with a reason."""

    decision = fields.String(required=True, validate=validate.OneOf(["accept", "reject"], error=_AS_LISTED))
    decision_reason = fields.String(load_default="", validate=_REASON)


class ScanForm(FormSchema):
    """The scan of the signed paper; the file comes beside the fields of the form."""


class ExportForm(FormSchema):
    """Which month is wanted as a file."""

    month = Month(required=True)
