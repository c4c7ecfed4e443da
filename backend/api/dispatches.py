"""/dispatches and /rotations: who is sent where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.dispatches import DispatchesInput, DispatchesOut, DispatchOut, RotationsOut
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import get_dispatch, list_dispatches, list_rotations
from backend.domain.dispatch.rules import KIND_LABELS, STATE_LABELS, state_on
from backend.foundation import clock

bp = APIBlueprint("dispatches", __name__, tag="派驻")


@bp.get("/dispatches")
@bp.input(DispatchesInput, location="query")
@bp.output(DispatchesOut)
@bp.doc(summary="本人可见的派驻", responses={403: "没有权限"})
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_dispatches(current_actor(), clock.today(), **query_data)
    items = [_described(dispatch) for dispatch in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.get("/dispatches/<uuid:dispatch_id>")
@bp.output(DispatchOut)
@bp.doc(summary="一次派驻", responses={403: "没有权限"})
def show(dispatch_id: UUID) -> dict[str, Any]:
    return _described(get_dispatch(current_actor(), dispatch_id))


@bp.get("/rotations")
@bp.output(RotationsOut)
@bp.doc(summary="本人可见的轮换批次", responses={403: "没有权限"})
def show_rotations() -> dict[str, Any]:
    return {"items": list_rotations(current_actor())}


def _described(dispatch: Dispatch) -> dict[str, Any]:
    today = clock.today()
    state = state_on(today, dispatch.starts_on, dispatch.ends_on, cancelled=dispatch.cancelled_at is not None)
    return {
        "id": dispatch.id,
        "kind": dispatch.kind,
        "kind_label": KIND_LABELS[dispatch.kind],
        "person": dispatch.person,
        "supporting": dispatch.supporting,
        "recipient": dispatch.recipient,
        "department": dispatch.department.name if dispatch.department else None,
        "starts_on": dispatch.starts_on,
        "ends_on": dispatch.ends_on,
        "state": state,
        "state_label": STATE_LABELS[state],
        "weekly": dispatch.weekly_label(today),
        "sites": dispatch.sites,
        "rotation": dispatch.rotation,
        "leads_team": dispatch.leads_team,
        "substitute_for_id": dispatch.substitute_for_id,
    }
