"""Ending a dispatch early, cancelling it, and posting a substitute (顶岗)."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.dispatches.blueprint import bp
from backend.console.dispatches.creating import person_search
from backend.console.dispatches.forms import CancelForm, EndForm, SubstituteForm
from backend.console.dispatches.viewing import dispatch_page
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action
from backend.domain.accounts.queries import get_person
from backend.domain.attendance.service.served_days import end_dispatch_early, substitute_dispatch
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import get_dispatch
from backend.domain.dispatch.service import cancel_dispatch, unmet_conditions_of
from backend.foundation import clock

Page = str | tuple[str, int] | Response


@bp.post("/<uuid:dispatch_id>/end")
def end_early(dispatch_id: UUID) -> Page:
    """End a dispatch before its day."""
    actor, form = current_actor(), Form.submitted(EndForm())
    if form.is_valid:
        given = form.data
        ended = form.attempt(
            lambda: end_dispatch_early(
                actor, dispatch_id, given["version"], ends_on=given["ends_on"], reason=given["reason"]
            )
        )
        if ended is not None:
            flash("派驻已提前结束，已通知派驻人员。", "done")
            return redirect(url_for("console.dispatches.show", dispatch_id=dispatch_id))
    return dispatch_page(get_dispatch(actor, dispatch_id, Action.WRITE), end_form=form), form.status


@bp.post("/<uuid:dispatch_id>/cancel")
def cancel(dispatch_id: UUID) -> Page:
    """Cancel a dispatch that has not begun."""
    actor, form = current_actor(), Form.submitted(CancelForm())
    if form.is_valid:
        given = form.data
        if form.attempt(lambda: cancel_dispatch(actor, dispatch_id, given["version"], reason=given["reason"])):
            flash("派驻已取消，已通知派驻人员。", "done")
            return redirect(url_for("console.dispatches.show", dispatch_id=dispatch_id))
    return dispatch_page(get_dispatch(actor, dispatch_id, Action.WRITE), cancel_form=form), form.status


@bp.get("/<uuid:dispatch_id>/substitute")
def show_substitute(dispatch_id: UUID) -> Page:
    """Ask who takes over; once that is known, from when and why."""
    dispatch = get_dispatch(current_actor(), dispatch_id, Action.WRITE)
    if not request.args.get("person_id"):
        return person_search(
            "console.dispatches.show_substitute",
            title=f"为{dispatch.person.name}安排顶岗",
            back=url_for("console.dispatches.show", dispatch_id=dispatch_id),
            dispatch_id=dispatch_id,
        )
    form = Form(
        SubstituteForm(),
        person_id=request.args["person_id"],
        version=dispatch.version,
        from_day=max(clock.today(), dispatch.starts_on),
    )
    return _substitute_page(dispatch, form)


@bp.post("/<uuid:dispatch_id>/substitute")
def substitute(dispatch_id: UUID) -> Page:
    """Let somebody take over."""
    actor, form = current_actor(), Form.submitted(SubstituteForm())
    if form.is_valid:
        given = dict(form.data)
        version = given.pop("version")
        posted = form.attempt(lambda: substitute_dispatch(actor, dispatch_id, version, **given))
        if posted is not None:
            flash("顶岗已安排，已通知双方。", "done")
            return redirect(url_for("console.dispatches.show", dispatch_id=posted.id))
    return _substitute_page(get_dispatch(actor, dispatch_id, Action.WRITE), form)


def _substitute_page(dispatch: Dispatch, form: Form) -> Page:
    try:
        person = get_person(current_actor(), UUID(form.value("person_id")))
    except ValueError:
        return redirect(url_for("console.dispatches.show_substitute", dispatch_id=dispatch.id))
    unmet = unmet_conditions_of(person, max(clock.today(), dispatch.starts_on))
    page = render_template("dispatches/substitute.html", dispatch=dispatch, person=person, form=form, unmet=unmet)
    return page, form.status
