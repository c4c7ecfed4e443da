"""A month is handed in, countersigned by somebody else, and then nothing in it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.errors.reviews import ReasonMissing
from backend.domain.attendance.errors.timesheets import (
    AmendmentInvalid,
    AmendmentPending,
    DaysStillOpen,
    LinesInDoubt,
    MonthLocked,
    MonthNotOver,
    MonthSubmitted,
    OwnTimesheet,
    RequestsPending,
    ScanFiled,
    TimesheetNotFound,
    TimesheetNotWaiting,
)
from backend.domain.attendance.models.requests import CorrectionRequest
from backend.domain.attendance.models.taps import CheckInReview
from backend.domain.attendance.models.timesheets import DayClosing, DutyShift, Timesheet, TimesheetAmendment
from backend.domain.attendance.queries.signing import count_to_sign, list_unsigned, require_open_month
from backend.domain.attendance.queries.timesheets import Sheet, get_sheet, list_timesheets
from backend.domain.attendance.rules.evidence import Confirmation, Outcome
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.attendance.service.amendments import Change, decide_amendment, request_amendment
from backend.domain.attendance.service.closing import chase_unsigned
from backend.domain.attendance.service.reviews import confirm_presence, explain_tap
from backend.domain.attendance.service.scans import file_scan
from backend.domain.attendance.service.timesheets import (
    countersign_clean,
    countersign_timesheet,
    return_timesheet,
    submit_timesheet,
)
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern, days_between
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden, StaleVersion
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.pictures import PNG
from tests.support.timesheets import make_tap, make_taps

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
FIRST, LAST = date(2026, 10, 12), date(2026, 10, 16)  # a week without a holiday
MONDAY = FIRST


@pytest.fixture
def moment(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(moment: time_machine.Traveller) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    """One week, Monday to Friday."""
    return make_dispatch(
        county.doctor, county.township, starts_on=FIRST, ends_on=LAST, pattern=WeeklyPattern.of(range(1, 6))
    )


@pytest.fixture
def lived(dispatch: Dispatch) -> Dispatch:
    """The same, with every shift served."""
    make_taps(dispatch, days_between(FIRST, LAST))
    return dispatch


def submit(county: County, dispatch: Dispatch, version: int = 0) -> Sheet:
    return submit_timesheet(county.visitor, dispatch.id, OCTOBER, version)


def submitted(county: County, dispatch: Dispatch) -> Timesheet:
    timesheet = submit(county, dispatch).timesheet
    assert timesheet is not None
    return timesheet


def signed(county: County, dispatch: Dispatch) -> Timesheet:
    timesheet = submitted(county, dispatch)
    return countersign_timesheet(county.recipient, timesheet.id, timesheet.version)


def test_a_month_that_was_served_is_handed_in_with_its_figures(county: County, lived: Dispatch) -> None:
    sheet = submit(county, lived)
    assert (sheet.status, sheet.version) == (TimesheetStatus.SUBMITTED, 1)
    assert (sheet.figures.due, sheet.figures.served, sheet.figures.exceptions) == (10, 10, 0)


def test_the_director_is_told_and_sees_it_waiting(county: County, lived: Dispatch) -> None:
    submit(county, lived)
    told = select(InboxItem.kind).where(InboxItem.person_id == county.director.id)
    assert list(db.session.scalars(told)) == [NoticeKind.TIMESHEET_SUBMITTED]
    assert count_to_sign(county.recipient) == 1


def test_a_month_is_not_handed_in_before_its_last_duty_day_is_over(
    county: County, lived: Dispatch, moment: time_machine.Traveller
) -> None:
    moment.move_to(datetime(2026, 10, 16, 23, tzinfo=SHANGHAI))
    with pytest.raises(MonthNotOver):
        submit(county, lived)
    moment.move_to(datetime(2026, 10, 17, 0, 1, tzinfo=SHANGHAI))
    assert submit(county, lived).status is TimesheetStatus.SUBMITTED


def test_a_month_with_a_shift_that_may_still_come_is_not_handed_in(county: County, dispatch: Dispatch) -> None:
    make_taps(dispatch, days_between(FIRST, LAST - timedelta(days=1)))
    with pytest.raises(DaysStillOpen):
        submit(county, dispatch)
    assert db.session.scalars(select(Timesheet)).all() == []


def test_once_such_a_day_is_closed_it_is_handed_in_as_not_checked_in(county: County, dispatch: Dispatch) -> None:
    make_taps(dispatch, days_between(FIRST, LAST - timedelta(days=1)))
    conclude_shifts([dispatch.id], LAST, LAST, closing=True)
    db.session.add(DayClosing(supporting_id=county.hospital.id, day=LAST, finished_at=clock.now()))
    db.session.commit()
    assert submit(county, dispatch).figures.not_checked_in == 2


def test_a_month_with_an_undecided_request_is_not_handed_in(county: County, lived: Dispatch) -> None:
    request = CorrectionRequest(
        dispatch_id=lived.id,
        person_id=lived.person_id,
        duty_on=MONDAY,
        shift=Shift.MORNING,
        kind=CheckInKind.OUT,
        happened_at=datetime(2026, 10, 12, 12, tzinfo=SHANGHAI),
        reason="忘记签退",
    )
    db.session.add(request)
    db.session.commit()
    with pytest.raises(RequestsPending):
        submit(county, lived)


def test_a_month_outside_of_the_dispatch_has_no_sheet(county: County, lived: Dispatch) -> None:
    with pytest.raises(TimesheetNotFound):
        submit_timesheet(county.visitor, lived.id, NOVEMBER, 0)


def test_nobody_else_hands_a_month_in(county: County, lived: Dispatch) -> None:
    for actor in (county.office, county.recipient, county.overseer):
        with pytest.raises(Forbidden):
            submit_timesheet(actor, lived.id, OCTOBER, 0)
    with pytest.raises(TimesheetNotFound):
        submit_timesheet(county.stranger, lived.id, OCTOBER, 0)


def test_handing_in_twice_does_it_once(county: County, lived: Dispatch) -> None:
    submit(county, lived)
    with pytest.raises(StaleVersion):
        submit(county, lived)
    with pytest.raises(TimesheetNotWaiting):
        submit(county, lived, version=1)


def test_what_comes_after_a_month_was_handed_in_does_not_change_it(county: County, dispatch: Dispatch) -> None:
    taps = make_taps(dispatch, days_between(FIRST, LAST))
    submit(county, dispatch)
    db.session.add(
        CheckInReview(
            check_in_id=taps[0].id,
            confirmation=Confirmation.ABSENT,
            confirmed_by_person_id=county.director.id,
            confirmed_at=datetime(2026, 11, 2, 10, tzinfo=SHANGHAI),
        )
    )
    db.session.commit()
    assert get_sheet(county.office, dispatch.id, OCTOBER).figures.served == 10


def test_a_countersigned_month_has_a_code_its_signer_and_a_notice(county: County, lived: Dispatch) -> None:
    timesheet = signed(county, lived)
    assert timesheet.status is TimesheetStatus.COUNTERSIGNED
    assert (timesheet.countersigned_by_person_id, timesheet.countersigned_as) == (county.director.id, Role.DIRECTOR)
    assert timesheet.verification_code is not None
    assert len(timesheet.verification_code) == 16
    told = select(InboxItem.kind).where(InboxItem.person_id == county.doctor.id)
    assert NoticeKind.TIMESHEET_COUNTERSIGNED in set(db.session.scalars(told))
    actions = set(db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == timesheet.id)))
    assert actions == {"submit_timesheet", "countersign_timesheet"}


def test_only_the_recipients_signers_countersign(county: County, lived: Dispatch) -> None:
    timesheet = submitted(county, lived)
    for actor in (county.office, county.overseer, county.visitor):
        with pytest.raises(Forbidden):
            countersign_timesheet(actor, timesheet.id, timesheet.version)
    with pytest.raises(TimesheetNotFound):
        countersign_timesheet(county.stranger, timesheet.id, timesheet.version)


def test_who_read_an_older_state_does_not_sign(county: County, lived: Dispatch) -> None:
    timesheet = submitted(county, lived)
    return_timesheet(county.recipient, timesheet.id, 1, reason="请补充")
    submit(county, lived, version=2)
    with pytest.raises(StaleVersion):
        countersign_timesheet(county.recipient, timesheet.id, 1)


def test_a_sheet_is_signed_once(county: County, lived: Dispatch) -> None:
    timesheet = signed(county, lived)
    with pytest.raises(TimesheetNotWaiting):
        countersign_timesheet(county.recipient, timesheet.id, timesheet.version)


def test_a_director_who_is_sent_does_not_sign_their_own_month(county: County, lived: Dispatch) -> None:
    timesheet = submitted(county, lived)
    posted_director = acting(county.doctor, Role.DIRECTOR, county.township)
    with pytest.raises(OwnTimesheet):
        countersign_timesheet(posted_director, timesheet.id, timesheet.version)
    assert countersign_timesheet(county.recipient, timesheet.id, timesheet.version)


def delegate_of(county: County, given_by: object) -> Actor:
    colleague = make_person(county.township, "何秋生", roles=[Role.DELEGATE])
    colleague.roles[0].given_by_person_id = given_by  # type: ignore[assignment]
    db.session.commit()
    return acting(colleague, Role.DELEGATE)


def test_a_delegate_signs_as_such(county: County, lived: Dispatch) -> None:
    timesheet = submitted(county, lived)
    countersign_timesheet(delegate_of(county, county.director.id), timesheet.id, timesheet.version)
    assert timesheet.countersigned_as is Role.DELEGATE


def test_nobodys_month_is_signed_by_a_delegate_of_their_own_choice(county: County, lived: Dispatch) -> None:
    timesheet = submitted(county, lived)
    with pytest.raises(OwnTimesheet):
        countersign_timesheet(delegate_of(county, county.doctor.id), timesheet.id, timesheet.version)


def test_a_month_with_a_doubtful_tap_is_signed_after_somebody_said_whether_they_were_there(
    county: County, dispatch: Dispatch
) -> None:
    make_taps(dispatch, days_between(FIRST + timedelta(days=1), LAST))
    make_tap(dispatch, MONDAY, Shift.AFTERNOON)
    doubtful = make_tap(dispatch, MONDAY, Shift.MORNING, Outcome.UNCERTAIN)
    timesheet = submitted(county, dispatch)
    with pytest.raises(LinesInDoubt):
        countersign_timesheet(county.recipient, timesheet.id, 1)
    return_timesheet(county.recipient, timesheet.id, 1, reason="请说明12日上午")
    db.session.add(
        CheckInReview(
            check_in_id=doubtful.id,
            confirmation=Confirmation.PRESENT,
            confirmed_by_person_id=county.director.id,
            confirmed_at=datetime(2026, 11, 2, 10, tzinfo=SHANGHAI),
        )
    )
    db.session.commit()
    submit(county, dispatch, version=2)
    assert countersign_timesheet(county.recipient, timesheet.id, 3).status is TimesheetStatus.COUNTERSIGNED


def test_a_month_that_is_given_back_says_why_and_can_be_handed_in_again(county: County, lived: Dispatch) -> None:
    timesheet = submitted(county, lived)
    with pytest.raises(ReasonMissing):
        return_timesheet(county.recipient, timesheet.id, 1, reason="  ")
    return_timesheet(county.recipient, timesheet.id, 1, reason="请核对12日")
    assert (timesheet.status, timesheet.return_reason) == (TimesheetStatus.RETURNED, "请核对12日")
    assert submit(county, lived, version=2).status is TimesheetStatus.SUBMITTED


def test_of_many_the_clean_ones_are_signed_together_and_the_others_left_with_their_reason(county: County) -> None:
    sheets = []
    for number in range(4):
        doctor = make_person(county.hospital, f"医生{number}")
        dispatch = make_dispatch(
            doctor, county.township, starts_on=FIRST, ends_on=LAST, pattern=WeeklyPattern.of(range(1, 6))
        )
        make_taps(dispatch, days_between(FIRST, LAST - timedelta(days=1)))
        for shift in (Shift.MORNING, Shift.AFTERNOON):
            make_tap(dispatch, LAST, shift, Outcome.SUSPECT if number == 3 else Outcome.VERIFIED)
        sheet = submit_timesheet(acting(doctor, Role.STAFF), dispatch.id, OCTOBER, 0).timesheet
        assert sheet is not None
        sheets.append(sheet)
    chosen = [(sheet.id, 7 if number == 2 else sheet.version) for number, sheet in enumerate(sheets)]
    done, left = countersign_clean(county.recipient, chosen)
    assert done == [sheets[0].id, sheets[1].id]
    assert [(one.timesheet_id, one.error.code) for one in left] == [
        (sheets[2].id, "stale_version"),
        (sheets[3].id, "not_clean"),
    ]
    with pytest.raises(Forbidden):
        countersign_clean(county.office, chosen)


def attempt(statement: object) -> None:
    savepoint = db.session.begin_nested()
    try:
        db.session.execute(statement)  # type: ignore[call-overload]
    finally:
        savepoint.rollback()


def test_the_database_itself_refuses_to_change_a_countersigned_month(county: County, lived: Dispatch) -> None:
    timesheet = signed(county, lived)
    of_month = DutyShift.dispatch_id == lived.id
    for statement in (
        update(DutyShift).where(of_month).values(standing=Standing.ABSENT),
        delete(DutyShift).where(of_month),
        text(
            "INSERT INTO duty_shifts (dispatch_id, duty_on, shift, standing, concluded_at)"
            " VALUES (:dispatch_id, '2026-10-18', 'night', 'present', now())"
        ).bindparams(dispatch_id=lived.id),
        update(Timesheet).where(Timesheet.id == timesheet.id).values(status=TimesheetStatus.SUBMITTED),
        update(Timesheet)
        .where(Timesheet.id == timesheet.id)
        .values(countersigned_at=datetime(2026, 1, 1, tzinfo=SHANGHAI)),
        delete(Timesheet).where(Timesheet.id == timesheet.id),
    ):
        with pytest.raises(IntegrityError, match="countersigned"):
            attempt(statement)


def test_another_month_of_the_same_dispatch_stays_open(county: County) -> None:
    dispatch = make_dispatch(
        county.doctor,
        county.township,
        starts_on=date(2026, 10, 30),
        ends_on=date(2026, 11, 2),
        pattern=WeeklyPattern.of([1, 5]),
    )
    make_taps(dispatch, [date(2026, 10, 30), date(2026, 11, 2)])
    signed(county, dispatch)
    conclude_shifts([dispatch.id], NOVEMBER, date(2026, 11, 30))
    days = set(db.session.scalars(select(DutyShift.duty_on).where(DutyShift.dispatch_id == dispatch.id)))
    assert days == {date(2026, 10, 30), date(2026, 11, 2)}


def test_what_a_month_rests_on_may_change_only_while_it_is_open(county: County, lived: Dispatch) -> None:
    require_open_month(lived.id, FIRST, LAST)
    timesheet = submitted(county, lived)
    with pytest.raises(MonthSubmitted):
        require_open_month(lived.id, LAST, NOVEMBER)
    countersign_timesheet(county.recipient, timesheet.id, 1)
    with pytest.raises(MonthLocked):
        require_open_month(lived.id, FIRST, FIRST)
    require_open_month(lived.id, NOVEMBER, NOVEMBER)


ABSENT_ON_MONDAY = Change(duty_on=MONDAY, shift=Shift.MORNING, after=Standing.ABSENT, reason="事后核实当日返院")


def test_an_amendment_counts_once_it_is_countersigned_and_the_signed_lines_stay(
    county: County, lived: Dispatch
) -> None:
    timesheet = signed(county, lived)
    amendment = request_amendment(county.office, timesheet.id, ABSENT_ON_MONDAY)
    assert get_sheet(county.office, lived.id, OCTOBER).figures.served == 10
    decide_amendment(county.recipient, timesheet.id, amendment.id, accept=True)
    figures = get_sheet(county.office, lived.id, OCTOBER).figures
    assert (figures.served, figures.absent) == (9, 1)
    stored = select(DutyShift.standing).where(DutyShift.dispatch_id == lived.id)
    assert set(db.session.scalars(stored)) == {Standing.PRESENT}


def test_an_amendment_that_is_rejected_changes_nothing_and_says_why(county: County, lived: Dispatch) -> None:
    timesheet = signed(county, lived)
    amendment = request_amendment(county.office, timesheet.id, ABSENT_ON_MONDAY)
    with pytest.raises(ReasonMissing):
        decide_amendment(county.recipient, timesheet.id, amendment.id, accept=False)
    decide_amendment(county.recipient, timesheet.id, amendment.id, accept=False, reason="当日在岗")
    assert get_sheet(county.office, lived.id, OCTOBER).figures.served == 10
    with pytest.raises(TimesheetNotWaiting):
        decide_amendment(county.recipient, timesheet.id, amendment.id, accept=True)


def test_an_amendment_must_change_a_line_that_is_there_and_only_once_at_a_time(county: County, lived: Dispatch) -> None:
    timesheet = signed(county, lived)
    for change in (
        Change(duty_on=MONDAY, shift=Shift.MORNING, after=Standing.PRESENT, reason="无变化"),
        Change(duty_on=MONDAY, shift=Shift.NIGHT, after=Standing.ABSENT, reason="没有这个班次"),
        Change(duty_on=MONDAY, shift=Shift.MORNING, after=Standing.LEAVE, reason="哪种假？"),
        Change(duty_on=MONDAY, shift=Shift.MORNING, after=Standing.OPEN, reason="不能待定"),
    ):
        with pytest.raises(AmendmentInvalid):
            request_amendment(county.office, timesheet.id, change)
    request_amendment(county.office, timesheet.id, ABSENT_ON_MONDAY)
    with pytest.raises(AmendmentPending):
        request_amendment(county.visitor, timesheet.id, ABSENT_ON_MONDAY)


def test_only_a_countersigned_month_is_amended_and_not_by_the_signer(county: County, lived: Dispatch) -> None:
    timesheet = submitted(county, lived)
    with pytest.raises(TimesheetNotWaiting):
        request_amendment(county.office, timesheet.id, ABSENT_ON_MONDAY)
    countersign_timesheet(county.recipient, timesheet.id, 1)
    for actor in (county.recipient, county.overseer):
        with pytest.raises(Forbidden):
            request_amendment(actor, timesheet.id, ABSENT_ON_MONDAY)


def test_a_decided_amendment_cannot_be_changed_in_the_database(county: County, lived: Dispatch) -> None:
    timesheet = signed(county, lived)
    amendment = request_amendment(county.office, timesheet.id, ABSENT_ON_MONDAY)
    decide_amendment(county.recipient, timesheet.id, amendment.id, accept=True)
    with pytest.raises(IntegrityError, match="countersigned"):
        attempt(update(TimesheetAmendment).values(after=Standing.PRESENT))


def test_after_five_days_the_signers_are_reminded_and_after_ten_the_bureau_sees_it(
    county: County, lived: Dispatch, moment: time_machine.Traveller
) -> None:
    timesheet = submitted(county, lived)
    moment.shift(timedelta(days=4, hours=23))
    chase_unsigned()
    assert timesheet.reminded_at is None
    moment.shift(timedelta(hours=1))
    chase_unsigned()
    chase_unsigned()
    reminders = select(InboxItem.id).where(InboxItem.kind == NoticeKind.TIMESHEET_UNSIGNED)
    assert len(db.session.scalars(reminders).all()) == 1
    assert list_unsigned(county.overseer).items == []
    moment.shift(timedelta(days=5))
    chase_unsigned()
    assert [row.id for row in list_unsigned(county.overseer).items] == [timesheet.id]
    assert timesheet.status is TimesheetStatus.SUBMITTED
    countersign_timesheet(county.recipient, timesheet.id, timesheet.version)
    assert list_unsigned(county.overseer).items == []


def test_everybody_sees_the_months_that_are_theirs_to_see(county: County, lived: Dispatch) -> None:
    make_dispatch(make_person(county.hospital), county.other_township, starts_on=FIRST, ends_on=LAST)
    seen = {
        "office": list_timesheets(county.office, OCTOBER).total,
        "director": list_timesheets(county.recipient, OCTOBER).total,
        "bureau": list_timesheets(county.overseer, OCTOBER).total,
        "doctor": list_timesheets(county.visitor, OCTOBER).total,
        "stranger": list_timesheets(county.stranger, OCTOBER).total,
    }
    assert seen == {"office": 2, "director": 1, "bureau": 2, "doctor": 1, "stranger": 0}


def test_who_asked_for_an_amendment_does_not_have_it_decided_by_their_own_delegate(
    county: County, lived: Dispatch
) -> None:
    timesheet = signed(county, lived)
    amendment = request_amendment(county.office, timesheet.id, ABSENT_ON_MONDAY)
    with pytest.raises(OwnTimesheet):
        decide_amendment(delegate_of(county, county.medical_affairs.id), timesheet.id, amendment.id, accept=True)


def test_what_was_explained_of_a_countersigned_month_stays_as_it_was_said(county: County, dispatch: Dispatch) -> None:
    make_taps(dispatch, days_between(FIRST + timedelta(days=1), LAST))
    make_tap(dispatch, MONDAY, Shift.AFTERNOON)
    doubtful = make_tap(dispatch, MONDAY, Shift.MORNING, Outcome.UNCERTAIN)
    confirm_presence(county.recipient, doubtful.id, 0, Confirmation.PRESENT)
    signed(county, dispatch)
    with pytest.raises(MonthLocked):
        explain_tap(county.visitor, doubtful.id, "事后改口")


def test_the_one_concerned_does_not_replace_the_paper_that_was_filed(county: County, lived: Dispatch) -> None:
    timesheet = signed(county, lived)
    file_scan(county.recipient, timesheet.id, "考勤表.png", PNG)
    with pytest.raises(ScanFiled):
        file_scan(county.visitor, timesheet.id, "考勤表.png", PNG)
