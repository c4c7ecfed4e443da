"""Planning clinics: who, where and when; then the days that come out, with their lunar days, before all is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.clinics.blueprint import bp
from backend.console.clinics.forms import (
    PERIODS,
    REPEATS,
    PlanForm,
    fee_fen_of,
    periods_of,
    recurrence_of,
    refuse_half_rows,
    say_once,
    span_of,
    timing_of,
)
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource
from backend.domain.clinics.queries.weeks import experts_of, people_at
from backend.domain.clinics.rules.planning import Timing
from backend.domain.clinics.rules.recurrence import BRANCHES
from backend.domain.clinics.service.planning import ClinicPlan, PlannedDay, plan_clinics, preview_plan
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.queries import find_setting, require_list_right
from backend.foundation import clock
from backend.foundation.errors import NotFound

Page = str | tuple[str, int] | Response
_WEEKS_AHEAD = timedelta(days=27)
_MORNING = (("08:00", "09:00"), ("09:00", "10:00"), ("10:00", "11:00"))
_SHARES = {"phone": 4, "desk": 2}


@bp.get("/new")
def show_new() -> Page:
    """Ask who holds clinics where and when; the fields follow the expert that is chosen."""
    require_list_right(current_actor(), Action.WRITE, Resource.CLINIC)
    form = Form.draft(PlanForm())
    if not form.value("repeat"):
        form = Form(PlanForm(), **_presets(form.value("dispatch_id"), form.value("first")))
    return _page(form, _chosen(form))


@bp.post("/new/days")
def preview() -> Page:
    """Show the days that come out of a plan that is being filled in."""
    form = Form.submitted(PlanForm())
    dispatch = _chosen(form)
    days = _days(form, _plan(form, dispatch))
    if request.headers.get("HX-Target") == "preview":
        return render_template("clinics/preview.html", form=form, days=days)
    return _page(form, dispatch, days)


@bp.post("/new")
def create() -> Page:
    """Plan the clinics."""
    form = Form.submitted(PlanForm())
    dispatch = _chosen(form)
    plan = _plan(form, dispatch)
    if plan is None:
        return _page(form, dispatch)
    ids = form.attempt(lambda: plan_clinics(current_actor(), plan))
    if ids is None:
        form.errors = {name: texts[:1] for name, texts in form.errors.items()}  # the days tell the rest
        return _page(form, dispatch, _days(Form(PlanForm(), form.typed), plan))
    flash(f"已安排{len(ids)}次坐诊，已通知专家。", "done")
    return redirect(url_for("console.clinics.show_week", week=plan.first))


def _presets(dispatch_id: str, first: str) -> dict[str, Any]:
    start = _day(first) or clock.today() + timedelta(days=1)
    periods = {
        f"{name}_{row}": hours[i] for row, hours in enumerate(_MORNING) for i, name in enumerate(("starts", "ends"))
    }
    places = {f"{channel}_{row}": share for row in range(len(_MORNING)) for channel, share in _SHARES.items()}
    timing, organisation_id = Timing(), current_actor().organisation_id
    days = find_setting("clinics.release_days", organisation_id, clock.today()) if organisation_id else None
    return {
        "dispatch_id": dispatch_id,
        "repeat": "dates" if first else "weekly",
        "dates": first,
        "first": start,
        "last": start + _WEEKS_AHEAD,
        "release_days": timing.release_days if days is None else days,
        "release_time": f"{timing.release_time:%H:%M}",
        "overflow_hours": timing.overflow_hours,
        "phone_minutes": timing.phone_minutes,
        "fee": 0,
        **periods,
        **places,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _chosen(form: Form) -> Dispatch | None:
    """Return the dispatch that was chosen.

    Raises:
        NotFound: it is not in sight, or has ended.
    """
    text = form.value("dispatch_id")
    if not text:
        return None
    found = next((one for one in _experts() if str(one.id) == text), None)
    if found is None:
        raise NotFound
    return found


def _experts() -> list[Dispatch]:
    require_list_right(current_actor(), Action.WRITE, Resource.CLINIC)
    return experts_of(current_actor(), clock.today())


def _plan(form: Form, dispatch: Dispatch | None) -> ClinicPlan | None:
    """Return what was filled in, None where something is wrong with it, which the form then tells."""
    if not form.is_valid or dispatch is None:
        return None
    refuse_half_rows(form)
    recurrence = recurrence_of(form.data)
    if recurrence is None:
        form.refuse("请选择在哪些天坐诊。")
        return None
    span = span_of(form.data, recurrence)
    if span is None:
        form.refuse("请填写起止日期。", {"first": ["请填写起止日期。"]})
    if not form.is_valid or span is None:
        return None
    return ClinicPlan(
        person_id=dispatch.person_id,
        site_id=form.data["site_id"],
        recurrence=recurrence,
        first=span[0],
        last=span[1],
        without=frozenset(form.data["without"]),
        periods=periods_of(form.data),
        timing=timing_of(form.data),
        department_id=form.data["department_id"],
        local_doctor_id=form.data["local_doctor_id"],
        fee_fen=fee_fen_of(form.data),
        note=form.data["note"],
    )


def _days(form: Form, plan: ClinicPlan | None) -> list[PlannedDay] | None:
    """Return every day of a plan, those that are left out as well."""
    if plan is None:
        return None
    days = form.attempt(lambda: preview_plan(current_actor(), replace(plan, without=frozenset())))
    say_once(form)
    return days


def _page(form: Form, dispatch: Dispatch | None, days: list[PlannedDay] | None = None) -> Page:
    page = render_template(
        "clinics/fields.html" if request.headers.get("HX-Target") == "fields" else "clinics/new.html",
        form=form,
        experts=_experts(),
        dispatch=dispatch,
        doctors=people_at(dispatch.recipient_id) if dispatch else [],
        repeats=REPEATS,
        branches=BRANCHES,
        rows=PERIODS,
        days=days,
    )
    return page, form.status
