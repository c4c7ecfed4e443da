"""/subsidy-claims: what is due for a month, explained, handed in, decided one by one or many together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.claim_cards import describe_row, describe_whole, describe_why, sum_label
from backend.api.schemas.subsidy_claims import (
    ExplainedLineOut,
    SubsidiesTogetherInput,
    SubsidiesTogetherOut,
    SubsidyClaimOut,
    SubsidyClaimsInput,
    SubsidyClaimsOut,
    SubsidyReasonInput,
    SubsidySubmitInput,
    SubsidyVersionInput,
)
from backend.domain.subsidies.queries.claims import ClaimFilter, list_claims
from backend.domain.subsidies.queries.whole import whole_claim
from backend.domain.subsidies.queries.why import why
from backend.domain.subsidies.service.claims import (
    approve_claim,
    approve_together,
    reject_claim,
    return_claim,
    submit_claim,
)

bp = APIBlueprint("subsidy_claims", __name__, url_prefix="/subsidy-claims", tag="下乡补贴")
_DECISIONS = {403: "没有权限", 409: "当前状态不允许", 412: "内容已被他人修改"}


@bp.get("")
@bp.input(SubsidyClaimsInput, location="query")
@bp.output(SubsidyClaimsOut)
@bp.doc(
    summary="补贴申领列表",
    description="mine 为本人的；waiting 为当前身份现在可以审批的，须留意的在前。",
    responses={403: "没有权限"},
)
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page_of = {name: query_data.pop(name) for name in ("page", "page_size")}
    page = list_claims(current_actor(), ClaimFilter(**query_data), **page_of)
    items = [describe_row(row) for row in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.get("/<uuid:claim_id>")
@bp.output(SubsidyClaimOut)
@bp.doc(summary="一笔补贴申领", responses={403: "没有权限"})
def show(claim_id: UUID) -> dict[str, Any]:
    return describe_whole(whole_claim(current_actor(), claim_id))


@bp.get("/<uuid:claim_id>/lines/<uuid:line_id>")
@bp.output(ExplainedLineOut)
@bp.doc(
    summary="这一项为什么是这个数",
    description="计算时的考勤逐日列出，并附规则、依据文件、算式、票据和审批记录。",
    responses={403: "没有权限"},
)
def explain(claim_id: UUID, line_id: UUID) -> dict[str, Any]:
    return describe_why(why(current_actor(), claim_id, line_id))


@bp.post("/<uuid:claim_id>/submit")
@bp.input(SubsidySubmitInput)
@bp.output(SubsidyClaimOut)
@bp.doc(summary="提交本人的补贴申领", responses=_DECISIONS)
def submit(claim_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    submit_claim(current_actor(), claim_id, **json_data)
    return _of(claim_id)


@bp.post("/<uuid:claim_id>/approve")
@bp.input(SubsidyVersionInput)
@bp.output(SubsidyClaimOut)
@bp.doc(summary="同意补贴申领", description="最后一个环节同意后即待发放。", responses=_DECISIONS)
def approve(claim_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    approve_claim(current_actor(), claim_id, json_data["version"])
    return _of(claim_id)


@bp.post("/<uuid:claim_id>/return")
@bp.input(SubsidyReasonInput)
@bp.output(SubsidyClaimOut)
@bp.doc(summary="退回补贴申领", responses=_DECISIONS)
def give_back(claim_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return_claim(current_actor(), claim_id, **json_data)
    return _of(claim_id)


@bp.post("/<uuid:claim_id>/reject")
@bp.input(SubsidyReasonInput)
@bp.output(SubsidyClaimOut)
@bp.doc(summary="不予发放", responses=_DECISIONS)
def reject(claim_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    reject_claim(current_actor(), claim_id, **json_data)
    return _of(claim_id)


@bp.post("/approve")
@bp.input(SubsidiesTogetherInput)
@bp.output(SubsidiesTogetherOut)
@bp.doc(
    summary="一起同意补贴申领",
    description="逐笔判断，每笔要么整笔同意，要么留下并说明原因。",
    responses={403: "没有权限"},
)
def approve_many(json_data: dict[str, Any]) -> dict[str, Any]:
    report = approve_together(current_actor(), [(one["id"], one["version"]) for one in json_data["claims"]])
    return {
        "done": report.done,
        "left": [{"id": one.claim_id, "code": one.error.code, "message": one.error.text} for one in report.left],
        "done_total_fen": report.total_fen,
        "done_total_label": sum_label(report.total_fen),
    }


def _of(claim_id: UUID) -> dict[str, Any]:
    return describe_whole(whole_claim(current_actor(), claim_id))
