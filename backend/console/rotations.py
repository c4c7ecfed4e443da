"""Rotations (批次轮换): how each batch covers its recipients, in advance and afterwards, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from backend.console.gate import current_actor
from backend.console.words import state
from backend.domain.attendance.queries.cover import CoveredDay, TeamCover, cover_of_rotation
from backend.domain.attendance.rules.cover import COVER_LABELS, CoverState
from backend.domain.attendance.rules.requests import LEAVE_LABELS
from backend.domain.attendance.rules.timesheets import last_of_month
from backend.domain.dispatch.queries import list_rotations
from backend.foundation import clock

bp = Blueprint("rotations", __name__, url_prefix="/rotations")
_LOOKS = {
    CoverState.DUE: "calm",
    CoverState.SERVED: "good",
    CoverState.DOUBTFUL: "warn",
    CoverState.PENDING: "calm",
    CoverState.UNPLANNED: "bad",
    CoverState.ALL_AWAY: "bad",
    CoverState.NOBODY_CAME: "missing",
    CoverState.FREE: "calm",
    CoverState.NOT_LOADED: "calm",
}


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "cover_state": lambda value: state(COVER_LABELS[value], _LOOKS[value]),
        "cover_label": COVER_LABELS.__getitem__,
        "leave_label": LEAVE_LABELS.__getitem__,
    }


@bp.get("")
def show_list() -> str:
    """Show the rotations that the actor may read."""
    return render_template("rotations/list.html", rotations=list_rotations(current_actor()))


@bp.get("/<uuid:rotation_id>")
def show(rotation_id: UUID) -> str:
    """Show a rotation with its cover, one month of it day by day."""
    rotation, covers = cover_of_rotation(current_actor(), rotation_id)
    first, last = _reach(covers)
    month = _month_asked(first, last)
    return render_template(
        "rotations/one.html",
        rotation=rotation,
        covers=covers,
        today=clock.today(),
        month=month,
        before=_neighbour(month - timedelta(days=1), first, last),
        after=_neighbour(last_of_month(month) + timedelta(days=1), first, last),
        weeks=[_weeks(cover.days, month) for cover in covers],
    )


def _reach(covers: Iterable[TeamCover]) -> tuple[date, date]:
    days = [day.day for cover in covers for day in cover.days] or [clock.today()]
    return min(days), max(days)


def _month_asked(first: date, last: date) -> date:
    """Return the first day of the month asked for: the one nearest to today unless told otherwise."""
    try:
        month = date.fromisoformat(request.args.get("month", "") + "-01")
    except ValueError:
        month = date.min
    if not first.replace(day=1) <= month <= last:
        month = min(max(clock.today(), first), last).replace(day=1)
    return month


def _neighbour(day: date, first: date, last: date) -> str | None:
    return day.strftime("%Y-%m") if first.replace(day=1) <= day.replace(day=1) <= last else None


def _weeks(days: Iterable[CoveredDay], month: date) -> list[list[CoveredDay | None]]:
    """Return the days of a month by weeks from Monday to Sunday, filled up with None."""
    within = [day for day in days if month <= day.day <= last_of_month(month)]
    if not within:
        return []
    cells: list[CoveredDay | None] = [None] * within[0].day.weekday() + list(within)
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]
