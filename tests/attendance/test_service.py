"""Recording taps against the real table, and who may look at a raw place."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from backend.domain.attendance.errors.taps import (
    IdempotencyKeyReused,
    LocationDropped,
    NoOpenException,
    NotOnDuty,
    TapInFuture,
    TapTooOld,
)
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.board import today_board
from backend.domain.attendance.queries.months import month_of
from backend.domain.attendance.rules.days import DayState, Presence
from backend.domain.attendance.rules.evidence import Judgement
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind, Fix, PhoneClock, Verdict
from backend.domain.attendance.service.locations import drop_old_locations, reveal_location
from backend.domain.attendance.service.nonces import issue_nonce
from backend.domain.attendance.service.reviews import judge_tap
from backend.domain.attendance.service.taps import Tap, record_tap
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.errors import DispatchNotFound
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden, NotFound
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person, make_setting
from tests.support.requests import make_correction, make_leave

WEDNESDAY = date(2026, 9, 2)
AT_THE_SITE = Fix(Point(103.2, 27.3), 20)
AT_HOME = Fix(Point(103.5, 27.6), 20)


def at(hour: int, minute: int = 0, day: date = WEDNESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 9, 1), ends_on=date(2027, 2, 28), sites=[county.site]
    )


def tap(dispatch: Dispatch, key: str = "key-00001", **changes: object) -> Tap:
    given: dict[str, object] = {
        "dispatch_id": dispatch.id,
        "kind": CheckInKind.IN,
        "key": key,
        "fix": AT_THE_SITE,
        "nonce": issue_nonce(Actor(person_id=dispatch.person_id), key).nonce,
    }
    return Tap(**(given | changes))  # type: ignore[arg-type]


def row(tap_id: UUID) -> CheckIn:
    db.session.expire_all()
    found = db.session.get(CheckIn, tap_id)
    assert found is not None
    return found


def test_a_tap_at_the_site_is_inside_and_leaves_no_plain_coordinates(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        recorded = record_tap(county.visitor, tap(dispatch))

    check_in = row(recorded.id)
    assert (check_in.verdict, check_in.shift, check_in.duty_on) == (Verdict.INSIDE, Shift.MORNING, WEDNESDAY)
    assert check_in.effective
    assert check_in.site_id == county.site.id
    assert check_in.location is not None
    assert b"103.2" not in check_in.location
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == check_in.id)).one()
    assert (event.action, event.organisation_id) == ("check_in", county.hospital.id)


def test_a_tap_far_away_is_kept_as_an_exception_with_its_reason(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        check_in = row(record_tap(county.visitor, tap(dispatch, fix=AT_HOME)).id)
    assert (check_in.verdict, check_in.reasons) == (Verdict.OUTSIDE, ["outside_fence"])
    assert check_in.effective


def test_an_inside_tap_takes_the_place_of_an_outside_one_and_both_stay(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        outside = record_tap(county.visitor, tap(dispatch, "key-00001", fix=AT_HOME)).id
    with time_machine.travel(at(8, 20), tick=False):
        inside = record_tap(county.visitor, tap(dispatch, "key-00002")).id
    with time_machine.travel(at(8, 30), tick=False):
        again = record_tap(county.visitor, tap(dispatch, "key-00003")).id

    assert [row(tap_id).effective for tap_id in (outside, inside, again)] == [False, True, False]


def test_leaving_counts_the_latest_tap(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(15), tick=False):
        early = record_tap(county.visitor, tap(dispatch, "key-00001", kind=CheckInKind.OUT)).id
    with time_machine.travel(at(17, 30), tick=False):
        late = record_tap(county.visitor, tap(dispatch, "key-00002", kind=CheckInKind.OUT)).id
    assert [row(tap_id).effective for tap_id in (early, late)] == [False, True]


def test_the_same_key_and_request_give_the_row_that_they_made(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        first = record_tap(county.visitor, tap(dispatch))
        second = record_tap(county.visitor, tap(dispatch))
    assert (second.id, second.repeated) == (first.id, True)
    assert db.session.scalar(select(func.count()).select_from(CheckIn)) == 1


def test_a_tap_whose_answer_was_lost_may_come_again_as_an_offline_one(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        first = record_tap(county.visitor, tap(dispatch))
    with time_machine.travel(at(9), tick=False):
        again = record_tap(county.visitor, tap(dispatch, phone=offline(at(8), at(9))))
    assert (again.id, again.repeated, again.verdict) == (first.id, True, Verdict.INSIDE)


def test_the_same_key_with_another_request_is_refused(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        record_tap(county.visitor, tap(dispatch))
        with pytest.raises(IdempotencyKeyReused):
            record_tap(county.visitor, tap(dispatch, kind=CheckInKind.OUT))


def test_nobody_taps_for_the_dispatch_of_another(county: County, dispatch: Dispatch) -> None:
    other = acting(make_person(county.hospital, "沈雪远"), Role.STAFF)
    for actor in (other, county.office, Actor()):
        with pytest.raises(DispatchNotFound):
            record_tap(actor, tap(dispatch))


def test_a_day_that_is_not_claimed_is_no_duty(county: County) -> None:
    visiting = make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 9, 1), pattern=WeeklyPattern.of([5]), sites=[county.site]
    )
    with time_machine.travel(at(8), tick=False), pytest.raises(NotOnDuty):
        record_tap(county.visitor, tap(visiting))


def offline(tapped_at: datetime, sent_at: datetime, **changes: object) -> PhoneClock:
    seen = tapped_at - timedelta(hours=1)
    given: dict[str, object] = {"last_server_time": seen, "last_server_seen_at": seen}
    return PhoneClock(tapped_at, sent_at, **(given | changes))  # type: ignore[arg-type]


def test_an_offline_tap_keeps_its_day_both_clocks_and_is_at_most_uncertain(county: County, dispatch: Dispatch) -> None:
    sent_at = at(20, day=WEDNESDAY + timedelta(days=1))
    with time_machine.travel(sent_at, tick=False):
        check_in = row(record_tap(county.visitor, tap(dispatch, phone=offline(at(8), sent_at))).id)
    assert (check_in.duty_on, check_in.verdict, check_in.late) == (WEDNESDAY, Verdict.UNCERTAIN, True)
    assert (check_in.tapped_at, check_in.phone_at, check_in.received_at) == (at(8), at(8), sent_at)


def test_an_offline_tap_of_a_clock_that_is_not_believed_counts_on_the_day_of_its_arrival(
    county: County, dispatch: Dispatch
) -> None:
    sent_at = at(20, day=WEDNESDAY + timedelta(days=1))
    clock = offline(at(8), sent_at, last_server_time=None, last_server_seen_at=None)
    with time_machine.travel(sent_at, tick=False):
        check_in = row(record_tap(county.visitor, tap(dispatch, phone=clock)).id)
    assert check_in.duty_on == WEDNESDAY + timedelta(days=1)
    assert "phone_clock_disagrees" in check_in.reasons


def test_an_offline_tap_that_is_not_believed_finds_what_was_tapped_on_the_day_of_its_arrival(
    county: County, dispatch: Dispatch
) -> None:
    sent_at = at(9, day=WEDNESDAY + timedelta(days=1))
    clock = offline(at(8), sent_at, last_server_time=None, last_server_seen_at=None)
    with time_machine.travel(sent_at, tick=False):
        online = record_tap(county.visitor, tap(dispatch, "key-00001")).id
        late = record_tap(county.visitor, tap(dispatch, "key-00002", phone=clock)).id
    assert [row(tap_id).effective for tap_id in (online, late)] == [True, False]


def test_an_offline_tap_past_the_days_allowed_asks_for_a_correction(county: County, dispatch: Dispatch) -> None:
    make_setting(county.hospital, "attendance.late_upload_days", 1)
    sent_at = at(9, day=WEDNESDAY + timedelta(days=1))
    with time_machine.travel(sent_at, tick=False), pytest.raises(TapTooOld):
        record_tap(county.visitor, tap(dispatch, phone=offline(at(8), sent_at)))


def test_an_offline_tap_from_the_future_is_refused(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False), pytest.raises(TapInFuture):
        record_tap(county.visitor, tap(dispatch, phone=offline(at(9), at(9))))


def test_an_online_inside_tap_beats_an_earlier_offline_one_that_arrives_later(
    county: County, dispatch: Dispatch
) -> None:
    with time_machine.travel(at(9), tick=False):
        online = record_tap(county.visitor, tap(dispatch, "key-00001")).id
    with time_machine.travel(at(12), tick=False):
        late = record_tap(county.visitor, tap(dispatch, "key-00002", phone=offline(at(8), at(12)))).id
    assert [row(tap_id).effective for tap_id in (online, late)] == [True, False]


def test_medical_affairs_sees_a_raw_place_only_on_an_exception_and_leaves_a_trace(
    county: County, dispatch: Dispatch
) -> None:
    with time_machine.travel(at(8), tick=False):
        outside = record_tap(county.visitor, tap(dispatch, "key-00001", fix=AT_HOME)).id

    assert reveal_location(county.office, outside, "核实是否在派驻点") == (103.5, 27.6)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "reveal_location")).one()
    assert (event.subject_id, event.details) == (outside, {"reason": "核实是否在派驻点"})


@pytest.mark.parametrize("which", [0, 1], ids=["replaced", "verified"])
def test_what_is_no_exception_shows_no_raw_place(county: County, dispatch: Dispatch, which: int) -> None:
    with time_machine.travel(at(8), tick=False):
        outside = record_tap(county.visitor, tap(dispatch, "key-00001", fix=AT_HOME)).id
        inside = record_tap(county.visitor, tap(dispatch, "key-00002")).id
    with pytest.raises(NoOpenException):
        reveal_location(county.office, (outside, inside)[which], "看看")


def test_a_raw_place_is_closed_once_somebody_has_decided_about_the_tap(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        outside = record_tap(county.visitor, tap(dispatch, fix=AT_HOME)).id
        judge_tap(county.office, outside, 0, Judgement.REJECTED, reason="不在派驻点")
    with pytest.raises(NoOpenException):
        reveal_location(county.office, outside, "看看")
    assert reveal_location(county.visitor, outside, "本人查看") == (103.5, 27.6)


def test_the_recipient_the_bureau_and_strangers_never_see_a_raw_place(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        outside = record_tap(county.visitor, tap(dispatch, fix=AT_HOME)).id
    for actor in (county.recipient, county.overseer):
        with pytest.raises(Forbidden):
            reveal_location(actor, outside, "看看")
    with pytest.raises(NotFound):
        reveal_location(county.stranger, outside, "看看")


def test_raw_places_go_after_their_days_and_the_verdict_stays(county: County, dispatch: Dispatch) -> None:
    make_setting(county.hospital, "attendance.coordinates_kept_days", 30)
    with time_machine.travel(at(8), tick=False):
        tap_id = record_tap(county.visitor, tap(dispatch, fix=AT_HOME)).id
    with time_machine.travel(at(7, day=date(2026, 10, 2)), tick=False):
        assert drop_old_locations(date(2026, 10, 2)) == 0
    with time_machine.travel(at(9, day=date(2026, 10, 3)), tick=False):
        assert drop_old_locations(date(2026, 10, 3)) == 1

    check_in = row(tap_id)
    assert check_in.location is None
    assert check_in.distance_m is not None
    assert check_in.location_fingerprint is not None
    with pytest.raises(LocationDropped):
        reveal_location(county.office, tap_id, "核实")


def test_the_board_shows_each_shift_as_it_stands(county: County, dispatch: Dispatch) -> None:
    absent = make_person(county.hospital, "沈雪远")
    make_dispatch(absent, county.township, starts_on=date(2026, 9, 1), sites=[county.site])
    with time_machine.travel(at(8), tick=False):
        record_tap(county.visitor, tap(dispatch))
    with time_machine.travel(at(9), tick=False):
        board = today_board(county.office, WEDNESDAY)

    shown = {line.dispatch.person_id: [part.presence for part in line.shifts] for line in board.rows}
    assert shown == {
        county.doctor.id: [Presence.INSIDE, Presence.NOT_DUE],
        absent.id: [Presence.NOT_CHECKED_IN, Presence.NOT_DUE],
    }
    assert board.count(Presence.INSIDE) == 1
    assert board.empty_sites == ()


def test_a_site_where_nobody_has_arrived_is_named(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(9), tick=False):
        record_tap(county.visitor, tap(dispatch, fix=AT_HOME))
        board = today_board(county.overseer, WEDNESDAY)
    assert [site.id for site in board.empty_sites] == [county.site.id]


def test_the_board_is_empty_for_strangers_and_refused_to_roles_without_the_right(
    county: County, dispatch: Dispatch
) -> None:
    assert today_board(county.stranger, WEDNESDAY).rows == ()
    with pytest.raises(Forbidden):
        today_board(acting(county.medical_affairs, Role.ADMIN), WEDNESDAY)


def test_a_free_day_is_not_missed_and_a_year_without_a_calendar_is_said(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(9, day=date(2026, 10, 1)), tick=False):
        holiday = today_board(county.office, date(2026, 10, 1))
    assert (holiday.working, holiday.holiday) == (False, "国庆节")
    assert {part.presence for line in holiday.rows for part in line.shifts} == {Presence.NOT_DUE}
    assert today_board(county.office, date(2027, 1, 4)).working is None


def test_a_month_names_what_is_complete_and_what_is_missing(county: County, dispatch: Dispatch) -> None:
    with time_machine.travel(at(8), tick=False):
        record_tap(county.visitor, tap(dispatch, "key-00001"))
    with time_machine.travel(at(14), tick=False):
        record_tap(county.visitor, tap(dispatch, "key-00002"))
    with time_machine.travel(at(9, day=date(2026, 9, 7)), tick=False):
        month = {day.day: day.state for day in month_of([dispatch], date(2026, 8, 31), date(2026, 9, 8))}

    assert month == {
        date(2026, 8, 31): DayState.OFF,
        date(2026, 9, 1): DayState.MISSING,
        date(2026, 9, 2): DayState.COMPLETE,
        date(2026, 9, 3): DayState.MISSING,
        date(2026, 9, 4): DayState.MISSING,
        date(2026, 9, 5): DayState.OFF,
        date(2026, 9, 6): DayState.OFF,
        date(2026, 9, 7): DayState.FUTURE,
        date(2026, 9, 8): DayState.FUTURE,
    }


def test_leave_and_corrections_are_no_missed_days_of_a_month(county: County, dispatch: Dispatch) -> None:
    monday, tuesday = date(2026, 9, 7), date(2026, 9, 8)
    make_leave(dispatch, LeaveSpan(monday, Shift.MORNING, tuesday, Shift.MORNING))
    with time_machine.travel(at(20, day=date(2026, 9, 9)), tick=False):
        for shift, hour in ((Shift.MORNING, 8), (Shift.AFTERNOON, 14)):
            corrected = make_correction(dispatch, at(hour), shift)
            corrected.status, corrected.decided_at = RequestStatus.ACCEPTED, at(20)
        db.session.commit()
        month = {day.day: day.state for day in month_of([dispatch], date(2026, 9, 1), date(2026, 9, 9))}
    assert month[WEDNESDAY] is DayState.COMPLETE
    assert month[WEDNESDAY + timedelta(days=1)] is DayState.MISSING
    assert month[monday] is DayState.OFF
    assert month[tuesday] is DayState.MISSING  # the afternoon
