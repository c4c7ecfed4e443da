"""A file that somebody asks for: made once by a job, in pieces, and fetched by nobody but who asked, as they were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import IO

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update

from backend.domain.audit.models import AuditEvent
from backend.domain.exports.models import Export, ExportPiece
from backend.domain.exports.rules import ExportKind, ExportStatus
from backend.domain.exports.service import (
    Parameters,
    Progress,
    get_export,
    make_export,
    open_export,
    request_again,
    request_export,
    sweep_exports,
)
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.encryption import Undecipherable
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.queue import work_queue
from tests.support.county import County, make_county

OCTOBER = {"month": "2026-10-01"}
CONTENT = os.urandom(600_000)  # three pieces


@pytest.fixture
def moment(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(moment: time_machine.Traveller) -> County:
    return make_county()


def ask(actor: Actor, parameters: Parameters = OCTOBER) -> Export:
    return request_export(actor, ExportKind.TIMESHEET, parameters, name="考勤表-2026-10")


def write(actor: Actor, parameters: Parameters, file: IO[bytes], progress: Progress) -> int:
    assert parameters == OCTOBER
    progress(1)
    file.write(CONTENT)
    return 2


def fail(actor: Actor, parameters: Parameters, file: IO[bytes], progress: Progress) -> int:
    progress(1)
    raise OSError("the disk is full")


def make(export: Export) -> None:
    make_export(export.id, {ExportKind.TIMESHEET: write})


def content_of(actor: Actor, export: Export) -> bytes:
    with open_export(actor, export.id) as file:
        return file.read()


def test_the_file_comes_back_as_it_was_written_and_is_encrypted_where_it_lies(county: County) -> None:
    export = ask(county.office)
    make(export)
    assert content_of(county.office, export) == CONTENT
    assert get_export(county.office, export.id).rows == 2
    pieces = db.session.scalars(select(ExportPiece.content).order_by(ExportPiece.position)).all()
    assert len(pieces) == 3
    assert CONTENT[:64] not in pieces[0]


def test_pieces_that_changed_places_or_are_gone_make_no_file(county: County) -> None:
    export = ask(county.office)
    make(export)
    for piece, goes_to in ((0, 9), (1, 0), (9, 1)):
        db.session.execute(update(ExportPiece).where(ExportPiece.position == piece).values(position=goes_to))
    with pytest.raises(Undecipherable):
        open_export(county.office, export.id)  # whose transaction ends, and undoes what was done here
    assert content_of(county.office, export) == CONTENT
    db.session.execute(delete(ExportPiece).where(ExportPiece.position == 2))
    with pytest.raises(Undecipherable):
        open_export(county.office, export.id)


def test_nobody_else_fetches_it_and_fetching_is_audited(county: County) -> None:
    export = ask(county.office)
    with pytest.raises(NotFound):
        open_export(county.office, export.id)
    make(export)
    with pytest.raises(NotFound):
        open_export(county.recipient, export.id)
    content_of(county.office, export)
    events = select(AuditEvent.action).where(AuditEvent.subject_id == export.id)
    assert set(db.session.scalars(events)) == {"request_timesheet_export", "download_timesheet_export"}


def test_who_has_lost_the_role_neither_fetches_nor_asks_again_for_what_it_could_read(county: County) -> None:
    asked = county.office
    export = ask(asked)
    make(export)
    for now in (replace(asked, role=Role.STAFF), replace(asked, role=None, organisation_id=None)):
        for attempt in (get_export, open_export, request_again):
            with pytest.raises(NotFound):
                attempt(now, export.id)


def test_who_has_no_role_asks_for_none(county: County) -> None:
    with pytest.raises(Forbidden):
        ask(replace(county.office, role=None, organisation_id=None))


def test_asking_twice_is_asking_once_until_it_is_made(county: County) -> None:
    office = county.office
    first = ask(office)
    assert ask(office).id == first.id
    assert ask(office, {"month": "2026-09-01"}).id != first.id
    make(first)
    again = request_again(office, first.id)
    assert (again.id != first.id, again.parameters, again.name) == (True, OCTOBER, "考勤表-2026-10")


def test_making_it_twice_makes_it_once(county: County, moment: time_machine.Traveller) -> None:
    export = ask(county.office)
    make(export)
    first = get_export(county.office, export.id).finished_at
    moment.shift(timedelta(minutes=1))
    make(export)
    assert get_export(county.office, export.id).finished_at == first


def test_of_two_workers_that_make_it_at_once_the_later_changes_nothing(county: County) -> None:
    export = ask(county.office)

    def write_slowly(actor: Actor, parameters: Parameters, file: IO[bytes], progress: Progress) -> int:
        make(export)
        file.write(b"of the later one")
        return 7

    make_export(export.id, {ExportKind.TIMESHEET: write_slowly})
    assert content_of(county.office, export) == CONTENT
    assert get_export(county.office, export.id).rows == 2


def test_what_fails_waits_tells_how_far_it_came_and_is_given_up_after_an_hour(
    county: County, moment: time_machine.Traveller
) -> None:
    export = ask(county.office)
    with pytest.raises(OSError, match="disk"):
        make_export(export.id, {ExportKind.TIMESHEET: fail})
    waiting = get_export(county.office, export.id)
    assert (waiting.status, waiting.rows) == (ExportStatus.REQUESTED, 1)
    moment.shift(timedelta(minutes=61))
    sweep_exports()
    assert get_export(county.office, export.id).status is ExportStatus.FAILED


def test_what_a_dead_worker_left_is_taken_up_and_what_is_old_goes_with_its_pieces(
    county: County, moment: time_machine.Traveller
) -> None:
    export = ask(county.office)
    work_queue().empty()  # type: ignore[no-untyped-call]
    moment.shift(timedelta(minutes=11))
    sweep_exports()
    [job] = work_queue().jobs
    assert (job.func_name, job.args) == ("backend.jobs.exports.make_export", [str(export.id)])
    make(export)
    moment.shift(timedelta(days=8))
    sweep_exports()
    with pytest.raises(NotFound):
        get_export(county.office, export.id)
    assert db.session.scalars(select(ExportPiece.position)).all() == []
