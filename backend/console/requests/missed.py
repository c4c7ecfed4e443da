"""Shifts that were missed (未签到): a person, never a machine, says of one that it was without leave (旷工)."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.requests.blueprint import PAGE_SIZE, bp
from backend.console.requests.forms import AbsenceForm, ConfirmForm, MissedListForm, kept
from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.queries import names_of
from backend.domain.attendance.queries.absence_decisions import MissedShift, list_missed_shifts
from backend.domain.attendance.rules.missed import MISSED_STATE_LABELS, MissedState
from backend.domain.attendance.rules.timesheets import month_of_day
from backend.domain.attendance.service.absence_decisions import decide_absence, withdraw_absence
from backend.foundation import clock

Page = tuple[str, int] | Response


@bp.get("/missed")
def show_missed() -> Page:
    """Show the shifts of a month that nobody was seen at."""
    return _page(Form(AbsenceForm()))


@bp.post("/missed")
def decide_missed() -> Page:
    """Say that a shift was missed without leave."""
    actor, form = current_actor(), Form.submitted(AbsenceForm())
    if form.is_valid and form.attempt(lambda: decide_absence(actor, **form.data)) is not None:
        flash("已认定旷工，已通知本人。", "done")
        return redirect(url_for("console.requests.show_missed", month=f"{form.data['duty_on']:%Y-%m}"))
    return _page(form)


@bp.post("/missed/<uuid:decision_id>/withdraw")
def withdraw_missed(decision_id: UUID) -> Page:
    """Take that back."""
    actor, form = current_actor(), Form.submitted(ConfirmForm())
    withdrawn = form.attempt(lambda: withdraw_absence(actor, decision_id)) if form.is_valid else None
    if withdrawn is None:
        return _page(form)
    flash("旷工认定已撤销，已通知本人。", "done")
    return redirect(url_for("console.requests.show_missed", month=f"{withdrawn.duty_on:%Y-%m}"))


def key_of(missed: MissedShift) -> str:
    """Return what tells the form of one shift from those of the others."""
    return f"{missed.line.dispatch_id}:{missed.line.duty_on}:{missed.line.shift}"


def _page(form: Form) -> Page:
    actor, filters = current_actor(), Form.asked(MissedListForm())
    month = filters.data.get("month") or month_of_day(clock.today())
    page = list_missed_shifts(
        actor,
        month,
        state=filters.data["state"],
        text=filters.data["text"],
        page=filters.data["page"],
        page_size=PAGE_SIZE,
    )
    rendered = render_template(
        "requests/missed.html",
        page=page,
        month=month,
        filters=filters,
        states=[(state.value, MISSED_STATE_LABELS[state]) for state in MissedState],
        state_asked=filters.data["state"],
        names=names_of(one.decision.decided_by_person_id for one in page.items if one.decision),
        decides=may_as_office(actor, Action.DECIDE, Resource.CHECK_IN),
        form=form,
        key_of=key_of,
        refused=":".join(form.value(name) for name in ("dispatch_id", "duty_on", "shift")),
        kept=kept(filters, "month", "state", "text"),
    )
    return rendered, form.status
