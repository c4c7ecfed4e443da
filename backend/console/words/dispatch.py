"""What is called how of dispatches and their weekday halves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from backend.console.words.looks import state
from backend.domain.dispatch import rules as dispatches
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.dispatch.rules import SHIFT_LABELS, WEEKDAY_LABELS, DispatchState, Shift

_DISPATCHES = {
    DispatchState.PLANNED: "calm",
    DispatchState.CURRENT: "on",
    DispatchState.ENDED: "calm",
    DispatchState.CANCELLED: "bad",
}

ACTIONS: Mapping[str, str] = {
    "create_dispatch": "新建派驻",
    "change_dispatch": "修改派驻",
    "end_dispatch_early": "提前结束派驻",
    "cancel_dispatch": "取消派驻",
    "substitute_dispatch": "安排顶岗",
    "suspend_dispatch": "长假暂停派驻",
    "resume_dispatch": "撤销长假，恢复派驻",
    "post_substitute": "为长假安排顶岗",
}


def dispatch_state(value: DispatchState) -> Markup:
    """Return where a dispatch stands."""
    return state(dispatches.STATE_LABELS[value], _DISPATCHES[value])


def weekly_label(dispatch: Dispatch) -> str:
    """Return the halves that a dispatch claims in one line."""
    lines = pattern_lines(dispatch)
    return "；".join(lines) if len(lines) < 3 else f"{len(lines)}段安排"


def pattern_lines(dispatch: Dispatch) -> list[str]:
    """Return each claim of a dispatch: its days where it does not hold all along, and its weekday halves."""
    return [_pattern_line(dispatch, row) for row in sorted(dispatch.patterns, key=lambda row: str(row.during.lower))]


def _pattern_line(dispatch: Dispatch, row: DutyPattern) -> str:
    first = row.during.lower or dispatch.starts_on
    last = row.during.upper - timedelta(days=1) if row.during.upper else dispatch.ends_on
    if first == last:
        shifts = "、".join(SHIFT_LABELS[shift] for shift in row.pattern.shifts_on(first))
        return f"{first} 周{WEEKDAY_LABELS[first.weekday()]} {shifts}"
    if (first, last) == (dispatch.starts_on, dispatch.ends_on):
        return row.pattern.label()
    return f"{first} 至 {last}：{row.pattern.label()}"


NAMES: Mapping[str, Any] = {
    "shift_label": SHIFT_LABELS.__getitem__,
    "dispatch_state": dispatch_state,
    "dispatch_state_label": dispatches.STATE_LABELS.__getitem__,
    "dispatch_kind_label": dispatches.KIND_LABELS.__getitem__,
    "weekdays": WEEKDAY_LABELS,
    "shifts_of_a_day": tuple(Shift),
}

FILTERS: Mapping[str, Callable[..., Any]] = {"weekly_label": weekly_label, "pattern_lines": pattern_lines}
