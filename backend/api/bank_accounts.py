"""/me/bank-account: where one is paid; the number is never given out again."""

from __future__ import annotations

from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response, jsonify

from backend.api.authentication import current_actor
from backend.api.schemas.bank_accounts import BankAccountInput, BankAccountOut
from backend.domain.subsidies.queries.bank_accounts import find_bank_account
from backend.domain.subsidies.service.bank_accounts import set_bank_account

bp = APIBlueprint("bank_accounts", __name__, url_prefix="/me/bank-account", tag="补贴发放")

_SHOWN: Final[dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]] = {
    200: {
        "description": "没有登记过的为null",
        "content": {
            "application/json": {"schema": {"nullable": True, "allOf": [{"$ref": "#/components/schemas/BankAccount"}]}}
        },
    },
    403: {"description": "不在名册上"},
}


@bp.get("")
@bp.doc(summary="本人的收款账号（掩码）", responses=_SHOWN)
def show() -> Response:
    actor = current_actor()
    account = find_bank_account(actor, actor.person_id)
    return jsonify(None if account is None else BankAccountOut().dump(account))


@bp.put("")
@bp.input(BankAccountInput)
@bp.output(BankAccountOut)
@bp.doc(
    summary="登记或更换本人的收款账号",
    description="已在发放中的款项仍付到原账号。",
    responses={403: "不在名册上", 412: "已被他人修改"},
)
def put(json_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    account = set_bank_account(actor, actor.person_id, **json_data)
    return {
        "bank": account.bank,
        "number_masked": account.number_masked,
        "changed_at": account.changed_at,
        "version": account.version,
    }
