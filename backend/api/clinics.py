"""/clinics: found by anybody, without log-in; one's own, as offices and experts see them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from backend.api.authentication import current_actor, open_to_everybody
from backend.api.clinic_cards import describe_office_clinics, written
from backend.api.schemas.clinics import ClinicOut, ClinicsOut, FiltersOut, MineInput, OfficeClinicsOut, SearchInput
from backend.domain.clinics.queries.clinics import list_clinics
from backend.domain.clinics.queries.public import clinic_filters, get_public_clinic
from backend.domain.clinics.queries.search import SearchFilters, search_clinics
from backend.domain.organisations.rules.places import Point
from backend.foundation import clock
from backend.foundation.errors import Invalid

bp = APIBlueprint("clinics", __name__, url_prefix="/clinics", tag="坐诊")
_IN_SIGHT = timedelta(days=60)
_SPAN = timedelta(days=62)


@bp.get("")
@open_to_everybody
@bp.input(SearchInput, location="query")
@bp.output(ClinicsOut)
@bp.doc(summary="查找坐诊", description="无需登录。余号以数据库此刻为准；给出位置时，同一天内近的在前。")
def search(query_data: dict[str, Any]) -> Response:
    day_from, day_to = _days(query_data, _IN_SIGHT)
    longitude, latitude = query_data["longitude"], query_data["latitude"]
    filters = SearchFilters(
        day_from=day_from,
        day_to=day_to,
        site_id=query_data["site_id"],
        department=query_data["department"],
        expert=query_data["expert"],
        near=Point(longitude, latitude) if longitude is not None else None,
        only_free=query_data["only_free"],
    )
    return written(search_clinics(filters, page=query_data["page"], page_size=query_data["page_size"]))


@bp.get("/filters")
@open_to_everybody
@bp.output(FiltersOut)
@bp.doc(summary="可供查找的地点、科室、专家和日期", description="无需登录。今后60天内有坐诊的。")
def show_filters() -> Response:
    today = clock.today()
    return written(clinic_filters(today, today + _IN_SIGHT))


@bp.get("/mine")
@bp.input(MineInput, location="query")
@bp.output(OfficeClinicsOut)
@bp.doc(
    summary="本人或本单位的坐诊",
    description="专家看本人的，导诊台和院长看本院的，派出医院看所派专家的。",
    responses={403: "没有权限"},
)
def show_mine(query_data: dict[str, Any]) -> dict[str, Any]:
    day_from, day_to = _days(query_data, timedelta(days=14))
    if day_to - day_from > _SPAN:
        raise Invalid(fields={"day_to": [f"一次最多查看{_SPAN.days}天。"]})
    return {"items": describe_office_clinics(list_clinics(current_actor(), day_from, day_to))}


@bp.get("/<uuid:clinic_id>")
@open_to_everybody
@bp.output(ClinicOut)
@bp.doc(summary="一次坐诊", description="无需登录。停诊的，附原因和可改约的坐诊。")
def show(clinic_id: UUID) -> Response:
    return written(get_public_clinic(clinic_id))


def _days(query_data: dict[str, Any], span: timedelta) -> tuple[date, date]:
    day_from: date = query_data["day_from"] or clock.today()
    return day_from, query_data["day_to"] or day_from + span
