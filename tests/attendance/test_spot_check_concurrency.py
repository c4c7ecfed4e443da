"""A spot check that is answered, and whose time ends, at the same instant: each side in a connection of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from backend.domain.attendance.errors.spot_checks import SpotCheckOver
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.rules.spot_checks import AnswerMeans, SpotCheckKind, SpotCheckStatus
from backend.domain.attendance.service.spot_check_answers import (
    Answer,
    answer_spot_check,
    receive_open_spot_check,
)
from backend.domain.attendance.service.spot_check_rounds import lapse_spot_checks
from backend.domain.attendance.service.spot_checks import order_spot_check
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.clock import SHANGHAI
from backend.foundation.transaction import transaction
from tests.support.county import make_county
from tests.support.factories import make_dispatch

IN_CLINIC = Answer(means=AnswerMeans.CLINIC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 9, 2, 9, 0, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


def delivered(app: Flask) -> tuple[Actor, UUID]:
    with app.app_context():
        county = make_county()
        dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
        order_spot_check(county.office, dispatch.id, SpotCheckKind.PRESENCE)
        received = receive_open_spot_check(county.visitor)
        assert received is not None
        return county.visitor, received.id


def wait_for(other: Future[Any]) -> None:
    """Wait until the other side is done, or stands before a lock of ours."""
    for _ in range(1000):
        if other.done() or db.session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            return
        time.sleep(0.01)


def status(spot_check_id: UUID) -> SpotCheckStatus:
    db.session.expire_all()
    return db.session.get_one(SpotCheck, spot_check_id).status


def test_an_answer_that_is_being_written_is_not_taken_for_a_miss(own_app: Flask, clock: time_machine.Traveller) -> None:
    visitor, spot_check_id = delivered(own_app)

    def lapse() -> None:
        with own_app.app_context():
            lapse_spot_checks()

    with own_app.app_context(), ThreadPoolExecutor(1) as threads:
        with transaction() as session:
            answer_spot_check(visitor, spot_check_id, IN_CLINIC)
            session.flush()
            clock.shift(timedelta(minutes=16))
            other = threads.submit(lapse)
            wait_for(other)
        other.result()
        assert status(spot_check_id) is SpotCheckStatus.EXEMPT


def test_an_answer_that_comes_while_it_lapses_is_told_that_it_is_too_late(
    own_app: Flask, clock: time_machine.Traveller
) -> None:
    visitor, spot_check_id = delivered(own_app)

    def answer() -> None:
        with own_app.app_context():
            answer_spot_check(visitor, spot_check_id, IN_CLINIC)

    with own_app.app_context(), ThreadPoolExecutor(1) as threads:
        with transaction() as session:
            clock.shift(timedelta(minutes=16))
            assert lapse_spot_checks() == 1
            session.flush()
            clock.shift(-timedelta(minutes=2))  # the clock of the other process is behind
            other = threads.submit(answer)
            wait_for(other)
        with pytest.raises(SpotCheckOver):
            other.result()
        assert status(spot_check_id) is SpotCheckStatus.MISSED
