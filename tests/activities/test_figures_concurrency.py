"""Figures while many write and several fold, each in a thread and connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from backend.domain.activities.models.figures import FigureChange, MonthlyFigures
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.figure_rows import Wanted
from backend.domain.activities.queries.figures import list_figures
from backend.domain.activities.rules.figures import Period
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.rolling import fold_figures
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from tests.support.activities import make_record
from tests.support.county import make_county
from tests.support.factories import make_dispatch

WRITERS, RECORDS = 3, 25
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.slow
def test_every_reader_finds_the_raw_count_while_others_write_and_fold(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        dispatch_id = make_dispatch(county.doctor, county.township, starts_on=YEAR.first, ends_on=YEAR.last).id
        bureau = Actor(role=Role.BUREAU, organisation_id=county.bureau.id)

    def write(_number: int) -> bool:
        with own_app.app_context():
            dispatch = db.session.get_one(Dispatch, dispatch_id)
            for day in range(1, RECORDS + 1):
                make_record(dispatch, occurred_on=date(2026, 3, day), quantity=1, status=RecordStatus.SUBMITTED)
                while not _countersign_one():
                    pass  # all that this writer saw waiting was taken meanwhile; what others left is seen next time
        return True

    def fold(_number: int) -> bool:
        with own_app.app_context():
            for _ in range(RECORDS):
                fold_figures(batch=3)
        return True

    def read(_number: int) -> bool:
        with own_app.app_context():
            return all(_agree(bureau) for _ in range(RECORDS))

    with ThreadPoolExecutor(WRITERS + 4) as pool:
        tasks = [pool.submit(write, number) for number in range(WRITERS)]
        tasks += [pool.submit(task, number) for number in range(2) for task in (fold, read)]
        assert all(task.result(timeout=120) for task in tasks)
    with own_app.app_context():
        fold_figures()
        assert db.session.scalar(select(func.count()).select_from(FigureChange)) == 0
        assert db.session.scalar(select(func.sum(MonthlyFigures.records))) == WRITERS * RECORDS
        assert _agree(bureau)


def _countersign_one() -> bool:
    waiting = select(ActivityRecord.id).where(ActivityRecord.status == RecordStatus.SUBMITTED)
    one: UUID | None = db.session.scalars(waiting.limit(1).with_for_update(skip_locked=True)).first()
    if one is None:
        db.session.rollback()
        return False
    signed = {"status": RecordStatus.COUNTERSIGNED, "countersigned_at": clock.now()}
    db.session.execute(update(ActivityRecord).where(ActivityRecord.id == one).values(**signed))
    db.session.commit()
    return True


def _agree(bureau: Actor) -> bool:
    """Tell whether the figures are the raw count of the same snapshot."""
    db.session.rollback()
    db.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    figures = list_figures(bureau, Wanted(YEAR))
    told = (sum(one.now.records for one in figures), sum(one.now.waiting for one in figures))
    of = {
        status: db.session.scalar(select(func.count()).where(ActivityRecord.status == status))
        for status in (RecordStatus.COUNTERSIGNED, RecordStatus.SUBMITTED)
    }
    db.session.rollback()
    return told == (of[RecordStatus.COUNTERSIGNED], of[RecordStatus.SUBMITTED])
