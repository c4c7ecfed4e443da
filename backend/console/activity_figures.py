"""Figures of activities (工作统计): a period beside the same one a year before, each figure with its records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, cast

from flask import Blueprint, render_template
from marshmallow import fields

from backend.console.forms import Form, PageForm
from backend.console.gate import current_actor
from backend.domain.activities.queries.figure_rows import Wanted
from backend.domain.activities.queries.figures import Figure, list_figures
from backend.domain.activities.rules.figures import By, Period
from backend.domain.activities.rules.kinds import GROUP_LABELS, KINDS, ActivityKind, Group, KindEntry
from backend.domain.dispatch.queries import visible_organisations
from backend.domain.organisations.queries import list_organisations
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.foundation import clock
from backend.foundation.paging import Page

bp = Blueprint("activity_figures", __name__, url_prefix="/activities/figures")
PAGE_SIZE = 200
KEPT = ("from", "to", "by", "kind", "organisation_id")
BY_LABELS: Final = {
    By.KIND: "类别",
    By.ORGANISATION: "受援单位",
    By.ORGANISATION_AND_KIND: "受援单位和类别",
    By.PERSON: "人员",
    By.DEPARTMENT: "科室",
    By.MONTH: "月份",
    By.TECHNIQUE: "新技术新项目",
}
_FIELDS: Final[dict[str, fields.Field[Any]]] = {
    "from": fields.Date(),
    "to": fields.Date(),
    "by": fields.Enum(By, by_value=True, load_default=By.KIND),
    "kind": fields.Enum(ActivityKind, by_value=True),
    "organisation_id": fields.UUID(),
}
# `from` is no name for an attribute.
FiguresForm = cast("type[PageForm]", PageForm.from_dict(_FIELDS, name="FiguresForm"))


@dataclass(frozen=True)
class Preset:
    """A period that is often asked for."""

    label: str
    period: Period


@bp.get("")
def show() -> str:
    """Show the figures of a period, of this year so far unless told otherwise."""
    actor, filters, today = current_actor(), Form.asked(FiguresForm()), clock.today()
    presets = presets_of(today)
    period = _period(filters, presets[0].period)
    which = {name: filters.data.get(name) for name in ("kind", "organisation_id")}
    wanted = Wanted(period, filters.data["by"], **which)
    figures = filters.attempt(lambda: list_figures(actor, wanted)) or []
    visible = list_organisations(visible_organisations(actor, today))
    kept = {name: filters.value(name) for name in KEPT if filters.value(name)}
    return render_template(
        "activity_figures/list.html",
        page=_page_of(figures, filters.data["page"]),
        filters=filters,
        period=period,
        presets=presets,
        wanted=wanted,
        by_labels=BY_LABELS,
        units=any(figure.entry for figure in figures),
        kept=kept | {"from": period.first.isoformat(), "to": period.last.isoformat()},
        groups=[
            (label, [one for one in KINDS.values() if one.group is group]) for group, label in GROUP_LABELS.items()
        ],
        organisations=[one for one in visible if one.kind is not OrganisationKind.BUREAU],
    )


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"name_of": name_of, "name_of_kind": lambda kind: KINDS[kind].label, "change_text": change_text}


def presets_of(today: date) -> list[Preset]:
    """Return the periods that are often asked for; the present ones end today, as those a year before them do."""
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return [
        Preset("本年", Period(date(today.year, 1, 1), today)),
        Preset("上年", Period(date(today.year - 1, 1, 1), date(today.year, 1, 1) - timedelta(days=1))),
        Preset("本季", Period(quarter, today)),
        Preset("本月", Period(today.replace(day=1), today)),
    ]


def name_of(figure: Figure, by: By) -> str:
    """Return what a figure is of."""
    organisation = figure.organisation.name if figure.organisation else ""
    person = figure.person.name if figure.person else ""
    department = (figure.department.name if figure.department else "") or "未填科室"
    return {
        By.KIND: figure.entry.label if figure.entry else "",
        By.ORGANISATION: organisation,
        By.ORGANISATION_AND_KIND: organisation,
        By.PERSON: person,
        By.DEPARTMENT: f"{organisation} {department}",
        By.MONTH: f"{figure.month:%Y年}{figure.month.month}月" if figure.month else "",
        By.TECHNIQUE: figure.title,
    }[by]


def change_text(percent: float | None) -> str:
    """Return +54.2%, −12%, 持平, or nothing where there is nothing to compare."""
    if percent is None:
        return ""
    return f"{percent:+g}%".replace("-", "−") if percent else "持平"


def _period(filters: Form, usual: Period) -> Period:
    return Period(filters.data.get("from", usual.first), filters.data.get("to", usual.last))


def _kinds_of(group: Group) -> list[KindEntry]:
    return [entry for entry in KINDS.values() if entry.group is group]


def _page_of(figures: Sequence[Figure], number: int) -> Page[Figure]:
    begin = (number - 1) * PAGE_SIZE
    return Page(figures[begin : begin + PAGE_SIZE], number, PAGE_SIZE, len(figures))
