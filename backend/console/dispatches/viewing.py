"""The list of dispatches, one dispatch with a month of its taps, and the raw place of a tap that is an exception."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import render_template, request

from backend.console.dispatches.away import away
from backend.console.dispatches.blueprint import bp
from backend.console.dispatches.forms import CancelForm, EndForm, ListForm, LocationForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource, may
from backend.domain.accounts.queries import names_of
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.months import MonthDay, month_of
from backend.domain.attendance.queries.taps import get_check_in
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.service.locations import reveal_location
from backend.domain.audit.queries import events_about
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import get_dispatch, list_dispatches, visible_organisations
from backend.domain.dispatch.rules import TRANSITIONS, DispatchState, Shift, state_on
from backend.domain.organisations.queries import list_organisations, parties_to_pair
from backend.domain.organisations.rules.kinds import may_receive
from backend.foundation import clock

PAGE_SIZE = 50
Answer = tuple[str, int]


@bp.get("")
def show_list() -> str:
    """Show the dispatches that the actor may read."""
    actor, today, filters = current_actor(), clock.today(), Form.asked(ListForm())
    page = list_dispatches(
        actor,
        today,
        state=filters.data.get("state"),
        recipient_id=filters.data.get("recipient"),
        text=filters.data.get("text", ""),
        page=filters.data["page"],
        page_size=PAGE_SIZE,
    )
    visible = list_organisations(visible_organisations(actor, today))
    return render_template(
        "dispatches/list.html",
        page=page,
        filters=filters,
        states=list(DispatchState),
        recipients=[organisation for organisation in visible if may_receive(organisation.kind)],
        state_today=state_today,
        may_create=may_as_office(actor, Action.WRITE, Resource.DISPATCH),
        kept={name: filters.value(name) for name in ("state", "recipient", "text") if filters.value(name)},
    )


@bp.get("/<uuid:dispatch_id>")
def show(dispatch_id: UUID) -> str:
    """Show a dispatch."""
    return dispatch_page(get_dispatch(current_actor(), dispatch_id))


@bp.get("/taps/<uuid:check_in_id>/location")
def ask_location(check_in_id: UUID) -> Answer:
    """Ask why somebody wants to see a raw place."""
    return _location_page(check_in_id, Form(LocationForm()))


@bp.post("/taps/<uuid:check_in_id>/location")
def show_location(check_in_id: UUID) -> Answer:
    """Show the raw place of a tap that is an exception; the look is audited."""
    form = Form.submitted(LocationForm())
    place = None
    if form.is_valid:
        place = form.attempt(lambda: reveal_location(current_actor(), check_in_id, form.data["reason"]))
    return _location_page(check_in_id, form, place)


def _location_page(check_in_id: UUID, form: Form, place: tuple[float, float] | None = None) -> Answer:
    check_in = get_check_in(current_actor(), check_in_id, Action.READ, Resource.COORDINATES)
    dispatch = get_dispatch(current_actor(), check_in.dispatch_id)
    page = render_template("dispatches/location.html", check_in=check_in, dispatch=dispatch, form=form, place=place)
    return page, form.status


def dispatch_page(dispatch: Dispatch, **forms: Form) -> str:
    """Return the page of a dispatch; `forms` are those that were submitted from it and refused."""
    today = clock.today()
    first, last = _month_asked(dispatch, today)
    events = events_about("dispatch", dispatch.id)
    days = month_of([dispatch], first, last)
    state = state_today(dispatch)
    return render_template(
        "dispatches/one.html",
        dispatch=dispatch,
        state=state,
        today=today,
        first=first,
        before=_neighbour(first - timedelta(days=1), dispatch),
        after=_neighbour(last + timedelta(days=1), dispatch),
        weeks=_weeks(days),
        duties=_duties(days),
        events=events,
        names=names_of(event.person_id for event in events if event.person_id),
        actions=_actions(dispatch, state),
        sees_timesheet=not dispatch.cancelled_at and _may(dispatch, Action.READ, Resource.TIMESHEET),
        **away(
            dispatch,
            sees_leave=_may(dispatch, Action.READ, Resource.LEAVE),
            may_write=_may(dispatch, Action.WRITE, Resource.DISPATCH),
        ),
        may_locate=_may(dispatch, Action.READ, Resource.COORDINATES),
        may_ask=state is DispatchState.CURRENT and _may(dispatch, Action.WRITE, Resource.SPOT_CHECK),
        end_form=forms.get("end_form") or Form(EndForm(), version=dispatch.version, ends_on=today),
        cancel_form=forms.get("cancel_form") or Form(CancelForm(), version=dispatch.version),
    )


def state_today(dispatch: Dispatch) -> DispatchState:
    """Return where a dispatch stands today."""
    return state_on(clock.today(), dispatch.starts_on, dispatch.ends_on, cancelled=dispatch.cancelled_at is not None)


def _actions(dispatch: Dispatch, state: DispatchState) -> set[str]:
    if not _may(dispatch, Action.WRITE, Resource.DISPATCH):
        return set()
    return {action for (standing, action) in TRANSITIONS if standing is state}


def _may(dispatch: Dispatch, action: Action, resource: Resource) -> bool:
    actor = current_actor()
    parties = parties_to_pair(
        actor,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        person_id=dispatch.person_id,
    )
    return may(actor.role, action, resource, parties)


def _month_asked(dispatch: Dispatch, today: date) -> tuple[date, date]:
    """Return the first and last day of the month asked for: the one nearest to today unless told otherwise."""
    try:
        first = date.fromisoformat(request.args.get("month", "") + "-01")
    except ValueError:
        first = date.min
    if not dispatch.starts_on.replace(day=1) <= first <= dispatch.ends_on:
        first = min(max(today, dispatch.starts_on), dispatch.ends_on).replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _neighbour(day: date, dispatch: Dispatch) -> str | None:
    within = dispatch.starts_on.replace(day=1) <= day.replace(day=1) <= dispatch.ends_on
    return day.strftime("%Y-%m") if within else None


@dataclass(frozen=True)
class Duty:
    """One shift of a day on which somebody tapped."""

    day: date
    shift: Shift
    arrived: CheckIn | None
    left: CheckIn | None


def _duties(days: list[MonthDay]) -> list[Duty]:
    """Return what was tapped, a line each shift, the latest first."""
    duties = []
    for day in reversed(days):
        taps = {(tap.shift, tap.kind): tap for tap in day.taps}
        for shift in reversed(Shift):
            arrived, left = taps.get((shift, CheckInKind.IN)), taps.get((shift, CheckInKind.OUT))
            if arrived or left:
                duties.append(Duty(day.day, shift, arrived, left))
    return duties


def _weeks(days: list[MonthDay]) -> list[list[MonthDay | None]]:
    """Return the days by weeks from Monday to Sunday, filled up with None."""
    cells: list[MonthDay | None] = [None] * days[0].day.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]
