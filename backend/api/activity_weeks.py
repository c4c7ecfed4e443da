"""/activities/weeks and /activities/completeness: what is missing or thin, week by week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.activity_weeks import ActivityWeeksOut, CompletenessInput, CompletenessOut, WeeksInput
from backend.domain.activities.queries.weeks import PersonWeek, Week, list_weeks, monday_of, weeks_of
from backend.domain.activities.rules.completeness import week_label
from backend.domain.activities.rules.kinds import KINDS
from backend.foundation import clock
from backend.foundation.errors import Invalid

bp = APIBlueprint("activity_weeks", __name__, url_prefix="/activities", tag="工作日志")
_SHOWN, _SPAN = timedelta(weeks=3), timedelta(days=92)


@bp.get("/weeks")
@bp.input(WeeksInput, location="query")
@bp.output(ActivityWeeksOut)
@bp.doc(summary="本人各周的工作日志，以及缺什么", description="默认最近四周，一次最多92天。")
def show_weeks(query_data: dict[str, Any]) -> dict[str, Any]:
    last = query_data["day_to"] or clock.today()
    first = query_data["day_from"] or last - _SHOWN
    if first > last:
        raise Invalid(fields={"to": ["不能早于开始日期。"]})
    if last - first > _SPAN:
        raise Invalid(fields={"to": [f"一次最多查看{_SPAN.days}天。"]})
    person_id = current_actor().person_id
    return {"items": [_described(week) for week in weeks_of(person_id, first, last)] if person_id else []}


@bp.get("/completeness")
@bp.input(CompletenessInput, location="query")
@bp.output(CompletenessOut)
@bp.doc(
    summary="一周内每个人的工作日志，以及缺什么",
    description="记录少的在前；草稿不计入。",
    responses={403: "没有权限"},
)
def show_completeness(query_data: dict[str, Any]) -> dict[str, Any]:
    monday = monday_of(query_data.pop("week") or clock.today())
    page = list_weeks(current_actor(), monday, **query_data)
    return {
        "week": monday,
        "label": week_label(monday),
        "items": [_described_person(row) for row in page.items],
        "page": page.page,
        "page_size": page.page_size,
        "total": page.total,
    }


def _described(week: Week) -> dict[str, Any]:
    return {
        "week": week.monday,
        "label": week_label(week.monday),
        "days_present": len(week.present),
        "records": len(week.records),
        "missing": week.missing,
        "thin": [
            {
                "record_id": record.id,
                "kind": record.kind,
                "kind_label": KINDS[record.kind].label,
                "occurred_on": record.occurred_on,
                "findings": findings,
            }
            for record, findings in week.thin
        ],
    }


def _described_person(row: PersonWeek) -> dict[str, Any]:
    return {
        "person": row.person,
        "recipient": row.recipient,
        "days_present": len(row.week.present),
        "records": len(row.week.records),
        "missing": row.week.missing,
        "thin": len(row.week.thin),
    }
