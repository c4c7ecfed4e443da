"""What a dispatch's page tells of leave, and of the days on which it rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from backend.domain.attendance.queries.leave import leaves_of, span_of_leave
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.queries import list_suspensions
from backend.domain.dispatch.service import days_to_cover


@dataclass(frozen=True)
class Rest:
    """Days on which a dispatch rests."""

    id: UUID
    first: date
    last: date
    reason: str
    substitute: Dispatch | None
    may_post: bool


def away(dispatch: Dispatch, *, sees_leave: bool, may_write: bool) -> dict[str, Any]:
    """Return what the template asks for."""
    return {
        "suspensions": [_rest(dispatch, suspension, may_write) for suspension in list_suspensions(dispatch.id)],
        "leaves": leaves_of(dispatch.id) if sees_leave else [],
        "span_of_leave": span_of_leave,
    }


def _rest(dispatch: Dispatch, suspension: Suspension, may_write: bool) -> Rest:
    first, after = suspension.during.lower or dispatch.starts_on, suspension.during.upper
    last = after - timedelta(days=1) if after else dispatch.ends_on
    cover = days_to_cover(suspension, dispatch)
    posted = suspension.substitute
    substitute = posted if posted is not None and posted.cancelled_at is None else None
    return Rest(suspension.id, first, last, suspension.reason, substitute, may_write and cover[0] <= cover[1])
