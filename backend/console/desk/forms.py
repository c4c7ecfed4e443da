"""What is typed, scanned and chosen at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, ValidationError, fields, validate

from backend.console.forms import FormSchema, PageForm
from backend.domain.accounts.rules import Sex
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus
from backend.domain.clinics.service.day_lists import Entry
from backend.domain.patients.rules import IdentityKind

VISIT_PREFIX = "visit-"
_ENTERED = {status.value: status for status in (BookingStatus.FULFILLED, BookingStatus.NOSHOW)}


class Act(StrEnum):
    """A button of a row."""

    ARRIVE = "arrive"
    WITHDRAW = "withdraw"
    CALL = "call"
    FULFIL = "fulfil"
    NO_SHOW = "no_show"
    CANCEL = "cancel"


class DayForm(FormSchema):
    """Which day."""

    day = fields.Date()


class ScanForm(FormSchema):
    """What the scanner read, or a number, or how a name begins."""

    scan = fields.String(required=True, validate=validate.Length(max=100, error="内容过长，请重新扫码或输入。"))


class ActForm(FormSchema):
    """What was pressed beside a name, in the version that was shown."""

    version = fields.Integer(required=True)
    act = fields.Enum(Act, by_value=True, required=True)


class Shown(fields.Field[tuple[UUID, int]]):
    """A booking in the version that was shown: its id, a colon and a number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[UUID, int]:
        row_id, _, version = str(value).partition(":")
        try:
            return UUID(row_id), int(version)
        except ValueError:
            raise ValidationError("提交的内容与页面不符，请刷新后重新登记。") from None


class AfterwardsForm(FormSchema):
    """A clinic entered in one batch: who was shown, and what is said of those of whom nothing is said.

    What is said of each has a field of its own, named after the booking.
    """

    class Meta:
        unknown = EXCLUDE

    shown = fields.List(Shown(), load_default=list, validate=validate.Length(max=500))
    rest = fields.String(load_default="", validate=validate.OneOf(["", *_ENTERED], error="请从列表中选择。"))


def entries_of(form: Mapping[str, Any], typed: Mapping[str, str]) -> list[Entry]:
    """Return what a batch says of those who were shown; of whom it says nothing, what is said of the rest."""
    entries = []
    for booking_id, version in form["shown"]:
        status = _ENTERED.get(typed.get(f"{VISIT_PREFIX}{booking_id}") or form["rest"])
        if status is not None:
            entries.append(Entry(booking_id, version, status))
    return entries


class FindForm(FormSchema):
    """By what the desk looks for a patient."""

    name = fields.String(validate=validate.Length(max=40))
    telephone = fields.String(validate=validate.Length(max=24))
    identity_number = fields.String(validate=validate.Length(max=40))


class BirthDate(fields.Field[date]):
    """A day on which somebody may have been born; a form's other days begin in the year 2000."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise ValidationError("请填写日期，例如1956-03-15。") from None


class RegisterForm(FormSchema):
    """Somebody who stands before the desk, with a paper or known to it."""

    name = fields.String(required=True, validate=validate.Length(max=40, error="请控制在40字以内。"))
    sex = fields.Enum(Sex, by_value=True, required=True)
    born_on = BirthDate()
    identity_kind = fields.Enum(IdentityKind, by_value=True, required=True)
    identity_number = fields.String(validate=validate.Length(max=40, error="请控制在40字以内。"))
    telephone = fields.String(validate=validate.Length(max=24, error="请控制在24字以内。"))
    address = fields.String(validate=validate.Length(max=100, error="请控制在100字以内。"))


class BookForm(FormSchema):
    """A place for a patient; the key lets a form that is sent twice book once."""

    patient_id = fields.UUID()
    period_id = fields.UUID()
    arrived = fields.Boolean(load_default=False)
    extra = fields.Boolean(load_default=False)
    key = fields.String(required=True, validate=validate.Length(min=8, max=64))


class AppealForm(FormSchema):
    """What was decided about an appeal, and why."""

    version = fields.Integer(required=True)
    decision = fields.Enum(AppealDecision, by_value=True, required=True)
    reason = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))


class AppealsForm(PageForm):
    """Which page of appeals."""
