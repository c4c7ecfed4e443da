"""A completed dispatch earns leave, by a document; no more of it is taken than there is, while it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.domain.attendance.errors.requests import LeaveCreditShort
from backend.domain.attendance.errors.timesheets import AmendmentInvalid
from backend.domain.attendance.models.credits import LeaveCredit
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.queries.credits import leave_balance
from backend.domain.attendance.rules.credits import Credit, Use, account_of
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.attendance.service.amendments import Change, request_amendment
from backend.domain.attendance.service.leave import LeaveDraft, cancel_leave, request_leave
from backend.domain.careers.rules.evaluations import Grade
from backend.domain.careers.service.leave_credits import grant_earned_leave
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.console import Office, words_of
from tests.support.county import County, make_county
from tests.support.evaluations import OF_SUPPORTING, completed_evaluation
from tests.support.factories import make_dispatch, make_setting
from tests.support.phone import make_phone
from tests.support.weeks import IN_NOVEMBER

MONDAY = date(2026, 11, 16)
SOON, LATE = date(2026, 12, 31), date(2027, 12, 31)


@pytest.fixture
def county(client: FlaskClient) -> Iterator[County]:
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield make_county()


@pytest.fixture
def rules(county: County) -> None:
    """Three days, for two months after the end."""
    make_setting(county.bureau, "careers.leave_days_earned", 3)
    make_setting(county.bureau, "careers.leave_months_valid", 2)


@pytest.fixture
def second(county: County, rules: None) -> Dispatch:
    """The next dispatch of somebody who earned three days, until 16 December."""
    completed_evaluation(county)
    grant_earned_leave()
    return make_dispatch(county.doctor, county.other_township, starts_on=MONDAY - timedelta(days=5))


def leave(dispatch: Dispatch, first: date, days: int, *, ends_with: Shift = Shift.AFTERNOON) -> LeaveDraft:
    span = LeaveSpan(first, Shift.MORNING, first + timedelta(days=days - 1), ends_with)
    return LeaveDraft(dispatch.id, LeaveKind.EARNED, span, "休假")


def credits() -> list[LeaveCredit]:
    return list(db.session.scalars(select(LeaveCredit)))


def test_leave_takes_first_what_expires_first_and_an_early_use_leaves_what_a_late_one_needs() -> None:
    both = [Credit(SOON, 4), Credit(LATE, 4)]
    early, late = Use(date(2026, 12, 1), 4), Use(date(2027, 3, 1), 4)
    assert account_of(both, [early]).left == (0, 4)
    assert account_of(both, [late, early]).short == account_of(both, [early, late]).short == 0
    assert account_of(both, [late, late]).short == 4
    assert account_of(both, [late]).available(both, date(2027, 1, 1)) == 0
    assert account_of(both, []).available(both, SOON) == 8


def test_a_completed_dispatch_earns_what_the_settings_give_once(county: County, rules: None) -> None:
    evaluation = completed_evaluation(county)
    assert (grant_earned_leave(), grant_earned_leave()) == (1, 0)
    (credit,) = credits()
    assert (credit.days, credit.expires_on, credit.dispatch_id) == (3, date(2026, 12, 16), evaluation.dispatch_id)
    assert credit.document_number == "云卫发〔2020〕1号"
    told = select(InboxItem.body).where(InboxItem.kind == NoticeKind.LEAVE_EARNED)
    assert "奖励假3天" in db.session.scalars(told).one()


def test_without_a_document_or_a_passing_grade_or_the_planned_end_nothing_is_earned(county: County) -> None:
    evaluation = completed_evaluation(county)
    assert grant_earned_leave() == 0
    make_setting(county.bureau, "careers.leave_days_earned", 3)
    assert grant_earned_leave() == 0
    make_setting(county.bureau, "careers.leave_months_valid", 2)
    evaluation.dispatch.planned_end_on = evaluation.dispatch.ends_on + timedelta(days=9)
    db.session.commit()
    assert grant_earned_leave() == 0


def test_a_grade_that_does_not_pass_earns_nothing(county: County, rules: None) -> None:
    completed_evaluation(county, supporting=replace(OF_SUPPORTING, grade=Grade.BARELY))
    assert grant_earned_leave() == 0


def test_no_more_is_taken_than_there_is_and_what_is_given_up_comes_back(county: County, second: Dispatch) -> None:
    with pytest.raises(LeaveCreditShort) as refused:
        request_leave(county.visitor, leave(second, MONDAY, 4))
    assert "现有 3 天" in refused.value.text
    asked = request_leave(county.visitor, leave(second, MONDAY, 3, ends_with=Shift.MORNING)).leave
    assert leave_balance(county.doctor.id).halves == 1
    with pytest.raises(LeaveCreditShort):
        request_leave(county.visitor, leave(second, MONDAY + timedelta(days=3), 1))
    cancel_leave(county.visitor, asked.id, asked.version)
    assert leave_balance(county.doctor.id).halves == 6


def test_an_amendment_takes_none_of_it(county: County) -> None:
    evaluation = completed_evaluation(county)
    (timesheet,) = db.session.scalars(select(Timesheet).where(Timesheet.dispatch_id == evaluation.dispatch_id))
    change = Change(
        duty_on=date(2026, 10, 13),
        shift=Shift.MORNING,
        after=Standing.LEAVE,
        leave_kind=LeaveKind.EARNED,
        reason="记错",
    )
    with pytest.raises(AmendmentInvalid, match="amendment_invalid"):
        request_amendment(county.visitor, timesheet.id, change)


def test_it_is_not_taken_after_it_expired(county: County, second: Dispatch) -> None:
    with pytest.raises(LeaveCreditShort):
        request_leave(county.visitor, leave(second, date(2026, 12, 16), 2))
    request_leave(county.visitor, leave(second, date(2026, 12, 16), 1))


def test_phone_and_console_show_what_is_left(client: FlaskClient, county: County, second: Dispatch) -> None:
    asked = request_leave(county.visitor, leave(second, MONDAY, 1)).leave
    told = client.get("/api/v1/leave-credits", headers=make_phone(county.doctor)).json
    assert told is not None
    assert told["balance_days"] == "2"
    assert told["items"] == [
        {
            "days": "3",
            "left_days": "2",
            "expires_on": "2026-12-16",
            "is_expired": False,
            "recipient": "青石镇中心卫生院",
            "document": "关于对口支援工作的通知（云卫发〔2020〕1号）",
        }
    ]
    office = Office(client.application, county.medical_affairs, Role.MEDICAL_AFFAIRS)
    assert "奖励假余额 2 天" in words_of(office.open(f"/requests/leave/{asked.id}"))
