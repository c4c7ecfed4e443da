"""/notifications: the inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.notifications import NoticeOut, NoticesOut
from backend.api.schemas.strict import PageInput
from backend.domain.attendance.service.spot_check_answers import receive_open_spot_check
from backend.domain.notifications import queries, service

bp = APIBlueprint("notifications", __name__, url_prefix="/notifications", tag="通知")


@bp.get("")
@bp.input(PageInput, location="query")
@bp.output(NoticesOut)
@bp.doc(summary="本人的通知")
def show_all(query_data: dict[str, int]) -> dict[str, Any]:
    person_id = current_actor().person_id
    if person_id is None:
        return query_data | {"items": [], "total": 0, "unread": 0}
    receive_open_spot_check(current_actor())  # who reads that they are asked has been asked
    page = queries.list_notices(person_id, **query_data)
    return query_data | {"items": page.items, "total": page.total, "unread": queries.count_unread(person_id)}


@bp.post("/<uuid:notification_id>/read")
@bp.output(NoticeOut)
@bp.doc(summary="标为已读")
def read(notification_id: UUID) -> Any:
    return service.read_notice(current_actor(), notification_id)
