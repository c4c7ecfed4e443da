"""/leave-requests: leave (请假) of a dispatch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from backend.api.authentication import current_actor
from backend.api.files import file_response
from backend.api.schemas.requests import (
    LeaveInput,
    LeaveOut,
    LeavesOut,
    OptionalKeyInput,
    RejectionInput,
    RequestsInput,
    VersionInput,
)
from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.queries.leave import (
    decisions_on,
    get_leave,
    length_in,
    lengths_of,
    list_leaves,
    rights_to_leave,
    span_of_leave,
    without_proof,
)
from backend.domain.attendance.rules.leave import LeaveLength, LeaveSpan
from backend.domain.attendance.rules.requests import LEAVE_LABELS, REQUEST_STATUS_LABELS
from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.attendance.service.leave import (
    LeaveDraft,
    cancel_leave,
    grant_leave,
    read_leave_file,
    reject_leave,
    request_leave,
)

bp = APIBlueprint("leave", __name__, url_prefix="/leave-requests", tag="请假")
_CONFLICT = {403: "没有权限", 409: "当前状态不允许", 412: "内容已被他人修改"}


@bp.get("")
@bp.input(RequestsInput, location="query")
@bp.output(LeavesOut)
@bp.doc(summary="本人可见的请假", responses={403: "没有权限"})
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_leaves(current_actor(), **query_data)
    lengths = lengths_of(page.items)
    items = [_described(leave, lengths[leave.id]) for leave in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.post("")
@bp.input(OptionalKeyInput, location="headers")
@bp.input(LeaveInput)
@bp.output(LeaveOut, status_code=201, description="已提交")
@bp.doc(
    summary="请假",
    description="由受援单位审批；超过设定天数的，再由支援医院审批。"
    "带 Idempotency-Key 的重复提交（内容相同）返回 200 和原申请。",
    responses={
        200: "同一次提交已收到过",
        403: "没有权限",
        404: "没有这次派驻",
        409: "与其他请假重叠，或该月考勤表已提交",
    },
)
def request(headers_data: dict[str, Any], json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    span = LeaveSpan(json_data["starts_on"], json_data["starts_with"], json_data["ends_on"], json_data["ends_with"])
    draft = LeaveDraft(
        dispatch_id=json_data["dispatch_id"],
        kind=json_data["kind"],
        span=span,
        reason=json_data["reason"],
        attachment_ids=frozenset(json_data["attachment_ids"]),
    )
    asked = request_leave(current_actor(), draft, key=headers_data["key"])
    return _described(asked.leave), 200 if asked.repeated else 201


@bp.get("/<uuid:request_id>")
@bp.output(LeaveOut)
@bp.doc(summary="一项请假", responses={403: "没有权限"})
def show(request_id: UUID) -> dict[str, Any]:
    return _described(get_leave(current_actor(), request_id))


@bp.post("/<uuid:request_id>/cancel")
@bp.input(VersionInput)
@bp.output(LeaveOut)
@bp.doc(summary="撤销本人的请假：未审批的，或已同意但还没有开始的", responses=_CONFLICT)
def cancel(request_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _described(cancel_leave(current_actor(), request_id, json_data["version"]))


@bp.post("/<uuid:request_id>/accept")
@bp.input(VersionInput)
@bp.output(LeaveOut)
@bp.doc(summary="同意请假", responses=_CONFLICT)
def accept(request_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _described(grant_leave(current_actor(), request_id, json_data["version"]))


@bp.post("/<uuid:request_id>/reject")
@bp.input(RejectionInput)
@bp.output(LeaveOut)
@bp.doc(summary="退回请假", responses=_CONFLICT)
def reject(request_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _described(reject_leave(current_actor(), request_id, json_data["version"], reason=json_data["reason"]))


@bp.get("/<uuid:request_id>/attachments/<uuid:attachment_id>")
@bp.doc(summary="请假的附件；每次查看都有记录", responses={200: "文件本身", 403: "没有权限"})
def download(request_id: UUID, attachment_id: UUID) -> Response:
    return file_response(read_leave_file(current_actor(), request_id, attachment_id))


def _described(leave: LeaveRequest, length: LeaveLength | None = None) -> dict[str, Any]:
    span, rights = span_of_leave(leave), rights_to_leave(current_actor(), leave)
    length = length or length_in(leave.dispatch, span)
    return {
        "id": leave.id,
        "dispatch_id": leave.dispatch_id,
        "person": leave.person,
        "recipient": leave.dispatch.recipient,
        "kind": leave.kind,
        "kind_label": LEAVE_LABELS[leave.kind],
        "starts_on": span.starts_on,
        "starts_with": span.starts_with,
        "ends_on": span.ends_on,
        "ends_with": span.ends_with,
        "span_label": span.label,
        "days": days_text(length.halves),
        "reason": leave.reason,
        "needs_supporting": leave.needs_supporting,
        "is_long": leave.is_long,
        "status": leave.status,
        "status_label": REQUEST_STATUS_LABELS[leave.status],
        "decisions": decisions_on(leave),
        "decision_reason": leave.decision_reason,
        "attachments": leave.attachments,
        "without_proof": without_proof(leave, length),
        "requested_at": leave.requested_at,
        "version": leave.version,
        "may_decide": rights.may_grant,
        "may_reject": rights.may_reject,
        "may_cancel": rights.may_cancel,
    }
