"""Looking at budgets: each programme's year with its chart and its months."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from backend.console.budgets.blueprint import Page, YearForm, bp
from backend.console.budgets.chart import chart_of
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource, may
from backend.domain.organisations.queries import parties_to_own
from backend.domain.subsidies.queries.budgets import Use, budgets_of
from backend.foundation import clock


@bp.get("")
def show_year() -> Page:
    """Show a year of all programmes in sight."""
    today = clock.today()
    year = Form.asked(YearForm()).data.get("year", today.year)
    last_month = today.month if year == today.year else 12 * (year < today.year)
    return render_template(
        "budgets/year.html",
        year=year,
        this_year=today.year,
        budgets=[(one, chart_of(one, last_month)) for one in budgets_of(current_actor(), year)],
        unused=Use(),
        may_set=_may_set,
    )


def _may_set(organisation_id: UUID) -> bool:
    actor = current_actor()
    return may(actor.role, Action.WRITE, Resource.SUBSIDY_BUDGET, parties_to_own(actor, organisation_id))
