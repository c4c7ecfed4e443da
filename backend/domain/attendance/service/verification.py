"""Looking a printed 考勤表 up by its code: what anybody with the paper in their hands may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from backend.domain.attendance.queries.signing import find_by_verification_code
from backend.domain.attendance.queries.timesheets import sheets_of
from backend.foundation import clock


@dataclass(frozen=True)
class Verified:
    """What a code stands for: no more than is needed to tell that a paper agrees with the record."""

    dispatch_id: UUID
    month: date
    recipient_name: str
    masked_name: str
    served: int  # half days
    countersigned_on: date


def find_verified(code: str) -> Verified | None:
    """Return what a tidy code stands for; None if no countersigned sheet carries it."""
    timesheet = find_by_verification_code(code) if code else None
    if timesheet is None or timesheet.countersigned_at is None:
        return None
    sheet = sheets_of([timesheet.dispatch_id], timesheet.month)[0]
    return Verified(
        dispatch_id=timesheet.dispatch_id,
        month=timesheet.month,
        recipient_name=sheet.dispatch.recipient.name,
        masked_name=masked_name(sheet.dispatch.person.name),
        served=sheet.figures.served,
        countersigned_on=clock.local(timesheet.countersigned_at).date(),
    )


def masked_name(name: str) -> str:
    """Return a name of which only its holder's acquaintances recognise whose it is: 吕**."""
    return name[:1] + "*" * max(1, len(name) - 1)
