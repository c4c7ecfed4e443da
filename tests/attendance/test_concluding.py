"""How a shift stands, by all that speaks for or against it; the order is the one that the module names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range

from backend.domain.attendance.concluding import EPOCH, conclude_shifts, read_standings
from backend.domain.attendance.models.requests import AbsenceDecision, CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.rules.evidence import Confirmation, Judgement, Outcome
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import SHIFTS, Shift, WeeklyPattern
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch
from tests.support.timesheets import make_tap

TUESDAY, WEDNESDAY, SATURDAY = date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 7)
NOON = datetime(2026, 11, 9, 12, tzinfo=SHANGHAI)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    pattern = WeeklyPattern.of(range(1, 8), SHIFTS)
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 11, 2), pattern=pattern)


def keep(row: object) -> None:
    db.session.add(row)
    db.session.commit()


def standing(dispatch: Dispatch, day: date = TUESDAY, shift: Shift = Shift.MORNING) -> Standing | None:
    lines = {(line.duty_on, line.shift): line.standing for line in read_standings([dispatch.id], day, day)}
    return lines.get((day, shift))


def tap(dispatch: Dispatch, outcome: Outcome, **said: object) -> CheckIn:
    made = make_tap(dispatch, TUESDAY, Shift.MORNING, outcome)
    if said:
        keep(CheckInReview(check_in_id=made.id, **said))
    return made


def said_by(county: County, judgement: Judgement) -> dict[str, object]:
    return {"judgement": judgement, "judged_by_person_id": county.medical_affairs.id, "judged_at": NOON}


def confirmed_by(county: County, confirmation: Confirmation) -> dict[str, object]:
    return {"confirmation": confirmation, "confirmed_by_person_id": county.director.id, "confirmed_at": NOON}


def correct(dispatch: Dispatch, county: County, status: RequestStatus = RequestStatus.ACCEPTED) -> None:
    decided = status in (RequestStatus.ACCEPTED, RequestStatus.REJECTED)
    keep(
        CorrectionRequest(
            dispatch_id=dispatch.id,
            person_id=dispatch.person_id,
            duty_on=TUESDAY,
            shift=Shift.MORNING,
            kind=CheckInKind.IN,
            happened_at=NOON,
            reason="手机没电",
            status=status,
            decided_by_person_id=county.director.id if decided else None,
            decided_at=NOON if decided else None,
        )
    )


def leave(dispatch: Dispatch, status: RequestStatus = RequestStatus.ACCEPTED) -> None:
    number = (TUESDAY - EPOCH).days * 3
    keep(
        LeaveRequest(
            dispatch_id=dispatch.id,
            person_id=dispatch.person_id,
            kind=LeaveKind.SICK,
            starts_on=TUESDAY,
            starts_with=Shift.MORNING,
            ends_on=TUESDAY,
            ends_with=Shift.MORNING,
            halves=Range(number, number + 1),
            reason="发热",
            needs_supporting=False,
            is_long=False,
            status=status,
        )
    )


def call_absent(dispatch: Dispatch, county: County, *, withdrawn: bool = False) -> None:
    keep(
        AbsenceDecision(
            dispatch_id=dispatch.id,
            duty_on=TUESDAY,
            shift=Shift.MORNING,
            reason="无故不在",
            decided_by_person_id=county.medical_affairs.id,
            decided_at=NOON,
            withdrawn_at=NOON if withdrawn else None,
        )
    )


Arrange = Callable[[Dispatch, County], object]


def both(first: Arrange, second: Arrange) -> Arrange:
    """Arrange one thing and then another."""

    def arrange(dispatch: Dispatch, county: County) -> None:
        first(dispatch, county)
        second(dispatch, county)

    return arrange


def on_leave(dispatch: Dispatch, _county: County) -> None:
    leave(dispatch)


def tapped(outcome: Outcome) -> Arrange:
    return lambda dispatch, _county: tap(dispatch, outcome)


CASES: dict[str, tuple[Arrange, Standing]] = {
    "nothing at all": (lambda d, c: None, Standing.OPEN),
    "a verified tap": (tapped(Outcome.VERIFIED), Standing.PRESENT),
    "an uncertain tap": (tapped(Outcome.UNCERTAIN), Standing.IN_DOUBT),
    "a suspect tap": (tapped(Outcome.SUSPECT), Standing.IN_DOUBT),
    "a suspect tap, confirmed on the spot": (
        lambda d, c: tap(d, Outcome.SUSPECT, **confirmed_by(c, Confirmation.PRESENT)),
        Standing.PRESENT,
    ),
    "a verified tap, denied on the spot": (
        lambda d, c: tap(d, Outcome.VERIFIED, **confirmed_by(c, Confirmation.ABSENT)),
        Standing.NOT_COUNTED,
    ),
    "denied on the spot, but judged to count": (
        lambda d, c: tap(d, Outcome.SUSPECT, **confirmed_by(c, Confirmation.ABSENT), **said_by(c, Judgement.ACCEPTED)),
        Standing.PRESENT,
    ),
    "confirmed on the spot, but judged not to count": (
        lambda d, c: tap(
            d, Outcome.VERIFIED, **confirmed_by(c, Confirmation.PRESENT), **said_by(c, Judgement.REJECTED)
        ),
        Standing.NOT_COUNTED,
    ),
    "a correction": (correct, Standing.CORRECTED),
    "a correction of a tap that was judged not to count": (
        both(lambda d, c: tap(d, Outcome.SUSPECT, **said_by(c, Judgement.REJECTED)), correct),
        Standing.CORRECTED,
    ),
    "a correction that was only asked for": (lambda d, c: correct(d, c, RequestStatus.REQUESTED), Standing.OPEN),
    "a correction that was rejected": (lambda d, c: correct(d, c, RequestStatus.REJECTED), Standing.OPEN),
    "leave": (on_leave, Standing.LEAVE),
    "leave that was only asked for": (lambda d, c: leave(d, RequestStatus.REQUESTED), Standing.OPEN),
    "leave, and there all the same": (both(on_leave, tapped(Outcome.VERIFIED)), Standing.PRESENT),
    "leave, and a tap from elsewhere": (both(on_leave, tapped(Outcome.SUSPECT)), Standing.LEAVE),
    "a person's word that it was absence": (call_absent, Standing.ABSENT),
    "such a word, withdrawn": (lambda d, c: call_absent(d, c, withdrawn=True), Standing.OPEN),
    "absence, but leave was granted": (both(call_absent, on_leave), Standing.LEAVE),
    "the night before was worked": (lambda d, c: make_tap(d, date(2026, 11, 2), Shift.NIGHT), Standing.NIGHT_REST),
    "the night before is in doubt": (
        lambda d, c: make_tap(d, date(2026, 11, 2), Shift.NIGHT, Outcome.SUSPECT),
        Standing.OPEN,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_shift_stands_by_what_speaks_for_it(dispatch: Dispatch, county: County, case: str) -> None:
    arrange, expected = CASES[case]
    arrange(dispatch, county)
    assert standing(dispatch) is expected


def test_a_free_day_has_a_line_only_where_something_was_done(dispatch: Dispatch) -> None:
    assert standing(dispatch, SATURDAY) is None
    make_tap(dispatch, SATURDAY)
    [line] = read_standings([dispatch.id], SATURDAY, SATURDAY)
    assert (line.shift, line.standing, line.working) == (Shift.MORNING, Standing.PRESENT, False)


def test_a_moved_working_day_is_worked_and_its_holiday_is_free(county: County) -> None:
    # 2026: the National Day holiday is paid for on 20 September and 10 October.
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1))
    days = {line.duty_on for line in read_standings([dispatch.id], date(2026, 9, 19), date(2026, 10, 11))}
    assert {date(2026, 9, 20), date(2026, 10, 10)} <= days
    assert not days & {date(2026, 9, 19), date(2026, 10, 1), date(2026, 10, 7), date(2026, 10, 11)}


def test_a_year_without_calendar_is_not_guessed(county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2041, 1, 1))
    lines = read_standings([dispatch.id], date(2041, 1, 1), date(2041, 1, 7))
    assert len(lines) == 14
    assert {line.working for line in lines} == {None}


def test_only_what_is_claimed_within_the_dispatch_has_a_line(county: County) -> None:
    pattern = WeeklyPattern(frozenset({(2, Shift.MORNING)}))
    dispatch = make_dispatch(
        county.doctor, county.township, starts_on=TUESDAY, ends_on=TUESDAY + timedelta(days=8), pattern=pattern
    )
    lines = read_standings([dispatch.id], date(2026, 10, 1), date(2026, 12, 31))
    assert [(line.duty_on, line.shift) for line in lines] == [
        (TUESDAY, Shift.MORNING),
        (TUESDAY + timedelta(days=7), Shift.MORNING),
    ]


def concluded(dispatch: Dispatch) -> dict[tuple[date, Shift], Standing]:
    rows = db.session.scalars(select(DutyShift).where(DutyShift.dispatch_id == dispatch.id))
    return {(row.duty_on, row.shift): row.standing for row in rows}


def test_closing_says_not_checked_in_where_nothing_came(dispatch: Dispatch) -> None:
    make_tap(dispatch, TUESDAY)
    conclude_shifts([dispatch.id], TUESDAY, TUESDAY, closing=True)
    assert concluded(dispatch) == {
        (TUESDAY, Shift.MORNING): Standing.PRESENT,
        (TUESDAY, Shift.AFTERNOON): Standing.NOT_CHECKED_IN,
        (TUESDAY, Shift.NIGHT): Standing.NOT_CHECKED_IN,
    }


def test_before_closing_only_what_has_evidence_is_written(dispatch: Dispatch) -> None:
    make_tap(dispatch, TUESDAY)
    conclude_shifts([dispatch.id], TUESDAY, WEDNESDAY)
    assert concluded(dispatch) == {(TUESDAY, Shift.MORNING): Standing.PRESENT}


def test_concluding_again_follows_the_evidence_and_changes_nothing_else(dispatch: Dispatch, county: County) -> None:
    conclude_shifts([dispatch.id], TUESDAY, WEDNESDAY, closing=True)
    first = {row.duty_on: row.concluded_at for row in db.session.scalars(select(DutyShift))}
    db.session.expire_all()
    correct(dispatch, county)
    conclude_shifts([dispatch.id], TUESDAY, WEDNESDAY, closing=True)
    assert concluded(dispatch)[TUESDAY, Shift.MORNING] is Standing.CORRECTED
    unchanged = select(DutyShift.concluded_at).where(DutyShift.duty_on == WEDNESDAY)
    assert set(db.session.scalars(unchanged)) == {first[WEDNESDAY]}


def test_what_rests_on_nothing_any_more_goes(dispatch: Dispatch) -> None:
    made = make_tap(dispatch, SATURDAY)
    conclude_shifts([dispatch.id], SATURDAY, SATURDAY)
    assert concluded(dispatch) == {(SATURDAY, Shift.MORNING): Standing.PRESENT}
    db.session.execute(update(CheckIn).where(CheckIn.id == made.id).values(effective=False))
    conclude_shifts([dispatch.id], SATURDAY, SATURDAY)
    assert concluded(dispatch) == {}


@pytest.mark.parametrize("status", [TimesheetStatus.SUBMITTED, TimesheetStatus.COUNTERSIGNED])
def test_a_month_that_was_handed_in_is_left_as_it_is(
    dispatch: Dispatch, county: County, status: TimesheetStatus
) -> None:
    conclude_shifts([dispatch.id], TUESDAY, TUESDAY, closing=True)
    before = concluded(dispatch)
    signed = status is TimesheetStatus.COUNTERSIGNED
    keep(
        Timesheet(
            id=new_id(),
            dispatch_id=dispatch.id,
            month=date(2026, 11, 1),
            status=status,
            submitted_at=NOON,
            countersigned_at=NOON if signed else None,
            countersigned_by_person_id=county.director.id if signed else None,
            verification_code="X" * 16 if signed else None,
        )
    )
    make_tap(dispatch, TUESDAY)
    conclude_shifts([dispatch.id], TUESDAY, TUESDAY, closing=True)
    assert concluded(dispatch) == before
