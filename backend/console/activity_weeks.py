"""Weeks of records (每周日志): of everybody that an office sees, what is missing and what is thin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from markupsafe import Markup
from marshmallow import fields, validate

from backend.console.forms import Form, PageForm
from backend.console.gate import current_actor
from backend.console.words import state
from backend.domain.activities.queries.weeks import Week, list_weeks, monday_of
from backend.domain.activities.rules.completeness import week_label
from backend.domain.activities.rules.kinds import KINDS
from backend.domain.dispatch.queries import visible_organisations
from backend.domain.organisations.queries import list_organisations
from backend.domain.organisations.rules.kinds import may_receive
from backend.foundation import clock

bp = Blueprint("activity_weeks", __name__, url_prefix="/activities/weeks")
PAGE_SIZE = 50
KEPT = ("week", "recipient", "text")
_WEEK = timedelta(weeks=1)


class FiltersForm(PageForm):
    """Which week, by any day of it, and whose."""

    week = fields.Date()
    recipient = fields.UUID()
    text = fields.String(validate=validate.Length(max=40))


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"week_state": week_state, "kind_label": lambda record: KINDS[record.kind].label}


def week_state(week: Week) -> Markup:
    """Return how a week stands."""
    if week.missing:
        return state("有缺项", "missing")
    if week.thin:
        return state("待完善", "warn")
    if week.records:
        return state("齐全", "good")
    return state("今天在岗", "calm") if week.present else state("未在岗", "calm")


@bp.get("")
def show() -> str:
    """Show a week of everybody, who recorded least first."""
    actor, filters, today = current_actor(), Form.asked(FiltersForm()), clock.today()
    monday = monday_of(filters.data.get("week", today))
    visible = list_organisations(visible_organisations(actor, today))
    return render_template(
        "activity_weeks/list.html",
        page=list_weeks(
            actor,
            monday,
            recipient_id=filters.data.get("recipient"),
            text=filters.data.get("text", ""),
            page=filters.data["page"],
            page_size=PAGE_SIZE,
        ),
        monday=monday,
        label=week_label(monday),
        before=monday - _WEEK,
        after=monday + _WEEK if monday + _WEEK <= today else None,
        is_present=monday == monday_of(today),
        filters=filters,
        recipients=[organisation for organisation in visible if may_receive(organisation.kind)],
        kept={name: filters.value(name) for name in KEPT if filters.value(name)},
    )
