"""What each record adds to a figure: the same measures, row by row, of which the roll-up keeps the sums."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Date, DateTime, and_, case, cast, func, or_

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.statuses import STANDINGS, RecordStatus, Standing
from backend.domain.organisations.queries import pair_scope, require_list_right
from backend.foundation.actor import Actor

COUNTED: Final = tuple(status for status, standing in STANDINGS.items() if standing is not Standing.WAITING)
_is_counted = ActivityRecord.status.in_(COUNTED)


def measures_of_records() -> dict[str, ColumnElement[Any]]:
    """Return what one record adds to each measure."""
    return {
        "records": _one_where(_is_counted),
        "imported": _one_where(ActivityRecord.status == RecordStatus.IMPORTED),
        "waiting": _one_where(ActivityRecord.status == RecordStatus.SUBMITTED),
        **_said("quantity"),
        **_said("person_times"),
    }


def enters_figures() -> ColumnElement[bool]:
    """Return the condition that keeps the records which enter a figure, or wait beside one."""
    return ActivityRecord.status.in_(list(STANDINGS))


def month_of_record() -> ColumnElement[Any]:
    """Return the first day of the month in which a record lies."""
    return cast(func.date_trunc("month", cast(ActivityRecord.occurred_on, DateTime)), Date)


def sees_only_own(actor: Actor) -> bool:
    """Tell whether the current role has no figures but one's own.

    Raises:
        Forbidden: it has none at all.
    """
    return require_list_right(actor, Action.READ, Resource.ACTIVITY) == {Party.SELF}


def figure_scope(actor: Actor, rows: Any) -> ColumnElement[bool]:
    """Return the condition that keeps what counts in the actor's figures: their hospitals', or else their own.

    What somebody of an office did elsewhere is no figure of the office's, though they may read it.

    Raises:
        Forbidden: the current role has no figures.
    """
    person = rows.person_id if sees_only_own(actor) else None
    return pair_scope(
        actor, Resource.ACTIVITY, supporting=rows.supporting_id, recipient=rows.recipient_id, person=person
    )


def with_hospital(rows: Any, organisation_id: UUID) -> ColumnElement[bool]:
    """Return the condition that keeps rows of which an organisation is the recipient or the supporting hospital."""
    return or_(rows.recipient_id == organisation_id, rows.supporting_id == organisation_id)


def _said(name: str) -> dict[str, ColumnElement[Any]]:
    value, at_least, about = (getattr(ActivityRecord, f"{name}{part}") for part in ("", "_at_least", "_about"))
    reported = and_(_is_counted, value.is_not(None))
    return {
        name: cast(case((reported, value), else_=0), BigInteger),
        f"{name}_reported": _one_where(reported),
        f"{name}_at_least": _one_where(reported & at_least),
        f"{name}_about": _one_where(reported & about),
    }


def _one_where(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((condition, 1), else_=0)
