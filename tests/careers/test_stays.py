"""What people served is read for a whole hospital at once, amendments over it, and judged by the rules above it too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.timesheets import TimesheetAmendment
from backend.domain.attendance.queries.timesheets import sheets_of
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.careers.errors.promotion import PersonUnknown
from backend.domain.careers.queries.eligibility import (
    Wanted,
    get_person_to_judge,
    hospitals_to_judge,
    judge_person,
    list_eligibility,
)
from backend.domain.careers.queries.stays import stays_of
from backend.domain.careers.rules.eligibility import arithmetic_of
from backend.domain.careers.rules.evaluations import Grade
from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.careers.rules.service_days import Excluded
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.ids import new_id
from tests.support.careers import ASSOCIATE_CHIEF, make_evaluation, make_promotion_rule, serve
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.statements import counted_statements

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def personnel(county: County) -> Actor:
    return acting(make_person(county.hospital, "方佩佩", roles=[Role.PERSONNEL]), Role.PERSONNEL)


def sent(county: County, first: date, last: date, person: Person | None = None) -> Dispatch:
    return make_dispatch(person or county.doctor, county.township, starts_on=first, ends_on=last)


def test_suspensions_leave_absence_and_open_months_do_not_count(county: County) -> None:
    make_promotion_rule(county.bureau)
    dispatch = sent(county, date(2026, 3, 2), date(2026, 6, 30))  # 121 days
    db.session.add(
        Suspension(dispatch_id=dispatch.id, during=Range(date(2026, 4, 6), date(2026, 4, 16)), reason="产假")
    )
    serve(dispatch, leave=[date(2026, 3, 4)], absent=[date(2026, 3, 5)], unsigned=[date(2026, 6, 1)])
    [judged] = judge_person(county.doctor, TODAY)
    [segment] = judged.verdict.findings[0].segments

    assert arithmetic_of(segment) == "121天 − 暂停派驻10天 − 考勤表未会签30天 − 请假1天 − 未在岗1天 = 79天"
    assert [item.code for item in judged.missing] == ["days", "timesheets"]


def test_an_accepted_amendment_lies_over_the_month(county: County) -> None:
    make_promotion_rule(county.bureau, measure=ServiceMeasure.SERVED_DAYS)
    dispatch = sent(county, date(2026, 3, 2), date(2026, 3, 6))
    serve(dispatch, absent=[date(2026, 3, 4)])
    amend(dispatch, date(2026, 3, 4), Shift.MORNING, Standing.PRESENT)
    [judged] = judge_person(county.doctor, TODAY)

    assert judged.verdict.findings[0].counted == 9  # four whole days and a morning
    assert sheets_of([dispatch.id], date(2026, 3, 1))[0].figures.served == 9


def amend(dispatch: Dispatch, day: date, shift: Shift, after: Standing) -> None:
    timesheet = sheets_of([dispatch.id], day.replace(day=1))[0].timesheet
    assert timesheet is not None
    amendment = TimesheetAmendment(
        id=new_id(),
        timesheet_id=timesheet.id,
        duty_on=day,
        shift=shift,
        before=Standing.ABSENT,
        after=after,
        reason="有出诊记录",
        status=RequestStatus.ACCEPTED,
        requested_by_person_id=dispatch.person_id,
        requested_at=clock.now(),
        decided_at=clock.now(),
    )
    db.session.add(amendment)
    db.session.commit()


def test_weeks_are_judged_with_the_hospitals_calendar(county: County) -> None:
    make_promotion_rule(county.bureau, days_a_week=3)
    # From Monday 28 September to Sunday 11 October 2026: 1 to 7 October are free, 10 October is worked.
    dispatch = sent(county, date(2026, 9, 28), date(2026, 10, 11))
    serve(dispatch, absent=[date(2026, 9, 29), date(2026, 10, 8), date(2026, 10, 9)])
    [stay] = stays_of([county.doctor.id])[county.doctor.id]
    [judged] = judge_person(county.doctor, TODAY)

    assert date(2026, 10, 1).toordinal() not in stay.working
    assert date(2026, 10, 10).toordinal() in stay.working
    assert judged.verdict.findings[0].segments[0].excluded == {Excluded.ABSENT: 6}


def test_an_evaluation_counts_from_when_it_was_completed_and_only_if_passed(county: County) -> None:
    make_promotion_rule(county.bureau, needs_evaluation=True, required_days=30)
    first, second = sent(county, date(2026, 3, 2), date(2026, 4, 30)), sent(county, date(2026, 6, 1), date(2026, 7, 31))
    for one in (first, second):
        serve(one)
    make_evaluation(first, Grade.BARELY)
    make_evaluation(second, None)
    [judged] = judge_person(county.doctor, TODAY)

    assert not judged.verdict.is_eligible
    labels = [segment.stay.evaluation_label for segment in judged.verdict.findings[0].segments]
    assert labels == ["基本合格", "待本人总结"]
    assert [item.text for item in judged.missing if item.code == "evaluation"] == [
        "青石镇中心卫生院（2026-03-02至2026-04-30）：鉴定未达到合格，该段不计入",
        "青石镇中心卫生院（2026-06-01至2026-07-31）：鉴定未完成，该段不计入",
    ]


def test_rules_above_the_hospital_hold_for_it_and_only_approved_ones(county: County) -> None:
    make_promotion_rule(county.bureau)
    make_promotion_rule(county.hospital, name="本院附加条件", required_days=180)
    make_promotion_rule(county.hospital, name="还没批准", status=RuleStatus.PROPOSED)
    make_promotion_rule(county.hospital, name="已经过去", during=Range(date(2022, 1, 1), date(2026, 1, 1)))
    make_promotion_rule(county.foreign_hospital, name="别家的")
    [judged] = judge_person(county.doctor, TODAY)

    assert [finding.demand.name for finding in judged.verdict.findings] == ["医师法第四十六条", "本院附加条件"]


def test_a_hospitals_list_takes_as_many_statements_for_many_as_for_one(county: County, personnel: Actor) -> None:
    make_promotion_rule(county.bureau, required_days=20)
    serve(sent(county, date(2026, 3, 2), date(2026, 3, 31)))
    few = _statements(county, personnel)
    for number in range(6):
        person = make_person(county.hospital, f"同事{number}")
        serve(sent(county, date(2026, 5, 1), date(2026, 5, 10 + number), person))

    assert _statements(county, personnel) == few <= 7


def _statements(county: County, actor: Actor) -> int:
    with counted_statements() as statements:
        found = list_eligibility(actor, county.hospital.id, ASSOCIATE_CHIEF, TODAY)
        assert found.eligible == 1
        assert [judged.missing for judged in found.page.items]
    return len(statements)


def test_the_list_is_narrowed_by_what_is_missing(county: County, personnel: Actor) -> None:
    make_promotion_rule(county.bureau, required_days=20)
    serve(sent(county, date(2026, 3, 2), date(2026, 3, 31)))
    waiting = make_person(county.hospital, "钟照")
    serve(sent(county, date(2026, 5, 1), date(2026, 5, 31), waiting), unsigned=[date(2026, 5, 1)])

    def names(wanted: Wanted) -> list[str]:
        found = list_eligibility(personnel, county.hospital.id, ASSOCIATE_CHIEF, TODAY, wanted)
        return [judged.person.name for judged in found.page.items]

    assert names(Wanted(eligible=True)) == ["吕芬春"]
    assert names(Wanted(missing="timesheets")) == ["钟照"]
    assert names(Wanted(eligible=False, text="钟")) == ["钟照"]
    assert "吕芬春" not in names(Wanted(eligible=False))


def test_the_list_is_the_personnel_offices_and_the_bureaus(county: County, personnel: Actor) -> None:
    make_promotion_rule(county.bureau)
    everybody = list_eligibility(county.overseer, county.hospital.id, ASSOCIATE_CHIEF, TODAY)

    assert everybody.not_eligible == 3
    assert [place.name for place in hospitals_to_judge(personnel)] == ["云岭县人民医院"]
    assert {place.name for place in hospitals_to_judge(county.overseer)} == {"云岭县人民医院", "青石镇中心卫生院"}
    with pytest.raises(NotFound):
        list_eligibility(county.stranger, county.hospital.id, ASSOCIATE_CHIEF, TODAY)
    finance = acting(make_person(county.hospital, "钱", roles=[Role.FINANCE]), Role.FINANCE)
    with pytest.raises(Forbidden):
        list_eligibility(finance, county.hospital.id, ASSOCIATE_CHIEF, TODAY)
    with pytest.raises(PersonUnknown):
        get_person_to_judge(county.stranger, county.doctor.id)
    assert get_person_to_judge(county.visitor, county.doctor.id) == county.doctor


def test_the_list_has_those_alone_who_may_seek_the_title(county: County, personnel: Actor) -> None:
    make_promotion_rule(county.bureau)
    holder = make_person(county.hospital, "冯主任", title="主任医师")
    nurse = make_person(county.hospital, "褚护师", title="主管护师")

    listed = {
        judged.person.id
        for judged in list_eligibility(personnel, county.hospital.id, ASSOCIATE_CHIEF, TODAY).page.items
    }

    assert county.doctor.id in listed
    assert listed.isdisjoint({holder.id, nurse.id})
    assert judge_person(holder, TODAY) == []
