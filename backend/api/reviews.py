"""/check-ins/exceptions, and what people say about a tap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.attendance import describe_tap
from backend.api.authentication import current_actor
from backend.api.schemas.attendance import TapOut
from backend.api.schemas.reviews import (
    ConfirmationInput,
    ExceptionsInput,
    ExceptionsOut,
    ExplanationInput,
    JudgementInput,
)
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.exceptions import list_exceptions, may_confirm, may_judge
from backend.domain.attendance.service.reviews import confirm_presence, explain_tap, judge_tap

bp = APIBlueprint("reviews", __name__, url_prefix="/check-ins", tag="异常核实")
_REFUSALS = {403: "没有权限", 409: "当前状态不允许，或该月考勤表已会签", 412: "内容已被他人修改"}


@bp.get("/exceptions")
@bp.input(ExceptionsInput, location="query")
@bp.output(ExceptionsOut)
@bp.doc(summary="本人可见的异常签到", responses={403: "没有权限"})
def show_exceptions(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_exceptions(current_actor(), **query_data)
    items = [_described(check_in) for check_in in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.post("/<uuid:check_in_id>/explain")
@bp.input(ExplanationInput)
@bp.output(TapOut)
@bp.doc(summary="说明本人的一次签到", responses={403: "没有权限", 409: "已判定"})
def explain(check_in_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return describe_tap(explain_tap(current_actor(), check_in_id, json_data["text"]))


@bp.post("/<uuid:check_in_id>/confirm")
@bp.input(ConfirmationInput)
@bp.output(TapOut)
@bp.doc(summary="现场确认是否在岗", description="还没有人核实过时，version 为 0。", responses=_REFUSALS)
def confirm(check_in_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return describe_tap(confirm_presence(current_actor(), check_in_id, json_data["version"], json_data["confirmation"]))


@bp.post("/<uuid:check_in_id>/judge")
@bp.input(JudgementInput)
@bp.output(TapOut)
@bp.doc(summary="判定是否认定", description="还没有人核实过时，version 为 0。", responses=_REFUSALS)
def judge(check_in_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    version, judgement, reason = json_data["version"], json_data["judgement"], json_data["reason"]
    return describe_tap(judge_tap(current_actor(), check_in_id, version, judgement, reason=reason))


def _described(check_in: CheckIn) -> dict[str, Any]:
    actor, dispatch = current_actor(), check_in.dispatch
    return describe_tap(check_in) | {
        "person": dispatch.person,
        "recipient": dispatch.recipient,
        "may_confirm": may_confirm(actor, check_in),
        "may_judge": may_judge(actor, check_in),
    }
