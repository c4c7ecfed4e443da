"""Records that several directors decide on at once, each in a thread and connection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.amendments import amend_record
from backend.domain.activities.service.countersigning import countersign_record, countersign_records, return_record
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from tests.support.activities import make_record
from tests.support.at_once import at_once, counted
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.timesheets import make_tap

_ROUNDS = 4


def directors(county: County) -> list[Actor]:
    return [county.recipient, acting(make_person(county.township, roles=[Role.DIRECTOR]), Role.DIRECTOR)]


def test_of_two_directors_who_decide_at_once_one_wins(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        dispatch = make_dispatch(county.doctor, county.township)
        signers = directors(county)
        ids = [make_record(dispatch, status=RecordStatus.SUBMITTED).id for _ in range(_ROUNDS)]

    def acts(record_id: UUID) -> list[Callable[[], object]]:
        return [
            *[lambda actor=actor: countersign_record(actor, record_id, 1) for actor in signers],
            *[lambda actor=actor: return_record(actor, record_id, 1, reason="不对") for actor in signers],
        ]

    for record_id in ids:
        assert counted(at_once(own_app, acts(record_id))) == {"done": 1, "stale_version": 3}


def test_two_who_sign_the_same_many_in_other_orders_do_not_wait_for_each_other(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        dispatch = make_dispatch(county.doctor, county.township)
        signers = directors(county)
        yesterday = clock.today() - timedelta(days=1)
        make_tap(dispatch, yesterday)
        ids = [make_record(dispatch, status=RecordStatus.SUBMITTED, occurred_on=yesterday).id for _ in range(20)]
    signed: list[UUID] = []
    left: list[str] = []

    def sign(actor: Actor, order: list[UUID]) -> None:
        done, rest = countersign_records(actor, [(record_id, 1) for record_id in order])
        signed.extend(record.id for record in done)
        left.extend(one.error.code for one in rest)

    outcome = counted(at_once(own_app, [lambda: sign(signers[0], ids), lambda: sign(signers[1], ids[::-1])]))

    assert outcome == {"done": 2}
    assert sorted(signed) == sorted(ids)
    assert Counter(left) == {"stale_version": 20}
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(InboxItem)) == 1  # one notice of all twenty


def test_one_amendment_is_begun_at_a_time(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        visitor = county.visitor
        record_id = make_record(make_dispatch(county.doctor, county.township)).id

    outcome = counted(at_once(own_app, [lambda: amend_record(visitor, record_id)] * 4))

    assert outcome == {"done": 1, "amendment_open": 3}
    with own_app.app_context():
        assert db.session.scalars(select(ActivityRecord.edition).order_by(ActivityRecord.edition)).all() == [1, 2]
