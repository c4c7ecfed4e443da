"""What is drafted for a countersigned month: which rule, which days, which sum, and never the same time twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.errors.claims import ClaimNotFound
from backend.domain.subsidies.errors.drafting import ClaimNotRejected, MonthNotCountersigned, RuleMissing
from backend.domain.subsidies.models.claims import SubsidyLine
from backend.domain.subsidies.models.programmes import SubsidyProgramme
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import ClaimKind, ClaimStatus
from backend.domain.subsidies.service.drafting import draft_claim, draft_claims, preview_lines, redraft_claim
from backend.domain.subsidies.service.voiding import void_lines
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden
from tests.subsidies.drafting_world import (
    DAYS,
    OCTOBER,
    SEPTEMBER,
    amend,
    draft_all,
    summary,
)
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.subsidies import make_item, make_month, make_programme, make_rule, working_days


@pytest.fixture
def county(app: Flask) -> Iterator[County]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False):
        yield make_county()


@pytest.fixture
def programme(county: County) -> SubsidyProgramme:
    return make_programme(county.bureau)


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=SEPTEMBER, ends_on=date(2026, 12, 31))


def test_a_countersigned_month_is_drafted_with_a_line_of_each_item_and_its_person_is_told(
    programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    make_rule(make_item(programme))
    make_rule(make_item(programme, ItemKind.PER_MONTH, priority=1), minimum_days=15)
    make_rule(make_item(programme, ItemKind.RETURN_FARE, priority=2))
    make_month(dispatch, SEPTEMBER, DAYS[:10])
    make_month(dispatch, OCTOBER, status=TimesheetStatus.SUBMITTED)

    [claim] = draft_all()

    assert summary(claim) == [
        ("下乡补贴", 10000, ""),
        ("生活补助", 0, "too_few_days"),
        ("往返路费", 0, "no_receipts"),
    ]
    assert (claim.total_fen, claim.status, claim.kind) == (10000, ClaimStatus.DRAFT, ClaimKind.MONTH)
    [told] = db.session.scalars(select(InboxItem).where(InboxItem.kind == NoticeKind.SUBSIDY_DRAFTED))
    assert "100.00 元" in told.body
    assert draft_claims() == 0


def test_without_a_rule_nothing_is_drafted_until_one_is_approved(
    county: County, programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    item = make_item(programme)
    make_rule(item, status=RuleStatus.PROPOSED)
    make_rule(item, from_month=OCTOBER)
    make_rule(make_item(make_programme(county.foreign_hospital)))
    make_rule(item, recipient_id=county.other_township.id)
    timesheet = make_month(dispatch, SEPTEMBER)
    finance = acting(make_person(county.hospital, "钱会", roles=[Role.FINANCE]), Role.FINANCE)
    assert draft_all() == []
    with pytest.raises(RuleMissing):
        draft_claim(finance, timesheet.id)

    make_rule(item, until_month=OCTOBER)

    assert [claim.month for claim in draft_all()] == [SEPTEMBER]


def test_a_rule_for_the_recipient_beats_that_of_its_level_which_beats_that_for_all(
    county: County, programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    county.township.level = "一级"
    names = ("甲", "乙", "丙")
    for name, audiences in zip(names, (("", "一级", None), ("", "一级"), ("",)), strict=True):
        item = make_item(programme, ItemKind.PER_MONTH, name, priority=names.index(name))
        for level in audiences:
            whose: dict[str, Any] = {"recipient_id": county.township.id} if level is None else {"level": level}
            make_rule(item, amount_fen={"": 100, "一级": 200, None: 300}[level], **whose)
    make_month(dispatch, SEPTEMBER)
    [claim] = draft_all()
    assert [line.amount_fen for line in claim.lines] == [300, 200, 100]


def test_halves_count_nights_do_not_and_both_caps_hold(programme: SubsidyProgramme, dispatch: Dispatch) -> None:
    rules: dict[str, dict[str, Any]] = {
        "甲": {},
        "乙": {"cap_days": 5},
        "丙": {"cap_fen": 9400},
        "丁": {"minimum_days": 10},
    }
    for priority, (name, terms) in enumerate(rules.items()):
        make_rule(make_item(programme, name=name, priority=priority), **terms)
    timesheet = make_month(dispatch, SEPTEMBER, DAYS[:10])
    amend(timesheet, DAYS[0], Standing.ABSENT)
    [claim] = draft_all()
    assert [(line.amount_fen, line.withheld) for line in claim.lines] == [
        (9500, ""),
        (5000, ""),
        (9400, ""),
        (0, "too_few_days"),
    ]


def test_of_items_that_exclude_each_other_only_the_first_is_paid(
    programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    make_rule(make_item(programme, ItemKind.PER_MONTH, "下乡补贴", exclusion="伙食", priority=1), minimum_days=15)
    make_rule(make_item(programme, name="误餐补助", exclusion="伙食", priority=2))
    make_month(dispatch, SEPTEMBER)
    make_month(dispatch, OCTOBER, working_days(OCTOBER)[:3])
    september, october = draft_all()
    assert summary(september) == [("下乡补贴", 60000, ""), ("误餐补助", 0, "excluded")]
    assert september.lines[1].inputs["excluded_by"] == "下乡补贴"
    assert summary(october) == [("下乡补贴", 0, "too_few_days"), ("误餐补助", 3000, "")]


def test_two_postings_at_a_time_pay_each_day_once_and_the_month_once(
    county: County, programme: SubsidyProgramme
) -> None:
    make_rule(make_item(programme))
    make_rule(make_item(programme, ItemKind.PER_MONTH, priority=1))
    months = []
    for recipient, weekdays in ((county.township, (1, 2)), (county.other_township, (3, 4, 5))):
        pattern = WeeklyPattern.of(weekdays, [Shift.MORNING, Shift.AFTERNOON])
        sent = make_dispatch(county.doctor, recipient, starts_on=SEPTEMBER, ends_on=date(2026, 12, 31), pattern=pattern)
        months.append(make_month(sent, SEPTEMBER, [day for day in DAYS if day.isoweekday() in weekdays]))
    claims = draft_all()
    assert sorted(line.withheld for claim in claims for line in claim.lines) == ["", "", "", "already_paid"]
    days = [line.amount_fen for claim in claims for line in claim.lines if line.item.kind is ItemKind.PER_DAY]
    assert sum(days) == sum(day.isoweekday() <= 5 for day in DAYS) * 1000


def test_weeks_are_kept_as_attendance_counts_them(programme: SubsidyProgramme, dispatch: Dispatch) -> None:
    make_rule(make_item(programme), days_a_week=3)
    make_month(dispatch, SEPTEMBER, [day for day in DAYS if day.isoweekday() <= 4])
    make_month(dispatch, OCTOBER, [day for day in working_days(OCTOBER) if day.isoweekday() <= 2])
    september, october = draft_all()
    assert september.lines[0].withheld == ""
    assert october.lines[0].withheld == "weeks_not_kept"
    astride = october.lines[0].inputs["weeks"][0]
    assert (astride["from"], astride["served"]) == ("2026-09-28", 6)  # three days, all of them in September


def test_leave_lowers_what_a_week_asks(programme: SubsidyProgramme, dispatch: Dispatch) -> None:
    make_rule(make_item(programme), days_a_week=3)
    make_month(
        dispatch,
        SEPTEMBER,
        [day for day in DAYS if day.isoweekday() <= 2],
        leave=[day for day in DAYS if day.isoweekday() >= 3],
    )
    [claim] = draft_all()
    assert claim.lines[0].withheld == ""


def test_a_refused_month_is_drafted_anew_by_the_office_only(
    county: County, programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    make_rule(make_item(programme))
    timesheet = make_month(dispatch, SEPTEMBER, DAYS[:10])
    [claim] = draft_all()
    with pytest.raises(ClaimNotRejected):
        redraft_claim(county.office, claim.id)
    void_lines(claim)
    claim.status = ClaimStatus.REJECTED
    db.session.commit()
    amend(timesheet, DAYS[0], Standing.ABSENT)
    assert draft_claims() == 0
    dean = acting(make_person(county.hospital, "张院", roles=[Role.DEAN]), Role.DEAN)
    for actor, refusal in ((dean, Forbidden), (county.visitor, Forbidden), (county.stranger, ClaimNotFound)):
        with pytest.raises(refusal):
            redraft_claim(actor, claim.id)

    anew = redraft_claim(county.office, claim.id)

    assert anew.total_fen == 9500
    with pytest.raises(ClaimNotRejected):
        redraft_claim(county.office, claim.id)


def test_a_claim_for_a_month_that_nobody_countersigned_is_refused(
    county: County, programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    make_rule(make_item(programme))
    timesheet = make_month(dispatch, SEPTEMBER, status=TimesheetStatus.SUBMITTED)
    with pytest.raises(MonthNotCountersigned):
        draft_claim(county.office, timesheet.id)
    assert draft_claims() == 0


def test_the_database_refuses_to_pay_the_same_time_twice_and_to_change_a_frozen_line(
    programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    make_rule(make_item(programme))
    make_month(dispatch, SEPTEMBER, DAYS[:10])
    assert len(draft_all()) == 1
    names = [column.name for column in SubsidyLine.__table__.columns]
    columns = ", ".join(name for name in names if name not in ("id", "position"))
    again = f"INSERT INTO subsidy_lines (id, position, {columns}) SELECT uuidv7(), 9, {columns} FROM subsidy_lines"  # noqa: S608
    for statement, name in (
        (again, "subsidy_lines_paid_once_excl"),
        ("UPDATE subsidy_lines SET amount_fen = 1", "frozen"),
    ):
        with pytest.raises(IntegrityError, match=name), db.session.begin_nested():
            db.session.execute(text(statement))


def test_a_preview_says_what_a_proposed_rule_would_have_come_to_and_writes_nothing(
    county: County, programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    item, monthly = make_item(programme), make_item(programme, ItemKind.PER_MONTH, priority=1)
    make_rule(item)
    make_rule(monthly)
    pattern = WeeklyPattern.of([7], [Shift.NIGHT])
    other = make_dispatch(county.doctor, county.other_township, starts_on=SEPTEMBER, pattern=pattern)
    paid = [make_month(dispatch, SEPTEMBER, DAYS[:10]), make_month(dispatch, OCTOBER), make_month(other, SEPTEMBER, [])]
    proposed = make_rule(item, from_month=date(2027, 1, 1), status=RuleStatus.PROPOSED, amount_fen=2000, cap_days=9)
    draft_all()
    ids = [sheet.id for sheet in paid]

    as_is, changed = preview_lines(ids), preview_lines(ids, proposed)

    claims = draft_all()
    assert sum(line.amount_fen for line in as_is) == sum(claim.total_fen for claim in claims)
    assert {(line.month, line.amount_fen) for line in changed if line.item_id == item.id and line.amount_fen} == {
        (SEPTEMBER, 18000),
        (OCTOBER, 18000),
    }
    assert sum(line.amount_fen for line in changed if line.item_id == monthly.id) == 120000
    assert len(claims) == 3
