"""Reading dispatches, duties, rotations, and the organisations in sight."""

from backend.domain.dispatch.queries.dispatches import get_dispatch, in_state, list_dispatches, visible_dispatches
from backend.domain.dispatch.queries.duties import (
    dispatches_of,
    find_conflicting_claim,
    find_duty,
    find_next_duty,
    on_duty,
)
from backend.domain.dispatch.queries.rotations import RotationAt, list_rotations, rotation_at_recipients
from backend.domain.dispatch.queries.sight import (
    get_visible_organisation,
    list_visible_organisations,
    visible_organisations,
)
from backend.domain.dispatch.queries.suspensions import get_suspension, is_suspended, list_suspensions

__all__ = [
    "RotationAt",
    "dispatches_of",
    "find_conflicting_claim",
    "find_duty",
    "find_next_duty",
    "get_dispatch",
    "get_suspension",
    "get_visible_organisation",
    "in_state",
    "is_suspended",
    "list_dispatches",
    "list_rotations",
    "list_suspensions",
    "list_visible_organisations",
    "on_duty",
    "rotation_at_recipients",
    "visible_dispatches",
    "visible_organisations",
]
