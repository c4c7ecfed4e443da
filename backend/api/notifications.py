"""/notifications: the inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.notifications import NoticeOut, NoticesOut, TemplatesInput, TemplatesOut
from backend.api.schemas.strict import PageInput
from backend.domain.attendance.service.spot_check_answers import receive_open_spot_check
from backend.domain.notifications.queries.grants import templates_to_ask_for
from backend.domain.notifications.queries.inbox import count_unread, list_notices
from backend.domain.notifications.rules.templates import Purpose
from backend.domain.notifications.service.notices import read_notice

bp = APIBlueprint("notifications", __name__, url_prefix="/notifications", tag="通知")


@bp.get("")
@bp.input(PageInput, location="query")
@bp.output(NoticesOut)
@bp.doc(summary="本人的通知")
def show_all(query_data: dict[str, int]) -> dict[str, Any]:
    actor = current_actor()
    receive_open_spot_check(actor)  # who reads that they are asked has been asked
    page = list_notices(actor, **query_data)
    return query_data | {"items": page.items, "total": page.total, "unread": count_unread(actor)}


@bp.post("/<uuid:notification_id>/read")
@bp.output(NoticeOut)
@bp.doc(summary="标为已读")
def read(notification_id: UUID) -> Any:
    return read_notice(current_actor(), notification_id)


@bp.get("/templates")
@bp.input(TemplatesInput, location="query")
@bp.output(TemplatesOut)
@bp.doc(summary="这次点击要请求订阅的消息模板，至多5个")
def show_templates(query_data: dict[str, Purpose]) -> dict[str, Any]:
    return {"template_ids": templates_to_ask_for(current_actor(), query_data["purpose"])}
