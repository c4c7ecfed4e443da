"""/activities/figures: counts and quantities, beside the same period a year before."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.figures import ActivityFiguresInput, ActivityFiguresOut
from backend.domain.activities.queries.figure_rows import Wanted
from backend.domain.activities.queries.figures import Figure, list_figures
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.figures import Period, Totals

bp = APIBlueprint("figures", __name__, url_prefix="/activities", tag="工作日志")


@bp.get("/figures")
@bp.input(ActivityFiguresInput, location="query")
@bp.output(ActivityFiguresOut)
@bp.doc(
    summary="工作日志的统计，与上年同期比较",
    description="计已会签和台账导入的；待会签的另列。没有记录即为未报，不是0。按人员、科室统计时，卫健局须选择一家机构。",
    responses={403: "没有权限", 404: "没有这家机构"},
)
def show(query_data: dict[str, Any]) -> dict[str, Any]:
    period = Period(query_data["first"], query_data["last"])
    which = {name: query_data.get(name) for name in ("organisation_id", "kind")}
    figures = list_figures(current_actor(), Wanted(period, query_data["by"], **which))
    return {
        "first": period.first,
        "last": period.last,
        "before": period.before,
        "items": [_described(figure) for figure in figures],
    }


def _described(figure: Figure) -> dict[str, Any]:
    answer: dict[str, Any] = {
        **_totals(figure, figure.now),
        "imported": figure.now.imported,
        "waiting": figure.now.waiting,
        "before": None,
        "change_percent": figure.change_percent,
        "records_query": urlencode(figure.records),
    }
    if figure.before is not None:
        answer["before"] = {**_totals(figure, figure.before), "records_query": urlencode(figure.records_before)}
    if figure.entry is not None:
        answer |= {"kind": figure.entry.kind, "kind_label": figure.entry.label, "unit": figure.unit}
    told = {name: getattr(figure, name) for name in ("organisation", "month", "person", "department", "title")}
    return answer | {name: value for name, value in told.items() if value}


def _totals(figure: Figure, totals: Totals) -> dict[str, Any]:
    return {
        "records": totals.records,
        "quantity": _amount(totals.quantity, figure.unit) if figure.entry else None,
        "person_times": _amount(totals.person_times, "人次") if figure.reaches_people else None,
    }


def _amount(amount: Amount, unit: str) -> dict[str, Any]:
    return {
        "value": amount.value,
        "at_least": amount.at_least,
        "about": amount.about,
        "label": amount.label(unit),
    }
