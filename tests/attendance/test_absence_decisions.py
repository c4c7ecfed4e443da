"""Absence without leave (旷工): decided by a person about a shift that was concluded as missed, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.errors.requests import OwnRequest, RequestNotFound
from backend.domain.attendance.errors.reviews import AbsenceDecided, AbsenceNotOpen, ReasonMissing
from backend.domain.attendance.errors.timesheets import MonthSubmitted, RequestsPending
from backend.domain.attendance.models.taps import CheckInReview
from backend.domain.attendance.models.timesheets import DayClosing, DutyShift, Timesheet
from backend.domain.attendance.queries.absence_decisions import list_missed_shifts
from backend.domain.attendance.rules.corrections import CorrectedTap
from backend.domain.attendance.rules.evidence import Judgement, Outcome
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.missed import MissedState
from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.attendance.service.absence_decisions import decide_absence, withdraw_absence
from backend.domain.attendance.service.corrections import CorrectionDraft, decide_correction, request_correction
from backend.domain.attendance.service.leave import LeaveDraft, request_leave
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.errors import DispatchNotFound
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.timesheets import make_tap

NOW = datetime(2026, 9, 14, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 9, 2)
MONTH = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _after_the_cut_off() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    """Return a dispatch of which the morning of a day was missed, and the afternoon tapped."""
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), sites=[county.site])
    make_tap(dispatch, DAY, Shift.AFTERNOON)
    db.session.add(DayClosing(supporting_id=county.hospital.id, day=DAY, finished_at=NOW))
    conclude_shifts([dispatch.id], DAY, DAY)
    db.session.commit()
    return dispatch


def decide(actor: Actor, dispatch: Dispatch, shift: Shift = Shift.MORNING, *, day: date = DAY) -> object:
    return decide_absence(actor, dispatch.id, day, shift, reason="电话联系不上，事后无说明。").id


def standing(dispatch: Dispatch, shift: Shift = Shift.MORNING) -> Standing | None:
    db.session.expire_all()
    row = db.session.get(DutyShift, (dispatch.id, DAY, shift))
    return row.standing if row else None


def missed(actor: Actor, state: MissedState = MissedState.OPEN) -> list[tuple[date, Shift]]:
    page = list_missed_shifts(actor, MONTH, state=state)
    return [(one.line.duty_on, one.line.shift) for one in page.items]


def test_medical_affairs_decides_about_a_missed_shift_and_the_one_concerned_is_told(
    county: County, dispatch: Dispatch
) -> None:
    assert standing(dispatch) is Standing.NOT_CHECKED_IN
    assert missed(county.office) == [(DAY, Shift.MORNING)]

    decide(county.office, dispatch)

    assert standing(dispatch) is Standing.ABSENT
    assert missed(county.office) == []
    assert missed(county.office, MissedState.ABSENT) == [(DAY, Shift.MORNING)]
    notice = db.session.scalars(select(InboxItem).where(InboxItem.person_id == county.doctor.id)).one()
    assert (notice.title, "9月2日上午" in notice.body) == ("认定旷工", True)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "decide_absence")).one()
    assert (event.subject_id, event.organisation_id, event.details["shift"]) == (
        *(dispatch.id, county.hospital.id),
        "morning",
    )


def test_it_is_taken_back_and_the_shift_stands_as_evidence_says(county: County, dispatch: Dispatch) -> None:
    decision = decide_absence(county.office, dispatch.id, DAY, Shift.MORNING, reason="无说明")
    withdraw_absence(county.office, decision.id)
    assert standing(dispatch) is Standing.NOT_CHECKED_IN
    with pytest.raises(AbsenceDecided):
        withdraw_absence(county.office, decision.id)
    decide(county.office, dispatch)
    assert standing(dispatch) is Standing.ABSENT


def test_a_correction_that_is_granted_later_beats_it(county: County, dispatch: Dispatch) -> None:
    decide(county.office, dispatch)
    tap = CorrectedTap(DAY, Shift.MORNING, CheckInKind.IN, datetime(2026, 9, 2, 8, 0, tzinfo=SHANGHAI))
    asked = request_correction(county.visitor, CorrectionDraft(dispatch.id, tap, "手机没电"), key="key-00001")
    decide_correction(county.recipient, asked.correction.id, 1, accept=True)
    assert standing(dispatch) is Standing.CORRECTED


def test_a_tap_is_judged_before_its_shift_may_be_called_absence(county: County, dispatch: Dispatch) -> None:
    tap = make_tap(dispatch, DAY, Shift.MORNING, Outcome.SUSPECT)
    with pytest.raises(AbsenceNotOpen):
        decide(county.office, dispatch)
    judged = {"judgement": Judgement.REJECTED, "judged_at": NOW, "judged_by_person_id": county.medical_affairs.id}
    db.session.add(CheckInReview(check_in_id=tap.id, judgement_reason="在家中签到", **judged))
    db.session.commit()
    decide(county.office, dispatch)
    assert standing(dispatch) is Standing.ABSENT


@pytest.mark.parametrize(
    ("shift", "day"),
    [
        (Shift.AFTERNOON, DAY),  # somebody tapped
        (Shift.NIGHT, DAY),  # not claimed
        (Shift.MORNING, DAY + timedelta(days=1)),  # the day is not closed
        (Shift.MORNING, date(2026, 8, 31)),  # before the dispatch
        (Shift.MORNING, date(2026, 9, 6)),  # a Sunday
    ],
)
def test_only_a_shift_that_is_concluded_as_missed(county: County, dispatch: Dispatch, shift: Shift, day: date) -> None:
    with pytest.raises(AbsenceNotOpen):
        decide(county.office, dispatch, shift, day=day)


def test_what_is_asked_for_is_decided_first(county: County, dispatch: Dispatch) -> None:
    span = LeaveSpan(DAY, Shift.MORNING, DAY, Shift.MORNING)
    request_leave(county.visitor, LeaveDraft(dispatch.id, LeaveKind.SICK, span, "发热"))
    with pytest.raises(RequestsPending):
        decide(county.office, dispatch)


def test_it_says_why_and_is_decided_once(county: County, dispatch: Dispatch) -> None:
    with pytest.raises(ReasonMissing):
        decide_absence(county.office, dispatch.id, DAY, Shift.MORNING, reason=" ")
    decide(county.office, dispatch)
    with pytest.raises(AbsenceNotOpen):
        decide(county.office, dispatch)


def test_a_month_that_was_handed_in_stays_as_it_is(county: County, dispatch: Dispatch) -> None:
    db.session.add(
        Timesheet(
            id=new_id(),
            dispatch_id=dispatch.id,
            month=MONTH,
            status=TimesheetStatus.SUBMITTED,
            submitted_at=NOW,
        )
    )
    db.session.commit()
    with pytest.raises(MonthSubmitted):
        decide(county.office, dispatch)
    assert [one.is_closed for one in list_missed_shifts(county.office, MONTH, state=MissedState.OPEN).items] == [True]


def test_nobody_else_decides_it_nor_about_themselves(county: County, dispatch: Dispatch) -> None:
    dean = acting(make_person(county.hospital, roles=[Role.DEAN]), Role.DEAN)
    for actor in (county.recipient, county.overseer, county.visitor, dean):
        with pytest.raises(Forbidden):
            decide(actor, dispatch)
    with pytest.raises(DispatchNotFound):
        decide(county.stranger, dispatch)
    with pytest.raises(OwnRequest):
        decide(acting(county.doctor, Role.MEDICAL_AFFAIRS), dispatch)
    decision = decide_absence(county.office, dispatch.id, DAY, Shift.MORNING, reason="无说明")
    with pytest.raises(RequestNotFound):
        withdraw_absence(county.stranger, decision.id)
    with pytest.raises(RequestNotFound):
        withdraw_absence(county.office, new_id())


def test_each_party_sees_its_own_missed_shifts(county: County, dispatch: Dispatch) -> None:
    assert missed(county.recipient) == missed(county.overseer) == [(DAY, Shift.MORNING)]
    assert missed(county.stranger) == []
