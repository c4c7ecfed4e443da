"""Posting a substitute (顶岗) for the days on which a dispatch rests for long leave."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.dispatches.blueprint import bp
from backend.console.dispatches.creating import person_search
from backend.console.dispatches.forms import SuspensionSubstituteForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action
from backend.domain.accounts.queries import get_person
from backend.domain.dispatch.models import Suspension
from backend.domain.dispatch.queries import get_dispatch, get_suspension
from backend.domain.dispatch.service import days_to_cover, post_substitute, unmet_conditions_of

Page = str | tuple[str, int] | Response


@bp.get("/suspensions/<uuid:suspension_id>/substitute")
def show_suspension_substitute(suspension_id: UUID) -> Page:
    """Ask who takes over; once that is known, show for which days."""
    actor = current_actor()
    suspension = get_suspension(actor, suspension_id, Action.WRITE)
    dispatch = get_dispatch(actor, suspension.dispatch_id, Action.WRITE)
    if not request.args.get("person_id"):
        return person_search(
            "console.dispatches.show_suspension_substitute",
            title=f"{dispatch.person.name}暂停期间的顶岗",
            back=url_for("console.dispatches.show", dispatch_id=dispatch.id),
            suspension_id=suspension_id,
        )
    return _page(suspension, Form(SuspensionSubstituteForm(), person_id=request.args["person_id"]))


@bp.post("/suspensions/<uuid:suspension_id>/substitute")
def post_suspension_substitute(suspension_id: UUID) -> Page:
    """Let somebody take over for these days."""
    actor, form = current_actor(), Form.submitted(SuspensionSubstituteForm())
    if form.is_valid:
        posted = form.attempt(lambda: post_substitute(actor, suspension_id, **form.data))
        if posted is not None:
            flash("顶岗已安排，已通知顶岗人员。原派驻在暂停期满后继续。", "done")
            return redirect(url_for("console.dispatches.show", dispatch_id=posted.id))
    return _page(get_suspension(actor, suspension_id, Action.WRITE), form)


def _page(suspension: Suspension, form: Form) -> Page:
    actor = current_actor()
    dispatch = get_dispatch(actor, suspension.dispatch_id, Action.WRITE)
    try:
        person = get_person(actor, UUID(form.value("person_id")))
    except ValueError:
        return redirect(url_for("console.dispatches.show_suspension_substitute", suspension_id=suspension.id))
    first, last = days_to_cover(suspension, dispatch)
    page = render_template(
        "dispatches/suspension_substitute.html",
        dispatch=dispatch,
        suspension=suspension,
        person=person,
        first=first,
        last=last,
        form=form,
        unmet=unmet_conditions_of(person, first),
    )
    return page, form.status
