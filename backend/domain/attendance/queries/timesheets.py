"""Reading timesheets: a month's list, one whole, and what still stands in the way of handing one in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Person
from backend.domain.attendance.concluding import Concluded, read_standings
from backend.domain.attendance.errors.timesheets import TimesheetNotFound
from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import (
    EXCEPTIONS,
    Figures,
    Standing,
    TimesheetStatus,
    figures_of,
    last_of_month,
)
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import find_settings, pair_scope, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page

HANDED_IN = frozenset({TimesheetStatus.SUBMITTED, TimesheetStatus.COUNTERSIGNED})


@dataclass(frozen=True)
class Sheet:
    """A dispatch's month: its row once it was handed in, its lines with amendments laid over them, its figures."""

    dispatch: Dispatch
    month: date
    timesheet: Timesheet | None
    lines: tuple[Concluded, ...]
    amended: frozenset[tuple[date, Shift]] = frozenset()
    needs_scan: bool = False  # a programme asks for the scan of the signed paper

    @property
    def status(self) -> TimesheetStatus:
        return self.timesheet.status if self.timesheet else TimesheetStatus.DRAFT

    @property
    def version(self) -> int:
        """Count the changes of the row; 0 before there is one."""
        return self.timesheet.version if self.timesheet else 0

    @property
    def figures(self) -> Figures:
        return figures_of(self.lines)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing in it needs a person's eye."""
        return not any(line.standing in EXCEPTIONS or line.standing is Standing.OPEN for line in self.lines)

    @property
    def has_doubts(self) -> bool:
        return any(line.standing is Standing.IN_DOUBT for line in self.lines)


def timesheet_scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that keeps the dispatches whose timesheets the actor may read.

    Raises:
        Forbidden: the current role may read none.
    """
    return pair_scope(
        actor,
        Resource.TIMESHEET,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        person=Dispatch.person_id,
    )


def in_month(month: date) -> ColumnElement[bool]:
    """Return the condition that keeps the dispatches with a day in a month."""
    return and_(Dispatch.cancelled_at.is_(None), Dispatch.starts_on <= last_of_month(month), Dispatch.ends_on >= month)


def list_timesheets(
    actor: Actor,
    month: date,
    *,
    status: TimesheetStatus | None = None,
    text: str = "",
    recipient_id: UUID | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Page[Sheet]:
    """Return the sheets of a month that the actor may read, those handed in or not, in five statements at most.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = _of_month(month).where(timesheet_scope(actor))
    if status is TimesheetStatus.DRAFT:
        statement = statement.where(or_(Timesheet.id.is_(None), Timesheet.status == status))
    elif status is not None:
        statement = statement.where(Timesheet.status == status)
    if recipient_id is not None:
        statement = statement.where(Dispatch.recipient_id == recipient_id)
    if text:
        statement = statement.where(
            or_(Person.name.contains(text, autoescape=True), Person.staff_number.istartswith(text, autoescape=True))
        )
    total = func.count().over().label("total")
    ordered = statement.add_columns(total).order_by(Dispatch.recipient_id, Person.staff_number, Dispatch.id)
    rows = db.session.execute(ordered.limit(page_size).offset((page - 1) * page_size)).unique().all()
    sheets = _sheets([(dispatch, timesheet) for dispatch, timesheet, _total in rows], month)
    if not rows and page > 1:
        counted = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    else:
        counted = rows[0].total if rows else 0
    return Page(sheets, page, page_size, counted)


def sheets_of(dispatch_ids: Collection[UUID], month: date) -> list[Sheet]:
    """Return the sheets of these dispatches for a month, without asking who reads."""
    return _sheets_where(month, Dispatch.id.in_(list(dispatch_ids)))


def find_sheets(actor: Actor, month: date, timesheet_ids: Collection[UUID]) -> list[Sheet]:
    """Return those of these timesheets of a month that the actor may read.

    Raises:
        Forbidden: the current role may read none.
    """
    return _sheets_where(month, timesheet_scope(actor), Timesheet.id.in_(list(timesheet_ids)))


def recipients_in_month(actor: Actor, month: date) -> list[Organisation]:
    """Return where those were sent whose timesheets of a month the actor may read.

    Raises:
        Forbidden: the current role may read none.
    """
    sent_to = select(Dispatch.recipient_id).where(in_month(month), timesheet_scope(actor))
    statement = select(Organisation).where(Organisation.id.in_(sent_to))
    return list(db.session.scalars(statement.order_by(Organisation.code)))


def get_sheet(actor: Actor, dispatch_id: UUID, month: date, action: Action = Action.READ) -> Sheet:
    """Return the sheet of a dispatch for a month, whole, on which the actor may act so.

    Raises:
        TimesheetNotFound: there is no such dispatch or it has no day in that month, or it lies outside the actor's
            organisations.
        Forbidden: the current role has no such right.
    """
    found = sheets_of([dispatch_id], month)
    if not found:
        raise TimesheetNotFound
    _require(actor, found[0].dispatch, action)
    return found[0]


def get_timesheet(actor: Actor, timesheet_id: UUID, action: Action = Action.READ) -> Timesheet:
    """Return a timesheet on which the actor may act so.

    Raises:
        TimesheetNotFound, Forbidden: as in get_sheet.
    """
    statement = select(Timesheet).options(joinedload(Timesheet.dispatch)).where(Timesheet.id == timesheet_id)
    timesheet = db.session.scalars(statement).one_or_none()
    if timesheet is None:
        raise TimesheetNotFound
    _require(actor, timesheet.dispatch, action)
    return timesheet


def _sheets_where(month: date, *conditions: ColumnElement[bool]) -> list[Sheet]:
    ordered = _of_month(month).where(*conditions).order_by(Dispatch.recipient_id, Person.staff_number, Dispatch.id)
    # Read anew: a decision in this very session may have added to what was read before.
    rows = db.session.execute(ordered.execution_options(populate_existing=True)).unique().all()
    return _sheets([(dispatch, timesheet) for dispatch, timesheet in rows], month)


def _of_month(month: date) -> Select[Dispatch, Timesheet]:
    sheet = and_(Timesheet.dispatch_id == Dispatch.id, Timesheet.month == month)
    return (
        select(Dispatch, Timesheet)
        .join(Dispatch.person)
        .outerjoin(Timesheet, sheet)
        .where(in_month(month))
        .options(
            joinedload(Dispatch.person),
            joinedload(Dispatch.supporting),
            joinedload(Dispatch.recipient),
            joinedload(Dispatch.department),
            joinedload(Timesheet.amendments).joinedload(TimesheetAmendment.requested_by),
            joinedload(Timesheet.amendments).joinedload(TimesheetAmendment.decided_by),
            joinedload(Timesheet.countersigned_by),
        )
    )


def _sheets(rows: Sequence[tuple[Dispatch, Timesheet | None]], month: date) -> list[Sheet]:
    """Return the sheets with their lines: as handed in where they were, as they stand now where not."""
    if not rows:
        return []
    last = last_of_month(month)
    handed_in = {row.id for row, sheet in rows if sheet is not None and sheet.status in HANDED_IN}
    hospitals = {row.id: row.supporting_id for row, _sheet in rows}
    lines: dict[UUID, list[Concluded]] = defaultdict(list)
    for line in read_standings(hospitals, month, last, handed_in=handed_in, hospitals=hospitals):
        lines[line.dispatch_id].append(line)
    needs_scan = find_settings("attendance.timesheet_needs_scan", set(hospitals.values()), last)
    return [
        replace(_sheet(dispatch, sheet, month, lines[dispatch.id]), needs_scan=bool(needs_scan[dispatch.supporting_id]))
        for dispatch, sheet in rows
    ]


def _sheet(dispatch: Dispatch, timesheet: Timesheet | None, month: date, lines: Iterable[Concluded]) -> Sheet:
    amendments = timesheet.amendments if timesheet else []
    accepted = {(row.duty_on, row.shift): row for row in amendments if row.status is RequestStatus.ACCEPTED}
    laid_over = tuple(_amended(line, accepted) for line in lines)
    return Sheet(dispatch, month, timesheet, laid_over, frozenset(accepted))


def _amended(line: Concluded, accepted: Mapping[tuple[date, Shift], TimesheetAmendment]) -> Concluded:
    amendment = accepted.get((line.duty_on, line.shift))
    if amendment is None:
        return line
    return replace(line, standing=amendment.after, leave_kind=amendment.leave_kind)


def _require(actor: Actor, dispatch: Dispatch, action: Action) -> None:
    parties = parties_to_pair(
        actor,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        person_id=dispatch.person_id,
    )
    if not parties:
        raise TimesheetNotFound
    require_right(actor, action, Resource.TIMESHEET, parties)
