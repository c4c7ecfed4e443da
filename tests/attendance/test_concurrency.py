"""Many taps at once, each in a thread and connection of its own, against a database of the test's own."""

from __future__ import annotations

import dataclasses
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.errors.taps import SiteCodeUsed
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.rules.evidence import Confirmation, Judgement, Outcome
from backend.domain.attendance.rules.taps import CheckInKind, Fix, Verdict
from backend.domain.attendance.service.nonces import issue_nonce
from backend.domain.attendance.service.reviews import confirm_presence, judge_tap
from backend.domain.attendance.service.site_codes import code_shown
from backend.domain.attendance.service.taps import Recorded, Tap, record_tap
from backend.domain.attendance.service.weighing import weigh_new_taps
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Site
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import BangfuError, Conflict
from tests.support.county import make_county
from tests.support.factories import acting, make_dispatch, make_person, make_tablet
from tests.support.timesheets import make_tap

AT_THE_SITE = Fix(Point(103.2, 27.3), 20)
AT_HOME = Fix(Point(103.5, 27.6), 20)


def prepared(app: Flask) -> tuple[Actor, Tap]:
    with app.app_context():
        county = make_county()
        dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
        return county.visitor, Tap(dispatch_id=dispatch.id, kind=CheckInKind.IN, key="key-00000", fix=AT_THE_SITE)


def at_once(app: Flask, actor: Actor, taps: list[Tap]) -> list[Recorded]:
    return [one for one in answers_at_once(app, actor, taps) if isinstance(one, Recorded)]


def answers_at_once(app: Flask, actor: Actor, taps: list[Tap]) -> list[Recorded | SiteCodeUsed]:
    def one(tap: Tap) -> Recorded | SiteCodeUsed:
        with app.app_context():
            while True:
                try:
                    return record_tap(actor, tap)
                except SiteCodeUsed as used:
                    return used
                except Conflict:  # what a phone does: the same key again
                    continue

    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(one, taps))


def test_one_tap_sent_many_times_at_once_is_one_row(own_app: Flask) -> None:
    actor, tap = prepared(own_app)

    recorded = at_once(own_app, actor, [tap] * 16)

    assert len({one.id for one in recorded}) == 1
    assert [one.repeated for one in recorded].count(False) == 1


def test_many_taps_for_one_duty_leave_every_row_and_one_that_counts(own_app: Flask) -> None:
    actor, tap = prepared(own_app)
    taps = [
        dataclasses.replace(tap, key=f"key-{number:05d}", fix=AT_THE_SITE if number % 3 else AT_HOME)
        for number in range(24)
    ]

    at_once(own_app, actor, taps)

    with own_app.app_context():
        rows = db.session.scalars(select(CheckIn)).all()
    assert len(rows) == 24
    (effective,) = [row for row in rows if row.effective]
    inside = [row.tapped_at for row in rows if row.verdict is Verdict.INSIDE]
    assert effective.tapped_at == min(inside)


def test_a_nonce_that_is_sent_many_times_at_once_verifies_one_row(own_app: Flask) -> None:
    actor, tap = prepared(own_app)
    with own_app.app_context():
        nonce = issue_nonce(actor, tap.key).nonce
    taps = [
        dataclasses.replace(tap, nonce=nonce, key=tap.key if number % 2 else f"key-{number:05d}x")
        for number in range(16)
    ]

    at_once(own_app, actor, taps)

    with own_app.app_context():
        outcomes = [row.outcome for row in db.session.scalars(select(CheckIn))]
    assert outcomes.count(Outcome.VERIFIED) == 1
    assert outcomes.count(Outcome.UNCERTAIN) == 8


def test_of_many_who_decide_about_a_tap_at_once_one_does(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        dispatch = make_dispatch(county.doctor, county.township)
        check_in_id = make_tap(dispatch, clock.today() - timedelta(days=1), outcome=Outcome.UNCERTAIN).id
        deciders = [county.recipient, county.office] * 6

    def decide(actor: Actor) -> str:
        with own_app.app_context():
            try:
                if actor.role is Role.DIRECTOR:
                    confirm_presence(actor, check_in_id, 0, Confirmation.ABSENT)
                else:
                    judge_tap(actor, check_in_id, 0, Judgement.ACCEPTED, reason="与值班记录核对")
            except BangfuError as error:
                return error.code
            return "done"

    with ThreadPoolExecutor(4) as threads:
        outcome = Counter(threads.map(decide, deciders))

    assert outcome == {"done": 1, "stale_version": 11}
    with own_app.app_context():
        assert db.session.scalars(select(CheckInReview.version)).one() == 1
        (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action.in_(("confirm_tap", "judge_tap"))))
        said = db.session.scalars(select(CheckInReview)).one()
        assert (event.action == "judge_tap") == (said.judgement is not None)


def test_the_weighing_that_runs_many_times_at_once_marks_a_tap_once(own_app: Flask) -> None:
    actor, tap = prepared(own_app)
    with own_app.app_context():
        first = db.session.get_one(Dispatch, tap.dispatch_id)
        theirs = make_dispatch(make_person(first.supporting), first.recipient)
        record_tap(actor, dataclasses.replace(tap, installation="one-phone-for-two"))
        colleague = acting(theirs.person, Role.STAFF)
        record_tap(colleague, dataclasses.replace(tap, dispatch_id=theirs.id, installation="one-phone-for-two"))

    def weigh(_number: int) -> int:
        with own_app.app_context():
            return weigh_new_taps()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(weigh, range(8))) == 2

    with own_app.app_context():
        marks = db.session.scalars(select(AuditEvent.subject_id).where(AuditEvent.action == "lower_tap")).all()
        assert len(marks) == len(set(marks)) == 2


def test_a_code_that_is_sent_many_times_at_once_counts_once(own_app: Flask) -> None:
    actor, tap = prepared(own_app)
    with own_app.app_context():
        tablet_id = make_tablet(db.session.scalars(select(Site)).one()).id
        code = code_shown(tablet_id, clock.now())
    taps = [dataclasses.replace(tap, code=code, fix=None, key=f"key-{number:05d}") for number in range(16)]

    answers = answers_at_once(own_app, actor, taps)

    assert sum(isinstance(answer, Recorded) for answer in answers) == 1
    with own_app.app_context():
        assert [row.site_tablet_id for row in db.session.scalars(select(CheckIn))] == [tablet_id]
