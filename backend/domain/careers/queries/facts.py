"""Reading what the record says of a dispatch, for its evaluation: countersigned months, countersigned activities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from backend.domain.accounts.rules import SEX_LABELS
from backend.domain.activities.queries.workload import workload_of
from backend.domain.attendance.queries.timesheets import Sheet, sheets_of
from backend.domain.attendance.rules.requests import LEAVE_LABELS, LeaveKind
from backend.domain.attendance.rules.timesheets import TimesheetStatus, days_text, last_of_month, month_of_day
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.facts import Facts, Labelled
from backend.domain.dispatch.models import Dispatch


def facts_of(evaluation: Evaluation) -> Facts:
    """Return what the form shows of the record: frozen once it is completed, until then as the record stands."""
    if evaluation.facts is not None:
        return Facts.from_json(evaluation.facts)
    dispatch, person = evaluation.dispatch, evaluation.person
    sheets = [sheet for month in _months(dispatch) for sheet in sheets_of([dispatch.id], month) if sheet.lines]
    signed = [sheet for sheet in sheets if sheet.status is TimesheetStatus.COUNTERSIGNED]
    return Facts(
        name=person.name,
        staff_number=person.staff_number,
        sex_label=SEX_LABELS[person.sex],
        born_on_label=_day(person.born_on) if person.born_on else "",
        title=person.title,
        supporting=dispatch.supporting.name,
        recipient=dispatch.recipient.name,
        department=dispatch.department.name if dispatch.department else "",
        period_label=f"{_day(dispatch.starts_on)}至{_day(dispatch.ends_on)}",
        due_days_label=_days(sum(sheet.figures.due for sheet in signed)),
        actual_days_label=_days(sum(sheet.figures.served for sheet in signed)),
        leave=tuple(_absences(signed)),
        workload=tuple(_work(dispatch, signed)),
        months_open=tuple(f"{sheet.month.year}年{sheet.month.month}月" for sheet in sheets if sheet not in signed),
    )


def _months(dispatch: Dispatch) -> Iterable[date]:
    month = month_of_day(dispatch.starts_on)
    while month <= dispatch.ends_on:
        yield month
        month = last_of_month(month) + timedelta(days=1)


def _absences(sheets: Iterable[Sheet]) -> Iterable[Labelled]:
    """Return leave by its kind, and what was absence without leave: no days of it are left out of an evaluation."""
    halves: Counter[LeaveKind] = Counter()
    absent = 0
    for sheet in sheets:
        figures = sheet.figures
        halves.update(dict(figures.leave))
        absent += figures.absent
    yield from (Labelled(LEAVE_LABELS[kind], _days(halves[kind])) for kind in LeaveKind if halves[kind])
    if absent:
        yield Labelled("旷工", _days(absent))


def _work(dispatch: Dispatch, sheets: Iterable[Sheet]) -> Iterable[Labelled]:
    if nights := sum(sheet.figures.nights for sheet in sheets):
        yield Labelled("夜班", f"{nights}次")
    yield from (Labelled(work.entry.label, work.label) for work in workload_of(dispatch.id))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _days(halves: int) -> str:
    return f"{days_text(halves)}天"
