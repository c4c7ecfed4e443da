"""What states, places and events are called on a page: a file a concern, with the words of its audit actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.console.words import accounts, attendance_states, audit, dispatch, organisations, subsidy_rules
from backend.console.words.audit import ACTIONS
from backend.console.words.looks import state

__all__ = ["ACTIONS", "filters", "names", "state"]


def filters() -> dict[str, Callable[..., Any]]:
    """Return what templates call as filters."""
    return {
        **dispatch.FILTERS,
        **audit.FILTERS,
        **organisations.FILTERS,
        **subsidy_rules.FILTERS,
        "twice": twice,
        "in_fours": in_fours,
    }


def names() -> dict[str, Any]:
    """Return what templates call by name."""
    return {
        **accounts.NAMES,
        **dispatch.NAMES,
        **attendance_states.NAMES,
        **organisations.NAMES,
        **subsidy_rules.NAMES,
        "state": state,
    }


def twice(text: str) -> tuple[str, str]:
    """Return a choice that is called what it is."""
    return text, text


def in_fours(code: str) -> str:
    """Return a code as somebody copies it: in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
