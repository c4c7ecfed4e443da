"""What several taps tell together, as the job weighs it after them: marks, what counts then, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.rules.evidence import Confirmation, Judgement, Outcome
from backend.domain.attendance.rules.patterns import Sighting, is_impossible
from backend.domain.attendance.rules.taps import CheckInKind, Fix, PhoneClock
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.attendance.service.nonces import issue_nonce
from backend.domain.attendance.service.reviews import confirm_presence, judge_tap
from backend.domain.attendance.service.taps import Tap, record_tap
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id
from backend.jobs.attendance import weigh_new_taps, weigh_taps_again
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person

WEDNESDAY = date(2026, 9, 2)
SITE = Point(103.2, 27.3)
PHONE = "installation-of-the-doctor"
METRES_PER_DEGREE_NORTH = 111_194.9


def at(hour: int, minute: int = 0, day: date = WEDNESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def moment(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(7), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(moment: time_machine.Traveller) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 8, 1), sites=[county.site])


def north(metres: float, accuracy_m: float = 10) -> Fix:
    return Fix(Point(SITE.longitude, SITE.latitude + metres / METRES_PER_DEGREE_NORTH), accuracy_m)


def tapped(
    moment: time_machine.Traveller,
    dispatch: Dispatch,
    when: datetime,
    fix: Fix | None,
    *,
    phone: str | None = PHONE,
    kind: CheckInKind = CheckInKind.IN,
    late_by: timedelta | None = None,
) -> UUID:
    """Let the one who is sent tap, with all that an honest phone sends."""
    moment.move_to(when + (late_by or timedelta(0)))
    actor, key = acting(dispatch.person, Role.STAFF), new_id().hex
    clock = None
    if late_by is not None:
        seen = when - timedelta(hours=1)
        clock = PhoneClock(when, when + late_by, seen, seen)
    tap = Tap(
        dispatch_id=dispatch.id,
        kind=kind,
        key=key,
        fix=fix,
        phone=clock,
        nonce=issue_nonce(actor, key).nonce,
        installation=phone,
    )
    return record_tap(actor, tap).id


def found(tap_id: UUID) -> CheckIn:
    db.session.expire_all()
    return db.session.get_one(CheckIn, tap_id)


def reasons(*taps: UUID) -> list[list[str]]:
    return [found(tap).reasons for tap in taps]


def weigh(moment: time_machine.Traveller, when: datetime | None = None) -> None:
    """Let the job of the minute run, now or at an instant."""
    if when is not None:
        moment.move_to(when)
    weigh_new_taps()


def colleague_of(county: County) -> Dispatch:
    colleague = make_person(county.hospital, "沈雪远")
    return make_dispatch(colleague, county.township, starts_on=date(2026, 8, 1), sites=[county.site])


def test_one_phone_that_brings_two_people_marks_both(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch
) -> None:
    mine = tapped(moment, dispatch, at(8), north(3))
    theirs = tapped(moment, colleague_of(county), at(8, 2), north(4))
    weigh(moment)
    assert reasons(mine, theirs) == [["shared_installation"]] * 2
    assert {found(tap).outcome for tap in (mine, theirs)} == {Outcome.SUSPECT}
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "lower_tap")).all()
    assert {(event.subject_id, event.organisation_id, event.channel) for event in events} == {
        (tap, county.hospital.id, "system") for tap in (mine, theirs)
    }


@pytest.mark.parametrize(("hours", "shared"), [(24, True), (25, False)])
def test_a_phone_that_changes_hands_is_another_matter_after_a_day(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch, hours: int, shared: bool
) -> None:
    mine = tapped(moment, dispatch, at(8), north(3))
    weigh(moment)
    tapped(moment, colleague_of(county), at(8) + timedelta(hours=hours), north(4))
    weigh(moment)
    assert reasons(mine) == [["shared_installation"] if shared else []]


def test_a_new_phone_and_two_phones_of_one_person_are_no_reason(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch
) -> None:
    taps = [
        tapped(moment, dispatch, at(8), north(3)),
        tapped(moment, dispatch, at(12), north(4), phone="another-installation", kind=CheckInKind.OUT),
        tapped(moment, colleague_of(county), at(12), north(5), phone=None),
    ]
    weigh(moment)
    assert reasons(*taps) == [[], [], []]


def test_the_very_same_place_on_three_days_marks_them_all(moment: time_machine.Traveller, dispatch: Dispatch) -> None:
    days = [WEDNESDAY + timedelta(days=number) for number in range(3)]
    taps = []
    for day in days:
        taps.append(tapped(moment, dispatch, at(8, day=day), north(12.3, 8)))
        weigh(moment)
        if day != days[-1]:
            assert reasons(*taps) == [[]] * len(taps)
    assert reasons(*taps) == [["repeated_coordinates"]] * 3


def test_the_very_same_place_within_two_days_proves_nothing(moment: time_machine.Traveller, dispatch: Dispatch) -> None:
    taps = [
        tapped(moment, dispatch, at(hour, day=day), north(12.3, 8), kind=kind)
        for day in (WEDNESDAY, WEDNESDAY + timedelta(days=1))
        for hour, kind in ((8, CheckInKind.IN), (12, CheckInKind.OUT), (14, CheckInKind.IN), (17, CheckInKind.OUT))
    ]
    weigh(moment)
    assert reasons(*taps) == [[]] * 8


SATELLITE, NETWORK, LATE = (8, None), (40, None), (8, timedelta(hours=2))


@pytest.mark.parametrize(
    "days",
    [
        [NETWORK] * 5,
        [NETWORK, NETWORK, SATELLITE],
        [SATELLITE, SATELLITE, NETWORK],
        [LATE] * 4,
        [LATE, LATE, SATELLITE],
        [SATELLITE, SATELLITE, LATE],
    ],
    ids=["networks", "networks before", "a network last", "late ones", "late ones before", "a late one last"],
)
def test_what_a_network_answers_or_an_offline_phone_remembers_comes_back_honestly(
    moment: time_machine.Traveller, dispatch: Dispatch, days: list[tuple[float, timedelta | None]]
) -> None:
    taps = [
        tapped(moment, dispatch, at(8, day=WEDNESDAY + timedelta(days=number)), north(12.3, accuracy), late_by=late_by)
        for number, (accuracy, late_by) in enumerate(days)
    ]
    weigh(moment)
    assert not any("repeated_coordinates" in found(tap).reasons for tap in taps)
    assert Outcome.SUSPECT not in {found(tap).outcome for tap in taps}


def test_nobody_is_at_two_places_at_once(moment: time_machine.Traveller, dispatch: Dispatch) -> None:
    taps = [
        tapped(moment, dispatch, at(8), north(3)),
        tapped(moment, dispatch, at(8, 20), north(60_000), kind=CheckInKind.OUT),
    ]
    weigh(moment)
    assert reasons(*taps) == [["impossible_speed"], ["outside_fence", "impossible_speed"]]


def test_whoever_drives_to_another_site_is_believed(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch
) -> None:
    taps = [
        tapped(moment, dispatch, at(12), north(3), kind=CheckInKind.OUT),
        tapped(moment, dispatch, at(12, 40), north(60_000)),
    ]
    weigh(moment)
    assert reasons(*taps) == [[], ["outside_fence"]]


def test_the_place_of_a_mobile_tower_and_that_of_a_late_tap_say_nothing_about_speed(
    moment: time_machine.Traveller, dispatch: Dispatch
) -> None:
    taps = [
        tapped(moment, dispatch, at(8), north(3)),
        tapped(moment, dispatch, at(8, 5), north(60_000, 900)),
        tapped(moment, dispatch, at(8, 1), north(60_000), late_by=timedelta(minutes=30)),
    ]
    weigh(moment)
    assert not any("impossible_speed" in found(tap).reasons for tap in taps)


@pytest.mark.parametrize(
    ("kilometres", "minutes", "impossible"),
    [(60, 32, False), (60, 31, True), (1.9, 0, False), (2.2, 0, True), (2.2, 1, False), (900, 489, True)],
)
def test_a_speed_is_impossible_beyond_what_any_road_allows(kilometres: float, minutes: int, impossible: bool) -> None:
    one = Sighting(new_id(), SITE, 10, at(8))
    other = Sighting(new_id(), north(kilometres * 1000).point, 10, at(8) + timedelta(minutes=minutes))
    assert is_impossible(one, other) is impossible
    assert is_impossible(other, one) is impossible


def test_accuracy_is_taken_off_the_way() -> None:
    coarse = Sighting(new_id(), north(2_150).point, 180, at(8))
    assert not is_impossible(Sighting(new_id(), SITE, 10, at(8)), coarse)


def test_weighing_twice_changes_nothing(moment: time_machine.Traveller, county: County, dispatch: Dispatch) -> None:
    mine = tapped(moment, dispatch, at(8), north(3))
    tapped(moment, colleague_of(county), at(8, 2), north(4))
    for _ in range(2):
        weigh(moment)
        weigh_taps_again()
    assert reasons(mine) == [["shared_installation"]]
    events = select(AuditEvent).where(AuditEvent.action == "lower_tap", AuditEvent.subject_id == mine)
    assert len(db.session.scalars(events).all()) == 1
    notices = select(InboxItem).where(InboxItem.person_id == county.doctor.id)
    assert [notice.kind for notice in db.session.scalars(notices)] == ["tap_questioned"]


def test_a_tap_that_was_committed_late_is_found_by_the_next_run(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch
) -> None:
    theirs = colleague_of(county)
    mine = tapped(moment, dispatch, at(8), north(3))
    weigh(moment, at(8, 5))
    tapped(moment, theirs, at(8, 1), north(4))  # its instant is before the run, its commit after
    weigh(moment, at(8, 6))
    assert reasons(mine) == [["shared_installation"]]


def test_what_the_minutes_have_missed_the_night_finds(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch
) -> None:
    theirs = colleague_of(county)
    mine = tapped(moment, dispatch, at(8), north(3))
    weigh(moment, at(12))
    tapped(moment, theirs, at(8, 1), north(4))
    weigh(moment, at(12, 1))
    assert reasons(mine) == [[]]
    moment.move_to(at(2, 30, WEDNESDAY + timedelta(days=2)))
    weigh_taps_again()
    assert reasons(mine) == [["shared_installation"]]


def test_another_tap_of_the_duty_counts_where_the_first_is_lowered(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch
) -> None:
    borrowed = tapped(moment, dispatch, at(8), north(3), phone="phone-of-a-colleague")
    own = tapped(moment, dispatch, at(8, 10), north(5))
    tapped(moment, colleague_of(county), at(8, 12), north(4), phone="phone-of-a-colleague")
    assert (found(borrowed).effective, found(own).effective) == (True, False)
    weigh(moment)
    assert (found(borrowed).effective, found(own).effective) == (False, True)
    notices = select(InboxItem).where(InboxItem.person_id == county.doctor.id)
    assert db.session.scalars(notices).all() == []


@pytest.mark.parametrize("said", ["judged", "confirmed"])
def test_what_people_have_said_of_a_tap_stays_with_it(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch, said: str
) -> None:
    first = tapped(moment, dispatch, at(8), north(0, 500))
    tapped(moment, dispatch, at(8, 10), north(1, 500), phone="another-installation")
    if said == "judged":
        judge_tap(county.office, first, 0, Judgement.ACCEPTED, reason="与值班记录核对")
    else:
        confirm_presence(county.recipient, first, 0, Confirmation.PRESENT)
    tapped(moment, colleague_of(county), at(8, 20), north(4))
    weigh(moment)
    assert found(first).outcome is Outcome.SUSPECT
    assert found(first).effective


def test_a_shift_that_was_concluded_is_concluded_anew(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch
) -> None:
    tapped(moment, dispatch, at(8), north(3))
    conclude_shifts([dispatch.id], WEDNESDAY, WEDNESDAY, closing=True)
    key = (dispatch.id, WEDNESDAY, Shift.MORNING)
    assert db.session.get_one(DutyShift, key).standing is Standing.PRESENT
    tapped(moment, colleague_of(county), at(8, 20), north(4))
    weigh(moment)
    db.session.expire_all()
    assert db.session.get_one(DutyShift, key).standing is Standing.IN_DOUBT


def test_a_month_that_was_handed_in_is_left_as_it_is(
    moment: time_machine.Traveller, county: County, dispatch: Dispatch
) -> None:
    mine = tapped(moment, dispatch, at(8), north(3))
    sheet = Timesheet(
        dispatch_id=dispatch.id, month=date(2026, 9, 1), status=TimesheetStatus.SUBMITTED, submitted_at=at(8, 10)
    )
    db.session.add(sheet)
    db.session.commit()
    theirs = tapped(moment, colleague_of(county), at(8, 20), north(4))
    weigh(moment)
    assert reasons(mine, theirs) == [[], ["shared_installation"]]
