"""What lists of requests are narrowed to, and what is filled in when one is decided."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.console.forms import Form, FormSchema, MonthField, PageForm
from backend.domain.attendance.rules.missed import MissedState
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.dispatch.rules import Shift

ALL = "all"
_STATUSES = [status.value for status in RequestStatus]
_REASON = validate.Length(max=200, error="请控制在200字以内。")


class ListForm(PageForm):
    """What a list is narrowed to: what waits, unless told otherwise."""

    status = fields.String(load_default=RequestStatus.REQUESTED.value, validate=validate.OneOf([*_STATUSES, ALL]))
    kind = fields.Enum(LeaveKind, by_value=True)
    text = fields.String(load_default="", validate=validate.Length(max=40))


class MissedListForm(PageForm):
    """Which missed shifts: those of this month of which nobody has said what they are, unless told otherwise."""

    month = MonthField()
    state = fields.Enum(MissedState, by_value=True, load_default=MissedState.OPEN)
    text = fields.String(load_default="", validate=validate.Length(max=40))


class GrantForm(FormSchema):
    """A request that is granted."""

    version = fields.Integer(required=True)


class RejectForm(FormSchema):
    """A request that is rejected; who asked is told why."""

    version = fields.Integer(required=True)
    reason = fields.String(required=True, validate=_REASON)


class AbsenceForm(FormSchema):
    """A shift that was missed without leave."""

    dispatch_id = fields.UUID(required=True)
    duty_on = fields.Date(required=True)
    shift = fields.Enum(Shift, by_value=True, required=True)
    reason = fields.String(required=True, validate=_REASON)


class ConfirmForm(FormSchema):
    """Nothing but the will to do it."""


def status_asked(filters: Form) -> RequestStatus | None:
    """Return the status to which a list is narrowed, None: any."""
    chosen = filters.data["status"]
    return None if chosen == ALL else RequestStatus(chosen)


def kept(filters: Form, *names: str) -> dict[str, str]:
    """Return what the links of a list keep of its filters."""
    return {name: filters.value(name) for name in names if filters.value(name)}
