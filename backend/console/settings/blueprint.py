"""The blueprint of settings, whose they are, and who may set them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint

from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource, may
from backend.domain.organisations.queries import parties_to_own

bp = Blueprint("settings", __name__, url_prefix="/settings")


def may_write(organisation_id: UUID) -> bool:
    """Tell whether the one who asks may set something there."""
    actor = current_actor()
    return may(actor.role, Action.WRITE, Resource.SETTING, parties_to_own(actor, organisation_id))
