"""The month of everybody in sight as one file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import IO

from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.attendance.printing.month import write_month
from backend.domain.attendance.printing.sheet import MonthRow
from backend.domain.attendance.queries.timesheets import in_month, sheets_of, timesheet_scope
from backend.domain.attendance.service.forms import month_row
from backend.domain.dispatch.models import Dispatch
from backend.domain.exports.models import Export
from backend.domain.exports.rules import ExportKind
from backend.domain.exports.service import Parameters, Progress, request_export
from backend.extensions import db
from backend.foundation.actor import Actor

_BATCH = 100


def request_month(actor: Actor, month: date) -> Export:
    """Ask for the month of every dispatch in sight as a spreadsheet.

    Raises:
        Forbidden: the current role may read no timesheets of others.
    """
    timesheet_scope(actor)
    parameters = {"month": month.isoformat()}
    return request_export(actor, ExportKind.TIMESHEET, parameters, name=f"考勤表-{month:%Y-%m}")


def write_month_of(actor: Actor, parameters: Parameters, file: IO[bytes], progress: Progress) -> int:
    """Write the file that request_month asked for, and return how many dispatches are in it."""
    month = date.fromisoformat(parameters["month"])
    return write_month(_rows(actor, month, progress), file, year=month.year, month=month.month)


def _rows(actor: Actor, month: date, progress: Progress) -> Iterator[MonthRow]:
    """Yield the rows in batches, forgetting each: memory must not grow with the county."""
    statement = select(Dispatch.id).join(Dispatch.person).where(in_month(month), timesheet_scope(actor))
    ids = list(db.session.scalars(statement.order_by(Dispatch.recipient_id, Person.staff_number, Dispatch.id)))
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        sheets = {sheet.dispatch.id: month_row(sheet) for sheet in sheets_of(batch, month)}
        yield from (sheets[dispatch_id] for dispatch_id in batch if dispatch_id in sheets)
        db.session.expunge_all()
        progress(start + len(batch))
