"""The personnel office's list: who may apply for a title, who may not, and what is missing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, render_template

from backend.console.exports import address_of
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.promotion.blueprint import Page, bp
from backend.console.promotion.forms import VERDICTS, ExportForm, ListForm
from backend.domain.careers.queries.eligibility import Wanted, hospitals_to_judge, list_eligibility, titles_of
from backend.domain.careers.rules.eligibility import MISSING_LABELS
from backend.domain.careers.service.exports import request_promotion
from backend.domain.organisations.models import Organisation
from backend.foundation import clock
from backend.foundation.errors import Invalid, NotFound

PAGE_SIZE = 50
KEPT = ("organisation", "title", "on", "verdict", "missing", "text")


@bp.get("")
def show_list() -> Page:
    """Show a hospital's people for a title on a day; for the first title, today, unless told otherwise."""
    actor, filters = current_actor(), Form.asked(ListForm())
    hospitals = hospitals_to_judge(actor)
    hospital = _chosen(hospitals, filters.data.get("organisation"))
    on = filters.data.get("on") or clock.today()
    titles = titles_of(hospital.id, on) if hospital else []
    title = filters.data.get("title") or next(iter(titles), "")
    found = None
    if hospital is not None and title in titles:
        wanted = _wanted(filters.data)
        page = filters.data["page"]
        found = list_eligibility(actor, hospital.id, title, on, wanted, page=page, page_size=PAGE_SIZE)
    return render_template(
        "promotion/list.html",
        found=found,
        hospitals=hospitals,
        hospital=hospital,
        titles=titles,
        title=title,
        on=on,
        filters=filters,
        verdicts=VERDICTS,
        missing_labels=MISSING_LABELS,
        kept={name: filters.value(name) for name in KEPT if filters.value(name)},
    )


@bp.post("/exports")
def export() -> Page:
    """Ask for the list as a file, with the columns of the periodic assessment."""
    form = Form.submitted(ExportForm())
    if not form.is_valid:
        raise Invalid("请先在列表中选择职称和日期，再导出。")
    given = form.data
    return redirect(address_of(request_promotion(current_actor(), given["organisation"], given["title"], given["on"])))


def _chosen(hospitals: list[Organisation], asked: UUID | None) -> Organisation | None:
    if asked is None:
        return next(iter(hospitals), None)
    found = next((one for one in hospitals if one.id == asked), None)
    if found is None:
        raise NotFound
    return found


def _wanted(given: dict[str, Any]) -> Wanted:
    verdict = given.get("verdict")
    return Wanted(verdict == "yes" if verdict else None, given.get("missing", ""), given.get("text", ""))


def day_asked(form: Form) -> date:
    """Return the day on which somebody is judged: today unless told otherwise."""
    asked: date | None = form.data.get("on")
    return asked or clock.today()
