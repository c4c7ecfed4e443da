"""Checking an old ledger, and applying one: all of it in one transaction, or nothing.

Its rows become records that count and are never countersigned. A row is known by what it says and by its place among
equal ones, so importing a file again adds nothing, and a ledger that grew adds what is new.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.exc import IntegrityError

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.audit.service import record_event
from backend.domain.imports.errors import ChangedMeanwhile
from backend.domain.imports.queries import existing, ledgers
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.findings import Finding, Findings
from backend.domain.imports.rules.ledger_sheet import LEDGER_FORMATS
from backend.domain.imports.rules.rows import ActivityRow
from backend.domain.imports.rules.workbook import read_rows
from backend.domain.imports.service.authority import Authority
from backend.domain.imports.service.copying import copy_rows
from backend.domain.imports.service.directory import Directory, Place
from backend.domain.imports.service.files import File
from backend.domain.imports.service.ledger_people import PeopleOfLedgers, Postings
from backend.domain.imports.service.ledger_records import COLUMNS, HASH, RecordMaker, Totals
from backend.domain.imports.service.plan import Counts
from backend.domain.imports.service.report import Progress, Report, Work
from backend.domain.imports.service.waiting import wait_for_other_imports
from backend.foundation import clock
from backend.foundation.transaction import transaction
from backend.foundation.workbooks.errors import WorkbookUnreadable

_BATCH = 10_000


@dataclass
class _Plan:
    """The records to write, in the order of `COLUMNS`, and what all rows of the file come to."""

    counts: Counts = field(default_factory=Counts)
    records: list[tuple[Any, ...]] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)


def check_ledger(file: File, progress: Progress = lambda done, total: None) -> Report:
    """Tell what importing a ledger would do, without writing anything; what is wrong with it is in the report."""
    work = Work(progress, steps=2)
    findings = Findings()
    rows = _read(file, findings, work)
    return _report(findings, _make_plan(file, rows, findings, work))


def apply_ledger(file: File, progress: Progress = lambda done, total: None) -> Report:
    """Import a ledger in one transaction; where there is an error, nothing is written and the report tells.

    Raises:
        ChangedMeanwhile: the same rows came from elsewhere at the same time; nothing was written.
    """
    work = Work(progress, steps=3)
    findings = Findings()
    rows = _read(file, findings, work)
    with transaction():
        wait_for_other_imports()
        plan = _make_plan(file, rows, findings, work)
        report = _report(findings, plan)
        if not report.refused:
            _write(file, plan, report, work)
        return report


def _report(findings: Findings, plan: _Plan) -> Report:
    return Report(findings, {SheetKind.ACTIVITIES: plan.counts}, plan.totals.lines())


def _read(file: File, findings: Findings, work: Work) -> list[ActivityRow]:
    try:
        found: list[ActivityRow] = read_rows(file.content, LEDGER_FORMATS, findings, work.expect, work.tick)[
            SheetKind.ACTIVITIES
        ]
    except WorkbookUnreadable as error:
        findings.error(Finding(error.code, error.text))
        found = []
    work.has_read(len(found))
    return found


def _make_plan(file: File, rows: list[ActivityRow], findings: Findings, work: Work) -> _Plan:
    plan = _Plan()
    maker = _maker(file, rows, findings)
    for number, row in enumerate(rows, start=1):
        record = maker.record_of(row, plan.totals)
        if record is not None:
            plan.records.append(record)
        if number % _BATCH == 0:
            work.tick(_BATCH)
    known = ledgers.find_imported([record[HASH] for record in plan.records])
    plan.counts.unchanged = len(known)
    plan.records = [record for record in plan.records if record[HASH] not in known]
    plan.counts.created = len(plan.records)
    return plan


def _maker(file: File, rows: list[ActivityRow], findings: Findings) -> RecordMaker:
    directory = Directory(existing.load_organisations())
    authority = Authority.of(file.actor, directory)
    home = _home(file, directory, authority, findings)
    staff = ledgers.load_staff(
        {row.staff_number for row in rows if row.staff_number is not None},
        {row.name for row in rows if row.staff_number is None and row.name is not None},
    )
    dispatches = existing.load_dispatches({one.id for one in staff}, lock=False)
    pairs = ledgers.load_pairs(_recipients(rows, directory) | {one.recipient_id for one in dispatches})
    postings = Postings(dispatches)
    people = PeopleOfLedgers(directory, authority, staff, pairs, postings, home)
    return RecordMaker(people, postings, findings, file, clock.today())


def _home(file: File, directory: Directory, authority: Authority, findings: Findings) -> Place | None:
    """Return the organisation whose people the file is about, where that is known without a column."""
    if file.organisation_code:
        named = directory.find(file.organisation_code)
        if named is None or not authority.may_write_people(named):
            message = f"没有代码为“{file.organisation_code}”的机构，请核对支援医院的机构代码。"
            findings.error(Finding("organisation_unknown", message))
        return named
    return authority.home


def _recipients(rows: list[ActivityRow], directory: Directory) -> set[UUID]:
    return {
        place.id
        for text in {row.recipient for row in rows if row.recipient}
        if (place := directory.find(text)) is not None
    }


def _write(file: File, plan: _Plan, report: Report, work: Work) -> None:
    try:
        for first in range(0, len(plan.records), _BATCH):
            batch = plan.records[first : first + _BATCH]
            copy_rows(ActivityRecord.__tablename__, COLUMNS, batch)
            work.tick(len(batch))
    except (IntegrityError, psycopg.IntegrityError) as error:  # the latter from COPY
        raise ChangedMeanwhile from error
    record_event(
        file.actor,
        "import_ledger",
        "spreadsheet_import",
        file.import_id,
        file_sha256=hashlib.sha256(file.content).hexdigest(),
        counts=report.counts_as_json(),
    )
