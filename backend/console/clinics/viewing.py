"""The week calendar, and one clinic with its places."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import render_template
from marshmallow import fields

from backend.console.clinics.blueprint import bp
from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource
from backend.domain.clinics.queries.clinics import closure_of, get_clinic, office_view, shares_of
from backend.domain.clinics.queries.weeks import recipients_of, week_of
from backend.foundation import clock
from backend.foundation.actor import Role


class WeekForm(FormSchema):
    """Which week, and of which recipient."""

    week = fields.Date()
    recipient = fields.UUID()


@bp.get("")
def show_week() -> str:
    """Show a week of clinics; a bureau, below which there are many, one recipient's."""
    actor, form = current_actor(), Form.asked(WeekForm())
    asked: date = form.data.get("week") or clock.today()
    monday = asked - timedelta(days=asked.weekday())
    recipients = recipients_of(actor, monday)
    recipient_id: UUID | None = form.data.get("recipient")
    if recipient_id is None and actor.role is Role.BUREAU and recipients:
        recipient_id = recipients[0].id
    week = week_of(actor, monday, recipient_id=recipient_id)
    clinics = [one for row in week.rows for cell in row.cells for one in cell.clinics]
    return render_template(
        "clinics/week.html",
        week=week,
        count=len(clinics),
        conflicts=sum(one.conflict is not None for one in clinics),
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        today=clock.today(),
        recipients=recipients,
        recipient_id=recipient_id,
        may_choose_all=actor.role is not Role.BUREAU,
        may_plan=may_as_office(actor, Action.WRITE, Resource.CLINIC),
    )


@bp.get("/<uuid:clinic_id>")
def show(clinic_id: UUID) -> str:
    """Show a clinic with its places by period and channel."""
    actor = current_actor()
    clinic = get_clinic(actor, clinic_id)
    (seen,) = office_view(actor, [clinic])
    return render_template(
        "clinics/one.html",
        seen=seen,
        clinic=clinic,
        closure_id=closure_of(clinic.id),
        shares=shares_of(clinic.id),
        now=clock.now(),
    )
