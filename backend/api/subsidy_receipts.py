"""/subsidy-receipts: tickets and invoices of return fares (路费票据)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from backend.api.authentication import current_actor
from backend.api.files import file_response
from backend.api.schemas.requests import OptionalKeyInput
from backend.api.schemas.subsidy_receipts import (
    SubsidyReceiptInput,
    SubsidyReceiptOut,
    SubsidyReceiptsInput,
    SubsidyReceiptsOut,
)
from backend.domain.subsidies.models.claims import SubsidyReceipt
from backend.domain.subsidies.queries.receipts import claims_of, list_receipts, may_withdraw
from backend.domain.subsidies.service.receipts import ReceiptDraft, add_receipt, read_receipt_file, withdraw_receipt
from backend.foundation.money import yuan

bp = APIBlueprint("subsidy_receipts", __name__, url_prefix="/subsidy-receipts", tag="下乡补贴")


@bp.get("")
@bp.input(SubsidyReceiptsInput, location="query")
@bp.output(SubsidyReceiptsOut)
@bp.doc(summary="一次派驻的路费票据", responses={403: "没有权限", 404: "没有这次派驻"})
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_receipts(current_actor(), query_data.pop("dispatch_id"), **query_data)
    return {
        "items": describe_receipts(list(page.items)),
        "page": page.page,
        "page_size": page.page_size,
        "total": page.total,
    }


@bp.post("")
@bp.input(OptionalKeyInput, location="headers")
@bp.input(SubsidyReceiptInput)
@bp.output(SubsidyReceiptOut, status_code=201, description="已登记")
@bp.doc(
    summary="登记路费票据",
    description="金额以元填写，最多两位小数。有未提交的申领时计入申领，否则等下一次。"
    "带 Idempotency-Key 的重复提交（内容相同）返回 200 和原票据。",
    responses={
        200: "同一次提交已收到过",
        403: "没有权限",
        404: "没有这次派驻",
        409: "不在派驻期内、号码已登记，或本周期已提交",
    },
)
def add(headers_data: dict[str, Any], json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    dispatch_id = json_data.pop("dispatch_id")
    added = add_receipt(current_actor(), dispatch_id, ReceiptDraft(**json_data), key=headers_data["key"])
    return describe_receipts([added.receipt])[0], 200 if added.repeated else 201


@bp.delete("/<uuid:receipt_id>")
@bp.output({}, status_code=204, description="已撤回")
@bp.doc(summary="撤回本人的票据：未计入申领，或申领还没有提交的", responses={403: "没有权限", 409: "已随申领提交"})
def withdraw(receipt_id: UUID) -> str:
    withdraw_receipt(current_actor(), receipt_id)
    return ""


@bp.get("/<uuid:receipt_id>/attachment")
@bp.doc(summary="票据的照片；每次查看都有记录", responses={200: "文件本身", 403: "没有权限"})
def download(receipt_id: UUID) -> Response:
    return file_response(read_receipt_file(current_actor(), receipt_id))


def describe_receipts(receipts: list[SubsidyReceipt]) -> list[dict[str, Any]]:
    """Return what `SubsidyReceiptOut` shows of each, as far as the actor may do something with it."""
    actor, claims = current_actor(), claims_of(receipts)
    return [
        {
            "id": receipt.id,
            "dispatch_id": receipt.dispatch_id,
            "number": receipt.number,
            "spent_on": receipt.spent_on,
            "amount_fen": receipt.amount_fen,
            "amount_label": f"{yuan(receipt.amount_fen)}元",
            "journey": receipt.journey,
            "attachment_id": receipt.attachment_id,
            "state": "in_claim" if receipt.id in claims else "waiting",
            "claim_id": claims[receipt.id][0] if receipt.id in claims else None,
            "may_withdraw": may_withdraw(actor, receipt, claims[receipt.id][1] if receipt.id in claims else None),
        }
        for receipt in receipts
    ]
