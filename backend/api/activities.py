"""/activities: records of what one did (工作日志), written, handed in and read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from backend.api.activity_cards import describe_record, describe_records
from backend.api.authentication import current_actor
from backend.api.files import file_response
from backend.api.schemas.activities import (
    ActivitiesInput,
    ActivitiesOut,
    ActivityChangeInput,
    ActivityInput,
    ActivityOut,
    ActivityVersionInput,
    KindsOut,
    LastInput,
    LastOut,
)
from backend.api.schemas.attendance import IdempotencyInput
from backend.domain.activities.queries.last import last_values
from backend.domain.activities.queries.proofs import open_proof
from backend.domain.activities.queries.records import RecordFilter, get_record, list_records
from backend.domain.activities.rules.fields import Field
from backend.domain.activities.rules.kinds import GROUP_LABELS, KINDS, PROOF_LABELS, KindEntry
from backend.domain.activities.service.drafts import RecordDraft, create_record, discard_record, save_record
from backend.domain.activities.service.opening import open_record
from backend.domain.activities.service.submitting import recall_record, submit_record

bp = APIBlueprint("activities", __name__, url_prefix="/activities", tag="工作日志")
_STEP = {403: "没有权限", 409: "当前状态不允许", 412: "内容已被他人修改"}


@bp.get("/kinds")
@bp.output(KindsOut)
@bp.doc(summary="日志类别和各自的填写项", description="表单由此生成。")
def show_kinds() -> dict[str, Any]:
    groups = [
        {"group": group, "label": label, "kinds": [_kind(entry) for entry in KINDS.values() if entry.group is group]}
        for group, label in GROUP_LABELS.items()
    ]
    return {"groups": groups, "proofs": [{"proof": proof, "label": label} for proof, label in PROOF_LABELS.items()]}


@bp.get("/last")
@bp.input(LastInput, location="query")
@bp.output(LastOut)
@bp.doc(summary="本人上一条同类日志中可以沿用的内容")
def show_last(query_data: dict[str, Any]) -> dict[str, Any]:
    values, dispatch_id = last_values(current_actor(), query_data["kind"])
    return {"fields": values, "dispatch_id": dispatch_id}


@bp.get("")
@bp.input(ActivitiesInput, location="query")
@bp.output(ActivitiesOut)
@bp.doc(
    summary="可见的工作日志",
    description="草稿只有本人可见。不选状态时，不含已放弃、已被取代和已撤回的。",
    responses={403: "没有权限"},
)
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page_number, page_size = query_data.pop("page"), query_data.pop("page_size")
    page = list_records(current_actor(), RecordFilter(**query_data), page=page_number, page_size=page_size)
    items = describe_records(page.items)
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.post("")
@bp.input(IdempotencyInput, location="headers")
@bp.input(ActivityInput)
@bp.output(ActivityOut, status_code=201, description="已保存")
@bp.doc(
    summary="记一条工作日志",
    description="草稿可以不完整。离线时记下的，联网后以原来的 Idempotency-Key 补发；"
    "同一键和内容再次发送，返回 200 和原来的日志。提交时微信内容检查不可用的，存为草稿（held）。",
    responses={200: "同一条已收到过", 403: "没有权限", 404: "没有这次派驻或这个文件"},
)
def create(headers_data: dict[str, str], json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    actor = current_actor()
    written = create_record(
        actor,
        json_data["kind"],
        _draft(json_data),
        key=headers_data["key"],
        dispatch_id=json_data.get("dispatch_id"),
        submit=json_data["submit"],
    )
    return describe_record(actor, written.record), 200 if written.repeated else 201


@bp.get("/<uuid:record_id>")
@bp.output(ActivityOut)
@bp.doc(summary="一条工作日志", description="他人查看含患者信息的日志，会留下记录。", responses={403: "没有权限"})
def show(record_id: UUID) -> dict[str, Any]:
    actor = current_actor()
    return describe_record(actor, open_record(actor, record_id))


@bp.put("/<uuid:record_id>")
@bp.input(ActivityChangeInput)
@bp.output(ActivityOut)
@bp.doc(summary="修改草稿或退回的日志", responses=_STEP)
def change(record_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    keeps = "department_id" not in json_data
    draft = _draft(json_data)
    return describe_record(actor, save_record(actor, record_id, draft, json_data["version"], keep_department=keeps))


@bp.post("/<uuid:record_id>/submit")
@bp.input(ActivityVersionInput)
@bp.output(ActivityOut)
@bp.doc(
    summary="提交工作日志",
    description="文字先由微信检查。检查不可用的仍为草稿，并说明原因（held）。",
    responses=_STEP,
)
def submit(record_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    actor = current_actor()
    submit_record(actor, record_id, json_data["version"])
    return describe_record(actor, get_record(actor, record_id))


@bp.post("/<uuid:record_id>/recall")
@bp.input(ActivityVersionInput)
@bp.output(ActivityOut)
@bp.doc(summary="撤回待会签的日志", responses=_STEP)
def recall(record_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    actor = current_actor()
    recall_record(actor, record_id, json_data["version"])
    return describe_record(actor, get_record(actor, record_id))


@bp.post("/<uuid:record_id>/discard")
@bp.input(ActivityVersionInput)
@bp.output({}, status_code=204, description="已放弃")
@bp.doc(summary="放弃草稿或退回的日志", responses=_STEP)
def discard(record_id: UUID, json_data: dict[str, int]) -> tuple[str, int]:
    discard_record(current_actor(), record_id, json_data["version"])
    return "", 204


@bp.get("/<uuid:record_id>/files/<uuid:attachment_id>")
@bp.doc(summary="日志的一个文件", responses={200: "文件本身", 403: "没有权限"})
def show_file(record_id: UUID, attachment_id: UUID) -> Response:
    return file_response(open_proof(current_actor(), record_id, attachment_id))


def _draft(said: dict[str, Any]) -> RecordDraft:
    return RecordDraft(
        occurred_on=said["occurred_on"],
        fields=said["fields"],
        files=tuple((file["attachment_id"], file["proof"]) for file in said["files"]),
        department_id=said.get("department_id"),
    )


def _kind(entry: KindEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "label": entry.label,
        "unit": entry.unit,
        "quantity": entry.quantity,
        "person_times": entry.person_times,
        "title": entry.title,
        "proofs": [{"proof": proof, "label": PROOF_LABELS[proof]} for proof in entry.proofs],
        "fields": [_field(field) for field in entry.fields],
    }


def _field(field: Field) -> dict[str, Any]:
    choices = [{"value": value, "label": label} for value, label in field.choices.items()]
    return {name: getattr(field, name) for name in _FIELD} | {"choices": choices}


_FIELD = ("name", "label", "kind", "required", "maximum", "unit", "clinical", "remembered", "hint")
