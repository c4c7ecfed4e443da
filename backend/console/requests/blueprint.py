"""The blueprint of all pages about requests."""

from __future__ import annotations

from flask import Blueprint

from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource

bp = Blueprint("requests", __name__, url_prefix="/requests")
PAGE_SIZE = 50


@bp.context_processor
def _in_sight() -> dict[str, bool]:
    """Tell what lies beyond these pages: a deputy decides requests, and sees no dispatches."""
    return {"sees_dispatches": may_as_office(current_actor(), Action.READ, Resource.DISPATCH)}
