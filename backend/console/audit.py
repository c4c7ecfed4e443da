"""The audit trail (操作记录): who did and read what, and how far it is sealed."""

from __future__ import annotations

from flask import Blueprint, render_template
from marshmallow import fields, validate

from backend.console.forms import Form, PageForm
from backend.console.gate import current_actor
from backend.console.words import ACTIONS
from backend.domain.accounts.queries import names_of
from backend.domain.audit.queries import count_unsealed, find_last_seal
from backend.domain.organisations.queries import list_audit_trail

bp = Blueprint("audit", __name__, url_prefix="/audit")
PAGE_SIZE = 100


class FiltersForm(PageForm):
    """What the trail is narrowed to."""

    action = fields.String(validate=validate.OneOf(list(ACTIONS)))


@bp.get("")
def show_trail() -> str:
    """Show the trail of the actor's organisation."""
    filters = Form.asked(FiltersForm())
    action = filters.data.get("action", "")
    page = list_audit_trail(current_actor(), action=action, page=filters.data["page"], page_size=PAGE_SIZE)
    return render_template(
        "audit/trail.html",
        page=page,
        action=action,
        actions=ACTIONS,
        names=names_of(event.person_id for event in page.items if event.person_id),
        seal=find_last_seal(),
        unsealed=count_unsealed(),
    )
