"""Changing days, sites, department or lead of a dispatch."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.dispatches.blueprint import bp
from backend.console.dispatches.forms import ChangeForm, halves_of, pattern_of
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action
from backend.domain.attendance.service.served_days import change_dispatch
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.dispatch.queries import get_dispatch
from backend.domain.dispatch.rules import WeeklyPattern
from backend.domain.dispatch.service import DispatchChange
from backend.foundation import clock

Page = str | tuple[str, int] | Response


@bp.get("/<uuid:dispatch_id>/change")
def show_change(dispatch_id: UUID) -> Page:
    """Show what can be changed."""
    dispatch = get_dispatch(current_actor(), dispatch_id, Action.WRITE)
    pattern = present_pattern(dispatch)
    form = Form(
        ChangeForm(),
        version=dispatch.version,
        ends_on=dispatch.ends_on,
        halves=halves_of(pattern) if pattern else (),
        pattern_from=max(clock.today(), dispatch.starts_on),
        site_ids=[site.id for site in dispatch.sites],
        department_id=dispatch.department_id,
        leads_team=dispatch.leads_team,
    )
    return _page(dispatch, form)


@bp.post("/<uuid:dispatch_id>/change")
def change(dispatch_id: UUID) -> Page:
    """Change what differs."""
    actor = current_actor()
    dispatch = get_dispatch(actor, dispatch_id, Action.WRITE)
    form = Form.submitted(ChangeForm())
    if form.is_valid:
        wanted = _difference(dispatch, form)
        if form.attempt(lambda: change_dispatch(actor, dispatch_id, form.data["version"], wanted)):
            flash("派驻已修改，已通知派驻人员。", "done")
            return redirect(url_for("console.dispatches.show", dispatch_id=dispatch_id))
    return _page(dispatch, form)


def present_pattern(dispatch: Dispatch) -> WeeklyPattern | None:
    """Return the weekly pattern in force today, or the next one; None for a visit on single days."""
    today = clock.today()
    weekly = [row for row in dispatch.patterns if not _is_single_day(row)]
    weekly.sort(key=lambda row: row.during.lower or dispatch.starts_on)
    upcoming = [row for row in weekly if row.during.upper is None or row.during.upper > today]
    return (upcoming or weekly)[0].pattern if weekly else None


def _is_single_day(row: DutyPattern) -> bool:
    first, after = row.during.lower, row.during.upper
    return first is not None and after is not None and (after - first).days == 1


def _difference(dispatch: Dispatch, form: Form) -> DispatchChange:
    given, present = form.data, present_pattern(dispatch)
    pattern = pattern_of(given["halves"])
    sites = tuple(given["site_ids"])
    is_new_pattern = pattern != present and (bool(pattern.claims) or present is not None)
    return DispatchChange(
        ends_on=given["ends_on"] if given["ends_on"] != dispatch.ends_on else None,
        pattern=pattern if is_new_pattern else None,
        pattern_from=given["pattern_from"],
        site_ids=sites if set(sites) != {site.id for site in dispatch.sites} else None,
        department_id=given["department_id"] if given["department_id"] != dispatch.department_id else None,
        leads_team=given["leads_team"] if given["leads_team"] != dispatch.leads_team else None,
    )


def _page(dispatch: Dispatch, form: Form) -> Page:
    return render_template("dispatches/change.html", dispatch=dispatch, form=form), form.status
