"""Checking a file of indicators, and applying one: all of it in one transaction, or nothing.

A blank cell is not reported, and leaves what is there. What nobody reported is never taken from activities.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.exc import IntegrityError

from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.indicators import INDICATOR_LABELS, Indicator
from backend.domain.activities.service.indicators import MonthReport, keep_report
from backend.domain.audit.service import record_event
from backend.domain.imports.errors import ChangedMeanwhile
from backend.domain.imports.queries import existing
from backend.domain.imports.queries.indicators import Key, load_indicators
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.findings import CellProblem, Finding, Findings
from backend.domain.imports.rules.indicator_sheet import INDICATOR_FORMATS
from backend.domain.imports.rules.indicator_values import Told, amount_of
from backend.domain.imports.rules.rows import IndicatorRow
from backend.domain.imports.rules.workbook import read_rows
from backend.domain.imports.service.authority import Authority
from backend.domain.imports.service.copying import copy_rows
from backend.domain.imports.service.directory import Directory
from backend.domain.imports.service.files import File
from backend.domain.imports.service.plan import Counts
from backend.domain.imports.service.report import Progress, Report, Work
from backend.domain.imports.service.waiting import wait_for_other_imports
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction
from backend.foundation.workbooks.errors import WorkbookUnreadable

_COLUMNS = (
    *("id", "organisation_id", "month", "indicator", "value", "at_least", "about", "source"),
    *("entered_by_person_id", "entered_at"),
)


@dataclass(frozen=True, slots=True)
class _Reported:
    """One value of one row."""

    row: IndicatorRow
    amount: Amount


@dataclass
class _Plan:
    """What is new, and what changes of what is there."""

    counts: Counts = field(default_factory=Counts)
    new: dict[Key, _Reported] = field(default_factory=dict)
    changed: list[tuple[InstitutionIndicator, _Reported]] = field(default_factory=list)


def check_indicators(file: File, progress: Progress = lambda done, total: None) -> Report:
    """Tell what importing a file would do, without writing anything; what is wrong with it is in the report."""
    findings = Findings()
    work = Work(progress, steps=1)
    plan = _make_plan(file, _read(file, findings, work), findings, lock=False)
    return Report(findings, {SheetKind.INDICATORS: plan.counts})


def apply_indicators(file: File, progress: Progress = lambda done, total: None) -> Report:
    """Import a file in one transaction; where there is an error, nothing is written and the report tells.

    Raises:
        ChangedMeanwhile: somebody else entered the same at the same time; nothing was written.
    """
    findings = Findings()
    work = Work(progress, steps=1)
    rows = _read(file, findings, work)
    with transaction():
        wait_for_other_imports()
        plan = _make_plan(file, rows, findings, lock=True)
        report = Report(findings, {SheetKind.INDICATORS: plan.counts})
        if not report.refused:
            _write(file, plan, report)
        return report


def _read(file: File, findings: Findings, work: Work) -> list[IndicatorRow]:
    try:
        rows: list[IndicatorRow] = read_rows(file.content, INDICATOR_FORMATS, findings, work.expect, work.tick)[
            SheetKind.INDICATORS
        ]
    except WorkbookUnreadable as error:
        findings.error(Finding(error.code, error.text))
        rows = []
    work.has_read(len(rows))
    return rows


def _make_plan(file: File, rows: list[IndicatorRow], findings: Findings, *, lock: bool) -> _Plan:
    plan = _Plan()
    reported = _reported(file, rows, findings)
    known = load_indicators({key[0] for key in reported}, {key[1] for key in reported}, lock=lock)
    for key, one in reported.items():
        before = known.get(key)
        if before is None:
            plan.new[key] = one
        elif _says_the_same(before, one):
            plan.counts.unchanged += 1
        else:
            plan.changed.append((before, one))
    plan.counts.created, plan.counts.changed = len(plan.new), len(plan.changed)
    return plan


def _says_the_same(before: InstitutionIndicator, one: _Reported) -> bool:
    same = (before.value, before.at_least, before.about) == (one.amount.value, one.amount.at_least, one.amount.about)
    return same and one.row.source in ("", before.source)


def _reported(file: File, rows: list[IndicatorRow], findings: Findings) -> dict[Key, _Reported]:
    """Return all values of the rows that are in order; of the others it is noted why not."""
    directory = Directory(existing.load_organisations())
    authority = Authority.of(file.actor, directory)
    reported: dict[Key, _Reported] = {}
    for row in rows:
        place = directory.find(row.organisation)
        if place is None or not authority.may_report_of(place):
            message = f"没有机构“{row.organisation[:30]}”。请核对机构代码或全称。"
            findings.error(row.finding("organisation_unknown", message, "organisation"))
            continue
        if row.broken or row.month is None:
            continue
        if row.month > clock.today():
            findings.error(row.finding("month_in_future", "这个月还没有到，请核对年月。", "month"))
            continue
        for indicator, amount, of in _values_of(row, findings):
            key = (place.id, row.month, indicator)
            if key in reported:
                message = f"同一机构同一月的“{INDICATOR_LABELS[indicator]}”已在{reported[key].row.where}，请只留一处。"
                findings.error(row.finding("row_twice", message, of))
            else:
                reported[key] = _Reported(row, amount)
    return reported


def _values_of(row: IndicatorRow, findings: Findings) -> Iterator[tuple[Indicator, Amount, str]]:
    told: list[tuple[Indicator, Told | None, str, str]] = [
        (indicator, getattr(row, indicator), row.layout.columns.get(indicator, (0, ""))[1], indicator)
        for indicator in Indicator
    ]
    if row.indicator is not None:
        named = row.indicator
        told.append((named.indicator, row.value, named.unit or row.layout.columns.get("value", (0, ""))[1], "value"))
    elif row.value is not None:
        findings.error(row.finding("value_missing", "“指标”不能为空，请填写。", "indicator"))
    for indicator, value, beside, of in told:
        if value is None:
            continue
        try:
            yield indicator, amount_of(value, indicator, beside), of
        except CellProblem as problem:
            findings.error(row.finding(problem.code, problem.message, of))


def _write(file: File, plan: _Plan, report: Report) -> None:
    now = clock.now()
    source = file.name or "表格导入"
    try:
        for before, one in plan.changed:
            keep_report(file.actor, before, MonthReport(one.amount, one.row.source or source))
        db.session.flush()
        copy_rows(InstitutionIndicator.__tablename__, _COLUMNS, _rows(plan, source, file.actor.person_id, now))
    except (IntegrityError, psycopg.IntegrityError) as error:  # the latter from COPY
        raise ChangedMeanwhile from error
    record_event(
        file.actor,
        "import_indicators",
        "spreadsheet_import",
        file.import_id,
        file_sha256=hashlib.sha256(file.content).hexdigest(),
        counts=report.counts_as_json(),
    )


def _rows(plan: _Plan, source: str, person_id: UUID | None, now: datetime) -> Iterator[tuple[Any, ...]]:
    for (organisation_id, month, indicator), one in plan.new.items():
        amount = one.amount
        yield (
            *(new_id(), organisation_id, month, indicator, amount.value, amount.at_least, amount.about),
            *(one.row.source or source, person_id, now),
        )
