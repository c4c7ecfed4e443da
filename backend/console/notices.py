"""Notices (消息): what the person is told, unread ones first marked."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.forms import Form, PageForm
from backend.console.gate import current_actor
from backend.domain.notifications.queries.inbox import list_notices
from backend.domain.notifications.service.notices import read_notice
from backend.foundation.errors import Forbidden

bp = Blueprint("notices", __name__, url_prefix="/notices")
PAGE_SIZE = 30


@bp.get("")
def show_list() -> str:
    """Show the notices of the person."""
    actor = current_actor()
    if actor.person_id is None:
        raise Forbidden
    page = list_notices(actor, page=Form.asked(PageForm()).data["page"], page_size=PAGE_SIZE)
    return render_template("notices/list.html", page=page)


@bp.post("/<uuid:notice_id>/read")
def read(notice_id: UUID) -> Response:
    """Mark a notice as read."""
    read_notice(current_actor(), notice_id)
    return redirect(url_for("console.notices.show_list"))
