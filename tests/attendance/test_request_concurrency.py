"""Requests that are made and decided by several at once, each in a thread and connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.rules.corrections import CorrectedTap
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.service.corrections import CorrectionDraft, decide_correction, request_correction
from backend.domain.attendance.service.leave import LeaveDraft, cancel_leave, grant_leave, reject_leave, request_leave
from backend.domain.dispatch.models import Suspension
from backend.domain.dispatch.rules import Shift
from backend.domain.dispatch.service import post_substitute
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from tests.support.at_once import at_once, counted
from tests.support.county import make_county
from tests.support.factories import acting, make_dispatch, make_person, make_setting

YESTERDAY = clock.today() - timedelta(days=1)


def correction_draft(dispatch_id: UUID, day: date) -> CorrectionDraft:
    at = datetime.combine(day, time(8), clock.SHANGHAI)
    return CorrectionDraft(dispatch_id, CorrectedTap(day, Shift.MORNING, CheckInKind.IN, at), "手机没电")


def test_of_two_directors_who_decide_at_once_one_is_told_that_it_is_done(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        dispatch = make_dispatch(county.doctor, county.township)
        second = acting(make_person(county.township, roles=[Role.DIRECTOR]), Role.DIRECTOR)
        deciders: list[Actor] = [county.recipient, second, county.office]
        request_id = request_correction(
            county.visitor, correction_draft(dispatch.id, YESTERDAY), key="key-1"
        ).correction.id

    outcome = counted(
        at_once(
            own_app,
            [
                lambda actor=actor, accept=accept: decide_correction(  # type: ignore[misc]
                    actor, request_id, 1, accept=accept, reason="现场核实"
                )
                for actor in deciders
                for accept in (True, False)
            ],
        )
    )

    assert outcome == {"done": 1, "stale_version": 5}
    with own_app.app_context():
        row = db.session.scalars(select(CorrectionRequest)).one()
        assert row.version == 2
        assert row.status in (RequestStatus.ACCEPTED, RequestStatus.REJECTED)


def test_a_double_submit_is_one_request_and_the_last_one_of_a_month_is_given_once(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        make_setting(county.hospital, "attendance.corrections_a_month", 1)
        dispatch = make_dispatch(county.doctor, county.township, starts_on=clock.today() - timedelta(days=40))
        doctor, last_month = county.visitor, clock.today().replace(day=1) - timedelta(days=1)
        first = correction_draft(dispatch.id, last_month)
        other = correction_draft(dispatch.id, last_month - timedelta(days=1))

    acts: list[Callable[[], object]] = [lambda: request_correction(doctor, first, key="key-1") for _ in range(4)]
    acts += [lambda: request_correction(doctor, other, key="key-2") for _ in range(4)]
    outcome = counted(at_once(own_app, acts))

    assert outcome == {"done": 4, "corrections_used_up": 4}
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CorrectionRequest)) == 1


def leave_draft(dispatch_id: UUID, kind: LeaveKind = LeaveKind.SICK, *, first: int = 2, last: int = 4) -> LeaveDraft:
    starts_on, ends_on = (clock.today() + timedelta(days=days) for days in (first, last))
    return LeaveDraft(dispatch_id, kind, LeaveSpan(starts_on, Shift.MORNING, ends_on, Shift.NIGHT), "发热")


def test_of_leaves_that_overlap_one_is_taken(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        dispatch = make_dispatch(county.doctor, county.township)
        doctor = county.visitor
        drafts = [leave_draft(dispatch.id, first=2 + number, last=8) for number in range(6)]

    outcome = counted(at_once(own_app, [lambda draft=draft: request_leave(doctor, draft) for draft in drafts]))  # type: ignore[misc]

    assert outcome == {"done": 1, "leave_overlaps": 5}


def test_leave_is_granted_rejected_or_given_up_but_not_two_of_these(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        make_setting(county.hospital, "attendance.leave_days_of_recipient", 5)
        dispatch = make_dispatch(county.doctor, county.township)
        second = acting(make_person(county.township, roles=[Role.DIRECTOR]), Role.DIRECTOR)
        doctor, director, office = county.visitor, county.recipient, county.office
        leave_id = request_leave(doctor, leave_draft(dispatch.id)).leave.id

    outcome = counted(
        at_once(
            own_app,
            [
                lambda: grant_leave(director, leave_id, 1),
                lambda: grant_leave(second, leave_id, 1),
                lambda: reject_leave(office, leave_id, 1, reason="科室缺人"),
                lambda: cancel_leave(doctor, leave_id, 1),
            ],
        )
    )

    assert outcome == {"done": 1, "stale_version": 3}
    with own_app.app_context():
        assert db.session.scalars(select(LeaveRequest)).one().version == 2


def test_of_substitutes_posted_at_once_one_goes(own_app: Flask) -> None:
    with own_app.app_context():
        county = make_county()
        dispatch = make_dispatch(county.doctor, county.township)
        office = county.office
        leave_id = request_leave(county.visitor, leave_draft(dispatch.id, LeaveKind.MATERNITY)).leave.id
        grant_leave(county.recipient, leave_id, 1)
        grant_leave(office, leave_id, 2)
        suspension_id = db.session.scalars(select(Suspension.id)).one()
        people = [make_person(county.hospital).id for _ in range(4)]

    def post(person_id: UUID) -> Callable[[], object]:
        return lambda: post_substitute(office, suspension_id, person_id=person_id)

    outcome = counted(at_once(own_app, [post(person_id) for person_id in people]))

    assert outcome == {"done": 1, "substitute_posted": 3}
