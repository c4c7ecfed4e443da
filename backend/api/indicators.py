"""/indicators: what organisations report of themselves by month; never summed from activities."""

from __future__ import annotations

from datetime import date
from typing import Any

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.indicators import IndicatorInput, IndicatorOut, IndicatorsInput, IndicatorsOut
from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.queries.indicators import amount_of, get_reporting, list_indicators
from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount, exactly
from backend.domain.activities.rules.indicators import (
    INDICATOR_LABELS,
    INDICATOR_UNITS,
    AmountInvalid,
    Indicator,
    amount_label,
    read_amount,
)
from backend.domain.activities.service.indicators import set_indicator
from backend.domain.organisations.models import Organisation
from backend.foundation import clock
from backend.foundation.errors import Invalid

bp = APIBlueprint("indicators", __name__, url_prefix="/indicators", tag="业务指标")
_MONTHS = 36


@bp.get("")
@bp.input(IndicatorsInput, location="query")
@bp.output(IndicatorsOut)
@bp.doc(
    summary="各单位各月上报的业务指标",
    description=f"默认本年。没有上报的月份没有条目。一次最多{_MONTHS}个月。",
    responses={403: "没有权限", 404: "没有这个单位"},
)
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    today = clock.today()
    first = query_data["month_from"] or date(today.year, 1, 1)
    last = query_data["month_to"] or date(first.year, 12, 1)
    if not 0 <= (last.year - first.year) * 12 + last.month - first.month < _MONTHS:
        raise Invalid(fields={"to": [f"不能早于开始月份，一次最多查看{_MONTHS}个月。"]})
    rows = list_indicators(current_actor(), first, last, organisation_id=query_data["organisation_id"])
    return {"items": [_described(row.organisation, row.month, row.indicator, row) for row in rows]}


@bp.put("")
@bp.input(IndicatorInput)
@bp.output(IndicatorOut)
@bp.doc(
    summary="填报一个月的业务指标",
    description="value 或 value_label 填一个；value_label 为空即撤回，恢复为未报。首次填报不带 version。",
    responses={201: "首次填报", 403: "没有权限", 404: "没有这个单位", 412: "已被他人填报或修改"},
)
def enter(json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    actor, month, indicator = current_actor(), json_data["month"], json_data["indicator"]
    organisation_id, version = json_data["organisation_id"], json_data["version"]
    given = {"amount": _amount(json_data), "source": json_data["source"], "version": version}
    row = set_indicator(actor, organisation_id, month=month, indicator=indicator, **given)
    described = _described(get_reporting(actor, organisation_id), month, indicator, row)
    return described, 201 if row is not None and version is None else 200


def _amount(json_data: dict[str, Any]) -> Amount:
    value, said = json_data["value"], json_data["value_label"]
    if (value is None) is (said is None):
        raise Invalid(fields={"value": ["数值和文字请填一个，不能都填或都不填。"]})
    if said is None:
        return exactly(value)
    try:
        return read_amount(json_data["indicator"], said)
    except AmountInvalid as problem:
        raise Invalid(fields={"value_label": [str(problem)]}) from None


def _described(
    organisation: Organisation, month: date, indicator: Indicator, row: InstitutionIndicator | None
) -> dict[str, Any]:
    amount = amount_of(row) if row is not None else NOT_REPORTED
    return {
        "organisation": organisation,
        "month": f"{month:%Y-%m}",
        "indicator": indicator,
        "indicator_label": INDICATOR_LABELS[indicator],
        "unit": INDICATOR_UNITS[indicator],
        "value": amount.value,
        "at_least": amount.at_least,
        "about": amount.about,
        "label": amount_label(indicator, amount),
        "source": row.source if row else "",
        "entered_by": row.entered_by if row else None,
        "entered_at": row.entered_at if row else None,
        "version": row.version if row else None,
    }
