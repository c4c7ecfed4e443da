"""/activities, for who countersigns: what waits, signed one by one or many, given back; and amended by its author."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.activity_cards import describe_record, describe_records
from backend.api.authentication import current_actor
from backend.api.schemas.activities import ActivityOut, ActivityVersionInput
from backend.api.schemas.activity_signing import (
    ActivitiesTogetherInput,
    ActivitiesTogetherOut,
    ActivityReturnInput,
    WaitingActivitiesOut,
)
from backend.api.schemas.strict import PageInput
from backend.domain.activities.queries.records import get_record
from backend.domain.activities.queries.waiting import Beside, list_waiting
from backend.domain.activities.rules.oddities import ODDITY_LABELS
from backend.domain.activities.rules.presence import PRESENCE_LABELS
from backend.domain.activities.service.amendments import amend_record
from backend.domain.activities.service.countersigning import countersign_record, countersign_records, return_record

bp = APIBlueprint("activity_signing", __name__, url_prefix="/activities", tag="工作日志会签")
_DECISIONS = {403: "没有权限", 409: "当前状态不允许", 412: "内容已被他人修改"}


@bp.get("/waiting")
@bp.input(PageInput, location="query")
@bp.output(WaitingActivitiesOut)
@bp.doc(
    summary="待本人会签的工作日志",
    description="每条旁为当天考勤；odd 不为空的须单独打开，不能一起会签。",
    responses={403: "没有权限"},
)
def show_waiting(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_waiting(current_actor(), **query_data)
    cards = describe_records([waiting.record for waiting in page.items])
    items = [card | _described(waiting.beside) for card, waiting in zip(cards, page.items, strict=True)]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.post("/countersign")
@bp.input(ActivitiesTogetherInput)
@bp.output(ActivitiesTogetherOut)
@bp.doc(
    summary="一起会签工作日志",
    description="逐条判断；须留意的、已改变的留下，并说明原因。",
    responses={403: "没有权限"},
)
def countersign_together(json_data: dict[str, Any]) -> dict[str, Any]:
    done, left = countersign_records(current_actor(), [(one["id"], one["version"]) for one in json_data["records"]])
    refused = [{"id": one.record_id, "code": one.error.code, "message": one.error.text} for one in left]
    return {"done": [record.id for record in done], "left": refused}


@bp.post("/<uuid:record_id>/countersign")
@bp.input(ActivityVersionInput)
@bp.output(ActivityOut)
@bp.doc(summary="会签工作日志", responses=_DECISIONS)
def countersign(record_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    countersign_record(current_actor(), record_id, json_data["version"])
    return _of(record_id)


@bp.post("/<uuid:record_id>/return")
@bp.input(ActivityReturnInput)
@bp.output(ActivityOut)
@bp.doc(summary="退回工作日志", responses=_DECISIONS)
def give_back(record_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return_record(current_actor(), record_id, json_data["version"], reason=json_data["reason"])
    return _of(record_id)


@bp.post("/<uuid:record_id>/amend")
@bp.output(ActivityOut, status_code=201, description="已建立更正版本")
@bp.doc(
    summary="更正已会签的工作日志",
    description="新版本为草稿；它会签之前，原版本照旧有效。",
    responses={403: "没有权限", 409: "当前状态不允许"},
)
def amend(record_id: UUID) -> tuple[dict[str, Any], int]:
    return _of(amend_record(current_actor(), record_id).id), 201


def _of(record_id: UUID) -> dict[str, Any]:
    actor = current_actor()
    return describe_record(actor, get_record(actor, record_id))


def _described(beside: Beside) -> dict[str, Any]:
    return {
        "presence": {"code": beside.presence, "label": PRESENCE_LABELS[beside.presence]},
        "odd": [{"code": oddity, "text": ODDITY_LABELS[oddity]} for oddity in beside.oddities],
    }
