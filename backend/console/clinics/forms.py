"""What is filled in about clinics, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from marshmallow import RAISE, fields, validate

from backend.console.dispatches.forms import DayList
from backend.console.forms import Form, FormSchema
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.planning import MAXIMUM_PLACES, Channel, PeriodPlan, Timing
from backend.domain.clinics.rules.recurrence import (
    BRANCHES,
    MarketBranches,
    MarketDigits,
    Recurrence,
    SingleDates,
    Weekly,
)
from backend.foundation import clock

PERIODS: Final = 12  # that the form has room for
REPEATS: Final = (
    ("weekly", "每周"),
    ("dates", "指定日期"),
    ("digits", "农历逢集（按尾数）"),
    ("branches", "逢集（按地支日）"),
)
_PLACES = validate.Range(0, MAXIMUM_PLACES, error=f"号源数应在0到{MAXIMUM_PLACES}之间。")


def _period_fields() -> dict[str, fields.Field[Any]]:
    found: dict[str, fields.Field[Any]] = {}
    for row in range(PERIODS):
        for name in ("starts", "ends"):
            found[f"{name}_{row}"] = fields.Time(
                format="%H:%M",
                load_default=None,
                error_messages={"invalid": "请填写时间，例如08:30。", "format": "请填写时间，例如08:30。"},
            )
        for channel in Channel:
            found[f"{channel}_{row}"] = fields.Integer(load_default=0, validate=_PLACES)
    return found


class DetailsForm(FormSchema):
    """What planning and changing a clinic ask alike."""

    class Meta:
        unknown = RAISE
        include = _period_fields()

    department_id = fields.UUID(load_default=None)
    local_doctor_id = fields.UUID(load_default=None)
    fee = fields.Decimal(
        places=2, load_default=Decimal(0), validate=validate.Range(0, 10_000, error="请填写0到10000之间的金额。")
    )
    note = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))


class PlanForm(DetailsForm):
    """Clinics that are to be planned."""

    class Meta(DetailsForm.Meta):
        pass

    dispatch_id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)
    repeat = fields.String(required=True, validate=validate.OneOf([value for value, _label in REPEATS]))
    weekdays = fields.List(fields.Integer(validate=validate.Range(1, 7)), load_default=list)
    dates = DayList(load_default=list)
    digits = fields.List(fields.Integer(validate=validate.Range(0, 9)), load_default=list)
    branches = fields.List(fields.String(validate=validate.OneOf(list(BRANCHES))), load_default=list)
    first = fields.Date(load_default=None)
    last = fields.Date(load_default=None)
    without = fields.List(fields.Date(), load_default=list)
    at_once = fields.Boolean(load_default=False)
    release_days = fields.Integer(load_default=7, validate=validate.Range(0, 90, error="应在0到90之间。"))
    release_time = fields.Time(format="%H:%M", required=True)
    overflow_hours = fields.Integer(load_default=24, validate=validate.Range(0, 720, error="应在0到720之间。"))
    phone_minutes = fields.Integer(load_default=60, validate=validate.Range(0, 10_080, error="应在0到10080之间。"))


class ChangeForm(DetailsForm):
    """A clinic that is to be otherwise."""

    class Meta(DetailsForm.Meta):
        pass

    version = fields.Integer(required=True)


class VersionForm(FormSchema):
    """Which state of a clinic one saw."""

    version = fields.Integer(required=True)


def periods_of(data: Mapping[str, Any]) -> tuple[PeriodPlan, ...]:
    """Return the periods that were filled in, by their beginning; a row without hours is none."""
    rows = [
        PeriodPlan(
            data[f"starts_{row}"],
            data[f"ends_{row}"],
            {channel: data[f"{channel}_{row}"] for channel in Channel},
        )
        for row in range(PERIODS)
        if data[f"starts_{row}"] is not None and data[f"ends_{row}"] is not None
    ]
    return tuple(sorted(rows, key=lambda period: period.starts))


def refuse_half_rows(form: Form) -> None:
    """Mark rows that have an hour or places, but not both hours."""
    for row in range(PERIODS):
        starts, ends = (form.data.get(f"{name}_{row}") for name in ("starts", "ends"))
        places = any(form.data.get(f"{channel}_{row}") for channel in Channel)
        if (starts is None) != (ends is None) or (places and starts is None):
            form.refuse(f"第{row + 1}个时段请填写开始和结束时间。")


def say_once(form: Form) -> None:
    """Keep of what is wrong with the whole each sentence once: the domain says it for its field too."""
    form.errors = {name: list(dict.fromkeys(texts)) for name, texts in form.errors.items()}


def recurrence_of(data: Mapping[str, Any]) -> Recurrence | None:
    """Return on which days clinics were asked for, None where no day was chosen."""
    found: dict[str, Recurrence] = {
        "weekly": Weekly(frozenset(data["weekdays"])),
        "dates": SingleDates(frozenset(data["dates"])),
        "digits": MarketDigits(frozenset(data["digits"])),
        "branches": MarketBranches(frozenset(data["branches"])),
    }
    chosen = {"weekly": "weekdays"}.get(data["repeat"], data["repeat"])
    return found[data["repeat"]] if data[chosen] else None


def span_of(data: Mapping[str, Any], recurrence: Recurrence) -> tuple[date, date] | None:
    """Return the first and last day: those of the dates where they were named, None where none was filled in."""
    if isinstance(recurrence, SingleDates):
        return min(recurrence.days), max(recurrence.days)
    first, last = data["first"], data["last"]
    return (first, last) if first is not None and last is not None else None


def timing_of(data: Mapping[str, Any]) -> Timing:
    """Return from when and until when places go out."""
    return Timing(
        release_days=None if data["at_once"] else data["release_days"],
        release_time=data["release_time"],
        overflow_hours=data["overflow_hours"],
        phone_minutes=data["phone_minutes"],
    )


def fee_fen_of(data: Mapping[str, Any]) -> int:
    """Return the fee in fen."""
    return int(data["fee"] * 100)


def presets_of(clinic: Clinic, shares: Mapping[str, int]) -> dict[str, Any]:
    """Return what the form shows of a clinic as it is; `shares` are places by the names of their fields."""
    found: dict[str, Any] = dict(shares)
    for row, period in enumerate(clinic.periods):
        found[f"starts_{row}"] = f"{clock.local(period.starts_at):%H:%M}"
        found[f"ends_{row}"] = f"{clock.local(period.ends_at):%H:%M}"
    return found | {
        "version": clinic.version,
        "department_id": clinic.department_id,
        "local_doctor_id": clinic.local_doctor_id,
        "fee": f"{clinic.fee_fen / 100:g}",
        "note": clinic.note,
    }
