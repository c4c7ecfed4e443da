"""/me: who one is, in which role, and being bound to the roster."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.me import BindingInput, CurrentRoleInput, MeOut
from backend.domain.accounts import queries, service
from backend.domain.accounts.models import Account, RoleHolding
from backend.domain.accounts.rules import ROLE_LABELS, BindingStatus
from backend.foundation.actor import Actor
from backend.foundation.errors import Unauthenticated

bp = APIBlueprint("me", __name__, url_prefix="/me", tag="本人")


@bp.get("")
@bp.output(MeOut)
@bp.doc(summary="本人、身份、绑定状态")
def show() -> dict[str, Any]:
    return describe(current_actor())


@bp.put("/current-role")
@bp.input(CurrentRoleInput)
@bp.output(MeOut)
@bp.doc(summary="切换当前身份", responses=[403])
def switch_role(json_data: dict[str, Any]) -> dict[str, Any]:
    return describe(service.switch_role(current_actor(), json_data["role"], json_data["organisation_id"]))


@bp.post("/binding")
@bp.input(BindingInput)
@bp.output(MeOut, description="已绑定")
@bp.doc(
    summary="绑定花名册上的人员",
    responses={
        202: "已提交，等待医务科审核",
        403: "没有权限",
        409: "已绑定，或已提交申请",
        429: "尝试次数过多",
    },
)
def bind(json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    claim = service.Claim(
        phone_code=json_data["phone_code"],
        name=json_data["name"],
        identity_tail=json_data["identity_last4"].upper(),
        organisation_code=json_data.get("organisation_code"),
        staff_number=json_data.get("staff_number"),
    )
    actor = current_actor()
    status = service.bind_account(actor, claim)
    return describe(service.refreshed(actor)), 200 if status is BindingStatus.ACCEPTED else 202


def describe(actor: Actor) -> dict[str, Any]:
    """Return what `MeOut` shows of the one who acts."""
    account = queries.find_account(actor.account_id) if actor.account_id else None
    if account is None:
        raise Unauthenticated
    held = [_role(holding) for holding in queries.list_roles(account.person.id)] if account.person else []
    current = next(
        (one for one in held if (one["role"], one["organisation"].id) == (actor.role, actor.organisation_id)), None
    )
    return {
        "account_id": account.id,
        "person": account.person,
        "roles": held,
        "current_role": current,
        "binding": _binding(account),
    }


def _role(holding: RoleHolding) -> dict[str, Any]:
    return {"role": holding.role, "role_label": ROLE_LABELS[holding.role], "organisation": holding.organisation}


def _binding(account: Account) -> dict[str, str]:
    if account.person_id is not None:
        return {"state": "bound", "message": "已绑定。更换微信或手机号后，请在新微信上重新绑定，由医务科审核。"}
    request = queries.find_latest_binding_request(account.id)
    if request is not None and request.status is BindingStatus.REQUESTED:
        return {
            "state": "requested",
            "message": "绑定申请已提交，请联系本单位医务科审核，通过后即可使用。",
        }
    if request is not None and request.status is BindingStatus.REJECTED:
        return {
            "state": "rejected",
            "message": f"绑定申请已退回，原因：{request.reason} 请核对后重新提交。",
        }
    return {
        "state": "unbound",
        "message": "您还没有绑定花名册上的人员。派驻人员请授权手机号，并填写姓名和身份证后四位；患者无需绑定。",
    }
