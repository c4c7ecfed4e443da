"""Working calendars (工作日历): which years are built in, entered or not loaded, and entering one from its notice."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource, may
from backend.domain.organisations.models import CalendarYear, Organisation
from backend.domain.organisations.queries import (
    calendar_of,
    get_organisation,
    list_calendar_years,
    list_organisations,
    organisations_under,
    parties_to_own,
)
from backend.domain.organisations.rules.pasted_days import PastedDays, read_pasted_days
from backend.domain.organisations.rules.working_days import WorkingCalendar, is_published, is_weekend
from backend.domain.organisations.service import YearDraft, enter_calendar_year
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden

bp = Blueprint("calendars", __name__, url_prefix="/calendars")
Page = str | tuple[str, int] | Response
_YEARS_SHOWN = range(-1, 4)  # around the present one
_DAYS = fields.Date(validate=validate.Range(date(2000, 1, 1), date(2099, 12, 31), error="日期有误。"))


class YearForm(FormSchema):
    """The days of a year that differ from an ordinary week, and the document that says so."""

    version = fields.Integer(required=True)
    free_days = fields.List(_DAYS, load_default=list)
    worked_days = fields.List(_DAYS, load_default=list)
    document_title = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))
    document_number = fields.String(load_default="", validate=validate.Length(max=100, error="请控制在100字以内。"))


class NoticeForm(FormSchema):
    """The notice that somebody pasted."""

    notice = fields.String(
        required=True, validate=validate.Length(max=10_000, error="内容过长，请只粘贴放假安排的部分。")
    )


@dataclass(frozen=True)
class YearState:
    """How a year stands: built in, entered here or above, or not loaded."""

    year: int
    published: bool
    entry: CalendarYear | None
    by: Organisation | None


@dataclass(frozen=True)
class DayCell:
    """A day of the grid: whether it is worked in an ordinary week, and whether this year says otherwise."""

    day: date
    weekend: bool
    differs: bool


@bp.get("")
def show_list() -> Page:
    """Show the years around this one in an organisation: the actor's own, or one below a bureau."""
    actor = current_actor()
    if actor.organisation_id is None:
        raise Forbidden
    organisation = get_organisation(request.args.get("organisation", actor.organisation_id, type=UUID))
    entered = list_calendar_years(actor, organisation.id)
    choosable = list_organisations(organisations_under(actor.organisation_id)) if actor.role is Role.BUREAU else []
    return render_template(
        "calendars/list.html",
        organisation=organisation,
        organisations=choosable,
        years=[_state(clock.today().year + offset, entered) for offset in _YEARS_SHOWN],
        may_write=_may_write(organisation.id),
    )


@bp.get("/<uuid:organisation_id>/<int(min=2000, max=2099):year>")
def show(organisation_id: UUID, year: int) -> Page:
    """Show a year day by day; where it may be entered, as a form."""
    entry = _state(year, list_calendar_years(current_actor(), organisation_id)).entry
    own = entry if entry is not None and entry.organisation_id == organisation_id else None
    form = Form(
        YearForm(),
        version=own.version if own else 0,
        free_days=[day.isoformat() for day in (entry.free_days if entry else ())],
        worked_days=[day.isoformat() for day in (entry.worked_days if entry else ())],
        document_title=entry.document_title if entry else "",
        document_number=entry.document_number if entry else "",
    )
    return _page(organisation_id, year, form)


@bp.post("/<uuid:organisation_id>/<int(min=2000, max=2099):year>/read")
def read(organisation_id: UUID, year: int) -> Page:
    """Fill the days of a year in from a pasted notice; nothing is kept yet."""
    entered = list_calendar_years(current_actor(), organisation_id)
    notice_form = Form.submitted(NoticeForm())
    if not notice_form.is_valid:
        return _page(organisation_id, year, Form(YearForm(), version=0), notice_form=notice_form)
    entry = next((one for one, by in entered if one.year == year and by.id == organisation_id), None)
    found = read_pasted_days(notice_form.data["notice"], year)
    form = Form(
        YearForm(),
        version=entry.version if entry else 0,
        free_days=[day.isoformat() for day in found.free_days],
        worked_days=[day.isoformat() for day in found.worked_days],
        document_title=entry.document_title if entry else f"国务院办公厅关于{year}年部分节假日安排的通知",
        document_number=entry.document_number if entry else "",
    )
    return _page(organisation_id, year, form, found=found)


@bp.post("/<uuid:organisation_id>/<int(min=2000, max=2099):year>")
def enter(organisation_id: UUID, year: int) -> Page:
    """Keep the days of a year."""
    form = Form.submitted(YearForm())
    if form.is_valid:
        given = dict(form.data)
        version = given.pop("version")
        draft = YearDraft(year=year, **given)
        if form.attempt(lambda: enter_calendar_year(current_actor(), organisation_id, draft, version)):
            flash(f"{year}年工作日历已保存，本机构及下级机构的考勤从现在起按此计算。", "done")
            return redirect(url_for("console.calendars.show", organisation_id=organisation_id, year=year))
    return _page(organisation_id, year, form)


def _page(
    organisation_id: UUID, year: int, form: Form, *, notice_form: Form | None = None, found: PastedDays | None = None
) -> Page:
    state = _state(year, list_calendar_years(current_actor(), organisation_id))
    typed = {*form.values("free_days"), *form.values("worked_days")}
    known = calendar_of(organisation_id, date(year, 1, 1), date(year, 12, 31)) if state.published else None
    notice_form = notice_form or Form(NoticeForm())
    page = render_template(
        "calendars/one.html",
        organisation=get_organisation(organisation_id),
        state_of_year=state,
        months=[_month(year, month, typed, known) for month in range(1, 13)],
        form=form,
        notice_form=notice_form,
        found=found,
        may_write=not state.published and _may_write(organisation_id),
    )
    return page, max(form.status, notice_form.status)


def _month(year: int, month: int, typed: Iterable[str], known: WorkingCalendar | None) -> list[list[DayCell | None]]:
    """Return the weeks of a month; of a year that is built in, as the library has it."""

    def cell(day: date) -> DayCell | None:
        if day.month != month:
            return None
        differs = day.isoformat() in typed if known is None else known.is_working_day(day) is is_weekend(day)
        return DayCell(day, is_weekend(day), differs)

    return [[cell(day) for day in week] for week in calendar.Calendar().monthdatescalendar(year, month)]


def _state(year: int, entered: list[tuple[CalendarYear, Organisation]]) -> YearState:
    published = is_published(year)
    row = next(((entry, by) for entry, by in entered if entry.year == year), (None, None))
    return YearState(year, published, *((None, None) if published else row))


def _may_write(organisation_id: UUID) -> bool:
    actor = current_actor()
    return may(actor.role, Action.WRITE, Resource.CALENDAR, parties_to_own(actor, organisation_id))
