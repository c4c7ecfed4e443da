"""/correction-requests: mending a missing or wrong tap (补签)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.attendance import IdempotencyInput
from backend.api.schemas.requests import (
    CorrectionInput,
    CorrectionOut,
    CorrectionsOut,
    RejectionInput,
    RequestsInput,
    VersionInput,
)
from backend.domain.attendance.models.requests import CorrectionRequest
from backend.domain.attendance.queries.requests import get_correction, list_corrections, may_decide_correction
from backend.domain.attendance.rules.corrections import CorrectedTap
from backend.domain.attendance.rules.requests import REQUEST_STATUS_LABELS, RequestStatus
from backend.domain.attendance.rules.taps import KIND_LABELS
from backend.domain.attendance.service.corrections import (
    CorrectionDraft,
    cancel_correction,
    decide_correction,
    request_correction,
)
from backend.domain.dispatch.rules import SHIFT_LABELS
from backend.foundation import clock

bp = APIBlueprint("corrections", __name__, url_prefix="/correction-requests", tag="补签")
_CONFLICT = {403: "没有权限", 409: "当前状态不允许", 412: "内容已被他人修改"}


@bp.get("")
@bp.input(RequestsInput, location="query")
@bp.output(CorrectionsOut)
@bp.doc(summary="本人可见的补签申请", responses={403: "没有权限"})
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_corrections(current_actor(), **query_data)
    items = [_described(correction) for correction in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.post("")
@bp.input(IdempotencyInput, location="headers")
@bp.input(CorrectionInput)
@bp.output(CorrectionOut, status_code=201, description="已提交")
@bp.doc(
    summary="申请补签",
    description="次数和期限由支援医院按文件设定。重复提交（同一 Idempotency-Key 和内容）返回 200 和原申请。",
    responses={
        200: "同一次提交已收到过",
        403: "没有权限",
        404: "没有这次派驻",
        409: "不能补签这个班次，或该月考勤表已提交",
    },
)
def request(headers_data: dict[str, str], json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    draft = CorrectionDraft(
        dispatch_id=json_data["dispatch_id"],
        tap=CorrectedTap(
            duty_on=json_data["duty_on"],
            shift=json_data["shift"],
            kind=json_data["kind"],
            happened_at=clock.local(json_data["happened_at"]),
        ),
        reason=json_data["reason"],
    )
    requested = request_correction(current_actor(), draft, key=headers_data["key"])
    return _described(requested.correction), 200 if requested.repeated else 201


@bp.get("/<uuid:request_id>")
@bp.output(CorrectionOut)
@bp.doc(summary="一项补签申请", responses={403: "没有权限"})
def show(request_id: UUID) -> dict[str, Any]:
    return _described(get_correction(current_actor(), request_id))


@bp.post("/<uuid:request_id>/cancel")
@bp.input(VersionInput)
@bp.output(CorrectionOut)
@bp.doc(summary="撤销本人的补签申请", responses=_CONFLICT)
def cancel(request_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _described(cancel_correction(current_actor(), request_id, json_data["version"]))


@bp.post("/<uuid:request_id>/accept")
@bp.input(VersionInput)
@bp.output(CorrectionOut)
@bp.doc(summary="同意补签", responses=_CONFLICT)
def accept(request_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _described(decide_correction(current_actor(), request_id, json_data["version"], accept=True))


@bp.post("/<uuid:request_id>/reject")
@bp.input(RejectionInput)
@bp.output(CorrectionOut)
@bp.doc(summary="退回补签", responses=_CONFLICT)
def reject(request_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    version, reason = json_data["version"], json_data["reason"]
    return _described(decide_correction(current_actor(), request_id, version, accept=False, reason=reason))


def _described(correction: CorrectionRequest) -> dict[str, Any]:
    actor = current_actor()
    is_open = correction.status is RequestStatus.REQUESTED
    return {
        "id": correction.id,
        "dispatch_id": correction.dispatch_id,
        "person": correction.person,
        "recipient": correction.dispatch.recipient,
        "duty_on": correction.duty_on,
        "shift": correction.shift,
        "shift_label": SHIFT_LABELS[correction.shift],
        "kind": correction.kind,
        "kind_label": KIND_LABELS[correction.kind],
        "happened_at": correction.happened_at,
        "reason": correction.reason,
        "status": correction.status,
        "status_label": REQUEST_STATUS_LABELS[correction.status],
        "requested_at": correction.requested_at,
        "decided_at": correction.decided_at,
        "decided_by": correction.decided_by.name if correction.decided_by else None,
        "decision_reason": correction.decision_reason,
        "version": correction.version,
        "may_decide": may_decide_correction(actor, correction),
        "may_cancel": is_open and correction.person_id == actor.person_id,
    }
