"""Sending people, changing where and when, ending early, and posting substitutes."""

from backend.domain.dispatch.service.changes import (
    DispatchChange,
    cancel_dispatch,
    change_dispatch,
    end_dispatch_early,
    substitute_dispatch,
)
from backend.domain.dispatch.service.creation import DispatchDraft, create_dispatch, unmet_conditions_of
from backend.domain.dispatch.service.suspensions import (
    days_to_cover,
    lift_suspensions,
    post_substitute,
    suspend_dispatch,
)

__all__ = [
    "DispatchChange",
    "DispatchDraft",
    "cancel_dispatch",
    "change_dispatch",
    "create_dispatch",
    "days_to_cover",
    "end_dispatch_early",
    "lift_suspensions",
    "post_substitute",
    "substitute_dispatch",
    "suspend_dispatch",
    "unmet_conditions_of",
]
