"""Imports from the console: checked by a job, previewed, confirmed, applied by a job; dead workers; two at once."""

from __future__ import annotations

import dataclasses
import io
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text, update

from backend.app import create_app
from backend.config import Settings
from backend.domain.accounts.models import Person
from backend.domain.dispatch.models import Dispatch
from backend.domain.imports.errors import ImportNotFound, ImportState
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.queries import get_import, list_imports
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.imports.rules.sheets import FORMATS
from backend.domain.imports.rules.status import TRANSITIONS, ImportStatus
from backend.domain.imports.service import (
    Report,
    apply_roster,
    confirm_import,
    findings_workbook,
    roster_template,
    start_import,
)
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Actor, Role
from backend.foundation.errors import Forbidden
from backend.foundation.queue import work_queue
from backend.foundation.workbooks.errors import WorkbookIsText
from backend.jobs.imports import apply_import, check_import, sweep_imports
from tests.imports.workbooks import SAMPLE, dispatch, organisation, person, roster, table
from tests.support.county import County, make_county
from tests.support.factories import acting


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def office(county: County) -> Actor:
    return county.office


def own_roster(county: County, **changes: Any) -> bytes:
    """Return a file with one new person of the county's hospital."""
    return roster(
        organisations=[],
        sites=[],
        people=[person("N1", county.hospital.code, **changes)],
        dispatches=[dispatch("N1", county.township.code, 派出机构代码=county.hospital.code)],
    )


def queued() -> list[str | None]:
    return [job.func_name for job in work_queue().jobs]


def look(started: SpreadsheetImport, actor: Actor) -> SpreadsheetImport:
    db.session.expire_all()
    return get_import(actor, started.id)


def start(county: County, **changes: Any) -> SpreadsheetImport:
    return start_import(county.office, ImportKind.ROSTER, "花名册.xlsx", own_roster(county, **changes))


def test_a_file_is_checked_previewed_confirmed_and_applied(county: County, office: Actor) -> None:
    started = start(county)
    assert (started.status, queued()) == (ImportStatus.UPLOADED, ["backend.jobs.imports.check_import"])

    check_import(str(started.id))

    checked = look(started, office)
    assert checked.status is ImportStatus.CHECKED
    assert checked.report["counts"]["people"] == {"created": 1, "changed": 0, "unchanged": 0}
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.staff_number == "N1")) == 0

    confirm_import(office, started.id)
    assert queued()[1:] == ["backend.jobs.imports.apply_import"]
    apply_import(str(started.id))

    done = look(started, office)
    assert (done.status, done.percent) == (ImportStatus.COMPLETED, 100)
    assert done.report["counts"]["dispatches"]["created"] == 1
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.staff_number == "N1")) == 1


def test_the_file_is_encrypted_while_it_waits_and_gone_when_it_is_done(county: County, office: Actor) -> None:
    started = start(county)
    content = db.session.scalar(select(SpreadsheetImport.content).where(SpreadsheetImport.id == started.id))
    assert content is not None
    assert b"PK" not in content[:64]

    check_import(str(started.id))
    confirm_import(office, started.id)
    apply_import(str(started.id))

    assert db.session.scalar(select(SpreadsheetImport.content).where(SpreadsheetImport.id == started.id)) is None


def test_errors_refuse_the_import_and_can_be_taken_along(county: County, office: Actor) -> None:
    started = start(county, 手机号="123")

    check_import(str(started.id))

    refused = look(started, office)
    assert (refused.status, refused.report["error_count"]) == (ImportStatus.REFUSED, 1)
    error = refused.report["errors"][0]
    assert (error["code"], error["sheet"], error["row"], error["column"]) == ("telephone_invalid", "人员", 2, "H")
    with pytest.raises(ImportState):
        confirm_import(office, started.id)
    taken = openpyxl.load_workbook(io.BytesIO(findings_workbook(refused)))["检查结果"]
    assert [cell.value for cell in taken[2]][:4] == ["错误", "人员", "2", "H"]


def test_what_came_up_since_the_check_refuses_the_import_whole(county: County, office: Actor) -> None:
    started = start(county)
    check_import(str(started.id))
    confirm_import(office, started.id)
    apply_roster(
        SYSTEM,
        roster(
            organisations=[],
            sites=[],
            people=[person("N2", county.hospital.code, 手机号=person("N1", county.hospital.code)["手机号"])],
            dispatches=[],
        ),
    )

    apply_import(str(started.id))

    refused = look(started, office)
    assert refused.status is ImportStatus.REFUSED
    assert [error["code"] for error in refused.report["errors"]] == ["telephone_taken"]
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.staff_number == "N1")) == 0


def test_jobs_and_confirmations_may_come_twice(county: County, office: Actor) -> None:
    started = start(county)
    check_import(str(started.id))
    check_import(str(started.id))
    confirm_import(office, started.id)
    confirm_import(office, started.id)
    apply_import(str(started.id))
    first = look(started, office).report

    apply_import(str(started.id))

    assert look(started, office).report == first
    assert confirm_import(office, started.id).status is ImportStatus.COMPLETED
    assert look(started, office).attempts == 1


def test_what_is_visibly_no_workbook_is_refused_at_once(office: Actor) -> None:
    with pytest.raises(WorkbookIsText):
        start_import(office, ImportKind.ROSTER, "花名册.xlsx", "机构代码,工号\n1,2\n".encode())

    assert queued() == []


def test_only_medical_affairs_administrators_and_bureaus_import(county: County) -> None:
    content = own_roster(county)

    for role in set(Role) - {Role.MEDICAL_AFFAIRS, Role.ADMIN, Role.BUREAU}:
        with pytest.raises(Forbidden):
            start_import(acting(county.doctor, role), ImportKind.ROSTER, "a.xlsx", content)
    for role in (Role.MEDICAL_AFFAIRS, Role.ADMIN, Role.BUREAU):
        assert (
            start_import(acting(county.doctor, role), ImportKind.ROSTER, "a.xlsx", content).status
            is ImportStatus.UPLOADED
        )


def test_an_import_of_another_organisation_is_not_there(county: County) -> None:
    started = start(county)

    for actor in (county.stranger, acting(county.director, Role.MEDICAL_AFFAIRS)):
        with pytest.raises(ImportNotFound):
            get_import(actor, started.id)
        with pytest.raises(ImportNotFound):
            confirm_import(actor, started.id)
        assert list_imports(actor).total == 0
    assert list_imports(county.office).total == 1
    for within in (county.overseer, acting(county.medical_affairs, Role.FINANCE)):
        with pytest.raises(Forbidden):
            get_import(within, started.id)


def test_a_check_that_died_is_taken_up_by_the_sweep(county: County, office: Actor) -> None:
    started = start(county)
    db.session.execute(
        update(SpreadsheetImport).values(status="checking", attempts=1, beat_at=clock.now() - timedelta(minutes=5))
    )
    db.session.commit()
    work_queue().empty()  # type: ignore[no-untyped-call]

    sweep_imports()

    assert queued() == ["backend.jobs.imports.check_import"]
    check_import(str(started.id))
    assert look(started, office).status is ImportStatus.CHECKED


def test_a_check_that_lives_is_left_alone(county: County, office: Actor) -> None:
    started = start(county)
    db.session.execute(update(SpreadsheetImport).values(status="checking", attempts=1, beat_at=clock.now()))
    db.session.commit()
    work_queue().empty()  # type: ignore[no-untyped-call]

    sweep_imports()
    check_import(str(started.id))

    assert queued() == []
    assert look(started, office).status is ImportStatus.CHECKING


def test_an_import_that_died_three_times_is_given_up(county: County, office: Actor) -> None:
    started = start(county)
    db.session.execute(
        update(SpreadsheetImport).values(status="applying", attempts=3, beat_at=clock.now() - timedelta(minutes=5))
    )
    db.session.commit()

    sweep_imports()

    assert look(started, office).status is ImportStatus.FAILED
    assert db.session.scalar(select(SpreadsheetImport.content)) is None


def test_what_nobody_confirms_expires_after_a_day(county: County, office: Actor) -> None:
    started = start(county)
    check_import(str(started.id))
    with time_machine.travel(clock.now() + timedelta(hours=23)):
        sweep_imports()
    assert look(started, office).status is ImportStatus.CHECKED

    with time_machine.travel(clock.now() + timedelta(hours=25)):
        sweep_imports()

    assert look(started, office).status is ImportStatus.EXPIRED
    assert db.session.scalar(select(SpreadsheetImport.content)) is None
    with pytest.raises(ImportState):
        confirm_import(office, started.id)


def test_nothing_leads_out_of_an_end() -> None:
    ends = {ImportStatus.WITHDRAWN, ImportStatus.REFUSED, ImportStatus.FAILED, ImportStatus.EXPIRED}

    assert not any(status in ends for status, _ in TRANSITIONS)
    assert {status for status, _ in TRANSITIONS} | ends == set(ImportStatus)


def test_the_template_says_what_it_wants_and_is_read_back(app: Flask) -> None:
    template = openpyxl.load_workbook(io.BytesIO(roster_template()))
    assert template.sheetnames == ["机构", "派驻点", "人员", "派驻", "说明"]
    filled = {
        "机构": table([organisation("01", "云岭县人民医院", "县级医院")])[1],
        "人员": ["01", "A1", "吕芬春", "男", "1982-03-13", "主治医师", "内科", "13807784483", "8313", "派驻人员"],
    }
    for name, row in filled.items():
        for place, value in enumerate(row, start=1):
            template[name].cell(2, place).value = value
    output = io.BytesIO()
    template.save(output)

    report = apply_roster(SYSTEM, output.getvalue())

    assert [error.sentence() for error in report.findings.errors] == []
    assert report.counts[SheetKind.PEOPLE].created == 1
    headers = [cell.value for cell in template["派驻"][1]]
    assert len(headers) == len(FORMATS[SheetKind.DISPATCHES].columns)


@pytest.fixture
def two_applications(settings: Settings, database: str) -> Iterator[Sequence[Flask]]:
    """Return two applications on a database of their own."""
    applications = [create_app(dataclasses.replace(settings, database_url=database)) for _ in range(2)]
    yield applications
    for application in applications:
        with application.app_context():
            db.engine.dispose()


def wait_until_somebody_waits(application: Flask) -> None:
    """Return once a connection to this application's database waits for a lock."""
    engine = application.extensions["sqlalchemy"].engine.execution_options(isolation_level="AUTOCOMMIT")
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE NOT granted AND datname = current_database()"
    )
    with engine.connect() as connection:
        while not connection.scalar(waiting):
            time.sleep(0.02)


def test_two_imports_at_once_wait_for_each_other(two_applications: Sequence[Flask]) -> None:
    reports: list[Report] = []
    together = threading.Barrier(2)

    def work(application: Flask) -> None:
        with application.app_context():
            together.wait()
            reports.append(apply_roster(SYSTEM, SAMPLE))

    threads = [threading.Thread(target=work, args=[application]) for application in two_applications]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    created = sorted(report.counts[SheetKind.PEOPLE].created for report in reports)
    assert created == [0, 58]


def test_progress_is_seen_while_the_import_is_not_yet_committed(two_applications: Sequence[Flask]) -> None:
    first, second = two_applications
    with first.app_context():
        county = make_county()
        started = start(county)
        check_import(str(started.id))
        confirm_import(county.office, started.id)

    def work() -> None:
        with first.app_context():
            apply_import(str(started.id))

    with second.app_context(), second.extensions["sqlalchemy"].engine.connect() as outside:
        outside.execute(text("LOCK TABLE inbox_items IN SHARE MODE"))  # the import stops where it writes notices
        working = threading.Thread(target=work)
        working.start()
        wait_until_somebody_waits(second)
        total = outside.scalar(select(SpreadsheetImport.total))
        people = outside.scalar(select(func.count()).select_from(Person).where(Person.staff_number == "N1"))
        outside.rollback()
        working.join()
        done = outside.scalar(select(SpreadsheetImport.status))

    assert total > 0
    assert people == 0
    assert done is ImportStatus.COMPLETED


def test_the_same_row_from_elsewhere_at_the_same_time_refuses_the_import_whole(
    two_applications: Sequence[Flask],
) -> None:
    first, second = two_applications
    with first.app_context():
        county = make_county()
        started = start(county)
        check_import(str(started.id))
        confirm_import(county.office, started.id)
        hospital_id = county.hospital.id

    def work() -> None:
        with first.app_context():
            apply_import(str(started.id))

    with second.app_context():
        other = Person(organisation_id=hospital_id, staff_number="N1", name="沈雪远")
        db.session.add(other)
        db.session.flush()  # seen by nobody yet, but in the way of the import
        working = threading.Thread(target=work)
        working.start()
        wait_until_somebody_waits(second)
        db.session.commit()
        working.join()
        refused = db.session.get_one(SpreadsheetImport, started.id)
        assert refused.status is ImportStatus.REFUSED
        assert [error["code"] for error in refused.report["errors"]] == ["import_changed_meanwhile"]
        assert db.session.scalars(select(Person.name).where(Person.staff_number == "N1")).all() == ["沈雪远"]
        assert db.session.scalar(select(func.count()).select_from(Dispatch)) == 0
