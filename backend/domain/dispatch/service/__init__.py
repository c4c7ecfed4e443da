"""Sending people, changing where and when, ending early, and posting substitutes."""

from backend.domain.dispatch.service.changes import (
    DispatchChange,
    cancel_dispatch,
    change_dispatch,
    end_dispatch_early,
    substitute_dispatch,
)
from backend.domain.dispatch.service.creation import DispatchDraft, create_dispatch, unmet_conditions_of

__all__ = [
    "DispatchChange",
    "DispatchDraft",
    "cancel_dispatch",
    "change_dispatch",
    "create_dispatch",
    "end_dispatch_early",
    "substitute_dispatch",
    "unmet_conditions_of",
]
