"""Indicators of organisations (业务指标): a year of one, and entering a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import ValidationError, fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource, may
from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.queries.indicators import (
    amount_of,
    get_reporting,
    list_reporting,
    year_of,
)
from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount
from backend.domain.activities.rules.indicators import (
    INDICATOR_LABELS,
    AmountInvalid,
    Indicator,
    amount_label,
    read_amount,
)
from backend.domain.activities.service.indicators import LONGEST_SOURCE, MonthReport, set_month
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import parties_to_own
from backend.foundation import clock
from backend.foundation.errors import NotFound

bp = Blueprint("indicators", __name__, url_prefix="/indicators")
Page = str | tuple[str, int] | Response
_HINTS = {
    Indicator.OUTPATIENTS: "如 1455、1.2万、20余、约30",
    Indicator.INPATIENTS: "如 1193、约300",
    Indicator.INCOME: "如 128.5万元、1285000元；不写单位按元计",
}


class YearForm(FormSchema):
    """Whose year."""

    organisation = fields.UUID()
    year = fields.Integer(validate=validate.Range(2000, 2099))


class AmountField(fields.Field[Amount]):
    """An amount of one indicator, as somebody types it."""

    def __init__(self, indicator: Indicator) -> None:
        super().__init__()
        self._indicator = indicator

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> Amount:
        try:
            return read_amount(self._indicator, value)
        except AmountInvalid as problem:
            raise ValidationError(str(problem)) from None


def _fields_of(indicator: Indicator) -> dict[str, fields.Field[Any]]:
    too_long = f"请控制在{LONGEST_SOURCE}字以内。"
    return {
        f"{indicator}_value": AmountField(indicator),
        f"{indicator}_source": fields.String(validate=validate.Length(max=LONGEST_SOURCE, error=too_long)),
        f"{indicator}_version": fields.Integer(),
    }


MonthForm = cast(
    "type[FormSchema]",
    FormSchema.from_dict({name: field for indicator in Indicator for name, field in _fields_of(indicator).items()}),
)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "indicators": list(Indicator),
        "indicator_label": INDICATOR_LABELS.__getitem__,
        "indicator_hint": _HINTS.__getitem__,
        "reported": lambda row: amount_label(row.indicator, amount_of(row)),
        "amount_label": amount_label,
    }


@bp.get("")
def show_year() -> Page:
    """Show a year of an organisation: the actor's own, or one below a bureau."""
    actor, asked = current_actor(), Form.asked(YearForm())
    reporting = list_reporting(actor)
    chosen = _chosen(reporting, asked.data.get("organisation"))
    year = asked.data.get("year", clock.today().year)
    return render_template(
        "indicators/year.html",
        organisations=reporting,
        state_of_year=year_of(actor, chosen.id, year) if chosen else None,
        year=year,
        this_year=clock.today().year,
        may_write=chosen is not None and _may_write(chosen.id),
        begun=_months_begun(year),
    )


def _chosen(reporting: list[Organisation], asked: UUID | None) -> Organisation | None:
    if asked is not None:
        found = next((one for one in reporting if one.id == asked), None)
        if found is None:
            raise NotFound
        return found
    own = (one for one in reporting if one.id == current_actor().organisation_id)
    return next(own, reporting[0] if reporting else None)


@bp.get("/<uuid:organisation_id>/<int(min=2000, max=2099):year>/<int(min=1, max=12):month>")
def show_month(organisation_id: UUID, year: int, month: int) -> Page:
    """Show the reports of a month as a form."""
    organisation = get_reporting(current_actor(), organisation_id, Action.WRITE)
    rows = year_of(current_actor(), organisation_id, year).months[month]
    return _month_page(organisation, date(year, month, 1), Form(MonthForm(), **_typed(rows)), rows)


@bp.post("/<uuid:organisation_id>/<int(min=2000, max=2099):year>/<int(min=1, max=12):month>")
def enter_month(organisation_id: UUID, year: int, month: int) -> Page:
    """Keep the reports of a month, all or none."""
    actor, form = current_actor(), Form.submitted(MonthForm())
    organisation = get_reporting(actor, organisation_id, Action.WRITE)
    if form.is_valid:
        reports = _reports(form.data)
        if form.attempt(lambda: set_month(actor, organisation_id, date(year, month, 1), reports)) is not None:
            flash(f"{organisation.name}{year}年{month}月的业务指标已保存。", "done")
            return redirect(url_for("console.indicators.show_year", organisation=organisation_id, year=year))
    rows = year_of(actor, organisation_id, year).months[month]
    return _month_page(organisation, date(year, month, 1), form, rows)


def _reports(given: Mapping[str, Any]) -> dict[Indicator, MonthReport]:
    """Return what was typed; a source that was left empty is the one above it."""
    reports: dict[Indicator, MonthReport] = {}
    source = ""
    for indicator in Indicator:
        amount: Amount = given.get(f"{indicator}_value", NOT_REPORTED)
        source = given.get(f"{indicator}_source", source)
        reports[indicator] = MonthReport(amount, source, given.get(f"{indicator}_version"))
    return reports


def _typed(rows: Mapping[Indicator, InstitutionIndicator]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for indicator, row in rows.items():
        typed[f"{indicator}_value"] = amount_label(indicator, amount_of(row))
        typed[f"{indicator}_source"] = row.source
        typed[f"{indicator}_version"] = row.version
    return typed


def _month_page(
    organisation: Organisation, month: date, form: Form, rows: Mapping[Indicator, InstitutionIndicator]
) -> Page:
    page = render_template("indicators/month.html", organisation=organisation, month=month, form=form, rows=rows)
    return page, form.status


def _may_write(organisation_id: UUID) -> bool:
    actor = current_actor()
    return may(actor.role, Action.WRITE, Resource.INDICATOR, parties_to_own(actor, organisation_id))


def _months_begun(year: int) -> int:
    today = clock.today()
    return 12 if year < today.year else today.month if year == today.year else 0
