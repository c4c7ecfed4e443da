"""Checking a roster, and applying one: all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backend.domain.audit.service import record_event
from backend.domain.imports.errors import RosterChangedMeanwhile, WorkbookUnreadable
from backend.domain.imports.queries import existing
from backend.domain.imports.rules.findings import Finding, Findings
from backend.domain.imports.rules.rows import Roster
from backend.domain.imports.rules.sheets import FORMATS
from backend.domain.imports.rules.workbook import read_roster
from backend.domain.imports.service.authority import Authority
from backend.domain.imports.service.directory import Directory
from backend.domain.imports.service.dispatches import DispatchPlanner
from backend.domain.imports.service.people import PeoplePlanner
from backend.domain.imports.service.places import PlacePlanner
from backend.domain.imports.service.plan import Plan, Planning
from backend.domain.imports.service.writing import PlanWriter
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction

Progress = Callable[[int, int], None]
"""Told from time to time how much is done, of how much."""


@dataclass(frozen=True)
class Report:
    """What a check found, or an import did."""

    findings: Findings
    plan: Plan

    @property
    def refused(self) -> bool:
        return self.findings.error_count > 0

    def as_json(self) -> dict[str, Any]:
        """Return what is stored and shown.

        counts: {organisations, sites, people, dispatches: {created, changed, unchanged}} ·
        errors, warnings: the first 500 / 200, each {code, message, sheet, row, column, header} ·
        error_count, warning_count: of all.
        """
        return {
            "counts": {kind.value: counts.as_json() for kind, counts in self.plan.counts.items()},
            "errors": [finding.as_json() for finding in self.findings.errors],
            "error_count": self.findings.error_count,
            "warnings": [finding.as_json() for finding in self.findings.warnings],
            "warning_count": self.findings.warning_count,
        }

    def summary(self) -> str:
        """Return the counts in one Chinese line."""
        return "；".join(
            f"{FORMATS[kind].title} 新增{counts.created} 变更{counts.changed} 不变{counts.unchanged}"
            for kind, counts in self.plan.counts.items()
        )


def check_roster(actor: Actor, content: bytes, progress: Progress = lambda done, total: None) -> Report:
    """Tell what importing a file would do, without writing anything.

    What is wrong with the file is in the report, also when it is no workbook at all. `actor` without a role: no limits.
    """
    work = _Work(progress, steps=2)
    findings = Findings()
    roster = _read(content, findings, work)
    return Report(findings, _make_plan(actor, roster, findings, work, lock=False))


def apply_roster(actor: Actor, content: bytes, progress: Progress = lambda done, total: None) -> Report:
    """Import a file in one transaction; where there is an error, nothing is written and the report tells.

    Imports wait for each other; what others change meanwhile is locked or refused.

    Raises:
        RosterChangedMeanwhile: somebody else added the same rows at the same time; nothing was written.
    """
    work = _Work(progress, steps=3)
    findings = Findings()
    roster = _read(content, findings, work)
    if findings.error_count:
        return Report(findings, _make_plan(actor, roster, findings, work, lock=False))
    with transaction():
        wait_for_other_imports()
        plan = _make_plan(actor, roster, findings, work, lock=True)
        report = Report(findings, plan)
        if not report.refused:
            _write(actor, report, content, work)
        return report


def wait_for_other_imports() -> None:
    """Hold the one lock of all imports until the transaction ends."""
    db.session.execute(text("SET LOCAL lock_timeout = '60s'"))
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('roster_import'))"))
    db.session.execute(text("SET LOCAL lock_timeout = '10s'"))


def _write(actor: Actor, report: Report, content: bytes, work: _Work) -> None:
    try:
        PlanWriter(report.plan, actor, work.tick).write()
    except (IntegrityError, psycopg.IntegrityError) as error:  # the latter from COPY
        raise RosterChangedMeanwhile from error
    record_event(
        actor,
        "import_roster",
        "roster",
        file_sha256=hashlib.sha256(content).hexdigest(),
        counts={kind.value: counts.as_json() for kind, counts in report.plan.counts.items()},
    )


def _read(content: bytes, findings: Findings, work: _Work) -> Roster:
    try:
        roster = read_roster(content, findings, work.expect, work.tick)
    except WorkbookUnreadable as error:
        findings.error(Finding(error.code, error.text))
        roster = Roster()
    work.has_read(roster.size)
    return roster


def _make_plan(actor: Actor, roster: Roster, findings: Findings, work: _Work, *, lock: bool) -> Plan:
    directory = Directory(existing.load_organisations())
    authority = Authority.of(actor, directory)
    planning = Planning(findings, Plan(), clock.today(), lock, work.tick)
    places = PlacePlanner(planning, directory, authority)
    people = PeoplePlanner(planning, directory, authority, places)
    places.plan_organisations(roster.organisations)
    recipients = _ids(directory, {row.recipient_code for row in roster.dispatches})
    employers = _ids(directory, {row.organisation_code for row in roster.dispatches})
    workplaces = _ids(directory, {row.organisation_code for row in roster.people})
    places.plan_sites(roster.sites, also_at=recipients)
    places.load_departments(recipients | workplaces)
    people.plan_people(roster.people, also_of=employers)
    DispatchPlanner(planning, directory=directory, authority=authority, places=places, people=people).plan_dispatches(
        roster.dispatches
    )
    return planning.plan


def _ids(directory: Directory, codes: set[str]) -> set[UUID]:
    return {place.id for code in codes if (place := directory.find(code)) is not None}


class _Work:
    """Counts rows that were read, compared and written; told to `progress` as parts of a whole."""

    def __init__(self, progress: Progress, *, steps: int) -> None:
        self._progress = progress
        self._steps = steps
        self._done = 0
        self._rows = 0

    def expect(self, rows: int) -> None:
        """Take note of how many rows there are, headers and blank ones included."""
        self._rows = rows
        self._progress(0, rows * self._steps)

    def has_read(self, rows: int) -> None:
        """Take note of how many rows of them matter."""
        self._rows = self._done = rows
        self._progress(rows, rows * self._steps)

    def tick(self, rows: int) -> None:
        """Count rows read, compared or written; a row that is written to several tables counts in each."""
        self._done = min(self._done + rows, self._rows * self._steps)
        self._progress(self._done, self._rows * self._steps)
