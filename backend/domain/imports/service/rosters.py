"""Checking a roster, and applying one: all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
from uuid import UUID

import psycopg
from sqlalchemy.exc import IntegrityError

from backend.domain.audit.service import record_event
from backend.domain.imports.errors import ChangedMeanwhile
from backend.domain.imports.queries import existing
from backend.domain.imports.rules.findings import Finding, Findings
from backend.domain.imports.rules.rows import Roster
from backend.domain.imports.rules.workbook import read_roster
from backend.domain.imports.service.authority import Authority
from backend.domain.imports.service.directory import Directory
from backend.domain.imports.service.dispatches import DispatchPlanner
from backend.domain.imports.service.people import PeoplePlanner
from backend.domain.imports.service.places import PlacePlanner
from backend.domain.imports.service.plan import Plan, Planning
from backend.domain.imports.service.report import Progress, Report, Work
from backend.domain.imports.service.waiting import wait_for_other_imports
from backend.domain.imports.service.writing import PlanWriter
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction
from backend.foundation.workbooks.errors import WorkbookUnreadable


def check_roster(actor: Actor, content: bytes, progress: Progress = lambda done, total: None) -> Report:
    """Tell what importing a file would do, without writing anything.

    What is wrong with the file is in the report, also when it is no workbook at all. `actor` without a role: no limits.
    """
    work = Work(progress, steps=2)
    findings = Findings()
    roster = _read(content, findings, work)
    return Report(findings, _make_plan(actor, roster, findings, work, lock=False).counts)


def apply_roster(actor: Actor, content: bytes, progress: Progress = lambda done, total: None) -> Report:
    """Import a file in one transaction; where there is an error, nothing is written and the report tells.

    Imports wait for each other; what others change meanwhile is locked or refused.

    Raises:
        ChangedMeanwhile: somebody else added the same rows at the same time; nothing was written.
    """
    work = Work(progress, steps=3)
    findings = Findings()
    roster = _read(content, findings, work)
    if findings.error_count:
        return Report(findings, _make_plan(actor, roster, findings, work, lock=False).counts)
    with transaction():
        wait_for_other_imports()
        plan = _make_plan(actor, roster, findings, work, lock=True)
        report = Report(findings, plan.counts)
        if not report.refused:
            _write(actor, plan, report, content, work)
        return report


def _write(actor: Actor, plan: Plan, report: Report, content: bytes, work: Work) -> None:
    try:
        PlanWriter(plan, actor, work.tick).write()
    except (IntegrityError, psycopg.IntegrityError) as error:  # the latter from COPY
        raise ChangedMeanwhile from error
    record_event(
        actor,
        "import_roster",
        "roster",
        file_sha256=hashlib.sha256(content).hexdigest(),
        counts=report.counts_as_json(),
    )


def _read(content: bytes, findings: Findings, work: Work) -> Roster:
    try:
        roster = read_roster(content, findings, work.expect, work.tick)
    except WorkbookUnreadable as error:
        findings.error(Finding(error.code, error.text))
        roster = Roster()
    work.has_read(roster.size)
    return roster


def _make_plan(actor: Actor, roster: Roster, findings: Findings, work: Work, *, lock: bool) -> Plan:
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
