"""/delegations: who signs for a director, from when to when (授权代签)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.delegations import (
    CandidatesInput,
    CandidatesOut,
    DelegationInput,
    DelegationOut,
    DelegationsOut,
)
from backend.domain.accounts.queries import DelegationRow, list_candidates, list_delegations
from backend.domain.accounts.rules import DELEGATION_STATE_LABELS
from backend.domain.accounts.service import end_delegation, give_delegation

bp = APIBlueprint("delegations", __name__, url_prefix="/delegations", tag="授权代签")


@bp.get("")
@bp.output(DelegationsOut)
@bp.doc(summary="本单位的授权代签", responses={403: "没有权限"})
def show_all() -> dict[str, Any]:
    return {"items": [_described(row) for row in list_delegations(current_actor())]}


@bp.get("/candidates")
@bp.input(CandidatesInput, location="query")
@bp.output(CandidatesOut)
@bp.doc(summary="可以授权的人员", responses={403: "没有权限", 404: "没有这个单位"})
def show_candidates(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_candidates(current_actor(), **query_data)
    return {"items": page.items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.post("")
@bp.input(DelegationInput)
@bp.output(DelegationOut, status_code=201)
@bp.doc(summary="授权一个人代签", responses={403: "没有权限", 404: "没有这个人", 409: "该人员已有授权"})
def give(json_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    given = give_delegation(actor, **json_data)
    return next(_described(row) for row in list_delegations(actor) if row.id == given.id)


@bp.post("/<uuid:delegation_id>/end")
@bp.output({}, 204)
@bp.doc(summary="立即结束授权", responses={403: "没有权限", 409: "已经结束"})
def end(delegation_id: UUID) -> str:
    end_delegation(current_actor(), delegation_id)
    return ""


def _described(row: DelegationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.person,
        "organisation": row.organisation,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "state": row.state,
        "state_label": DELEGATION_STATE_LABELS[row.state],
        "given_by": row.given_by,
    }
