"""Planning clinics: all days of a plan or none, and each day that cannot be is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.rules.leave import shift_number
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.clinics.errors.planning import DaysRefused, ExpertBusy, PlanInvalid
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.rules.planning import Channel, PeriodPlan, Timing
from backend.domain.clinics.rules.recurrence import MarketDigits, SingleDates, Weekly
from backend.domain.clinics.service.planning import ClinicPlan, plan_clinics, preview_plan
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.organisations.models import Organisation, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.ids import new_id
from tests.support.factories import (
    make_department,
    make_dispatch,
    make_organisation,
    make_person,
    make_setting,
    make_site,
)
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")
MORNING = (
    PeriodPlan(time(8, 0), time(9, 30), {Channel.PHONE: 3, Channel.REFERRAL: 1, Channel.DESK: 1}),
    PeriodPlan(time(9, 30), time(11, 0), {Channel.PHONE: 4, Channel.FAMILY_DOCTOR: 1}),
)
MONDAY = clock.today() + timedelta(days=14 - clock.today().weekday())  # within three weeks, never today


class Place:
    """A hospital that sends an expert to a township every day for half a year."""

    def __init__(self) -> None:
        self.hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL)
        self.township = make_organisation()
        self.site: Site = make_site(self.township)
        self.expert: Person = make_person(self.hospital)
        self.dispatch: Dispatch = make_dispatch(self.expert, self.township)
        self.office = self.actor(Role.MEDICAL_AFFAIRS, self.hospital)

    def actor(self, role: Role, organisation: Organisation) -> Actor:
        person = make_person(organisation, "韦素贞", roles=[role])
        return Actor(person_id=person.id, role=role, organisation_id=organisation.id)

    def plan(self, *days: date, periods: Iterable[PeriodPlan] = MORNING) -> ClinicPlan:
        return ClinicPlan(
            person_id=self.expert.id,
            site_id=self.site.id,
            recurrence=SingleDates(frozenset(days)),
            first=min(days),
            last=max(days),
            periods=tuple(periods),
        )


@pytest.fixture
def place() -> Place:
    return Place()


def count_of(kind: type[Clinic] | type[ClinicPlace] | type[InboxItem]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI)


def test_a_weekly_plan_makes_a_clinic_with_its_places_on_each_of_its_days(place: Place) -> None:
    plan = replace(place.plan(MONDAY), recurrence=Weekly(frozenset({1, 4})), last=MONDAY + timedelta(days=13))
    ids = plan_clinics(place.office, plan)
    clinics = db.session.scalars(select(Clinic).where(Clinic.id.in_(ids)).order_by(Clinic.held_on)).all()
    assert [(clinic.held_on - MONDAY).days for clinic in clinics] == [0, 3, 7, 10]
    first = clinics[0]
    assert (first.starts_at, first.ends_at) == (local(MONDAY, 8), local(MONDAY, 11))
    places = db.session.execute(
        select(ClinicPlace.number, ClinicPlace.channel, ClinicPeriod.starts_at)
        .join(ClinicPeriod)
        .where(ClinicPlace.clinic_id == first.id)
        .order_by(ClinicPlace.number)
    ).all()
    assert [row.number for row in places] == list(range(1, 11))
    assert [row.channel for row in places] == [
        *[Channel.PHONE] * 3,
        *(Channel.REFERRAL, Channel.DESK),
        *[Channel.PHONE] * 4,
        Channel.FAMILY_DOCTOR,
    ]
    assert [row.starts_at for row in places[4:6]] == [local(MONDAY, 8), local(MONDAY, 9, 30)]
    assert (first.supporting_id, first.recipient_id) == (place.hospital.id, place.township.id)


def test_places_go_out_as_the_timing_says(place: Place) -> None:
    make_setting(place.township, "clinics.cancel_hours", 5)
    timing = Timing(release_days=3, release_time=time(7, 30), overflow_hours=20, phone_minutes=30)
    (clinic_id,) = plan_clinics(place.office, replace(place.plan(MONDAY), timing=timing))
    clinic = db.session.get_one(Clinic, clinic_id)
    assert clinic.release_at == local(MONDAY - timedelta(days=3), 7, 30)
    assert clinic.overflow_at == local(MONDAY - timedelta(days=1), 12)
    assert clinic.phone_until == local(MONDAY, 7, 30)
    assert clinic.cancel_until == local(MONDAY, 3)


def test_what_is_released_at_once_can_be_booked_now(place: Place) -> None:
    timing = Timing(release_days=None)
    (clinic_id,) = plan_clinics(place.office, replace(place.plan(MONDAY), timing=timing))
    assert db.session.get_one(Clinic, clinic_id).release_at <= clock.now()


def test_market_days_are_planned_by_the_lunar_calendar(place: Place) -> None:
    plan = replace(place.plan(MONDAY), recurrence=MarketDigits(frozenset({3, 8})), last=MONDAY + timedelta(days=29))
    days = preview_plan(place.office, plan)
    assert 5 <= len(days) <= 6
    assert all(day.lunar[1] in "三八" for day in days)
    assert len(plan_clinics(place.office, plan)) == len(days)


def test_the_expert_is_told_once_of_a_plan_however_many_clinics_it_has(place: Place) -> None:
    plan = replace(place.plan(MONDAY), recurrence=Weekly(frozenset({1})), last=MONDAY + timedelta(days=20))
    plan_clinics(place.office, plan)
    notice = db.session.scalars(select(InboxItem)).one()
    assert notice.person_id == place.expert.id
    assert "共3次（每周一）" in notice.body
    assert "8:00至11:00" in notice.body


def test_many_clinics_take_few_statements(place: Place) -> None:
    plan = replace(place.plan(MONDAY), recurrence=Weekly(frozenset({1, 2, 3, 4, 5})), last=MONDAY + timedelta(days=60))
    with counted_statements() as statements:
        assert len(plan_clinics(place.office, plan)) > 40
    assert len(statements) < 40


def test_days_on_which_the_expert_is_not_there_are_named_and_nothing_is_planned(place: Place) -> None:
    away = make_person(place.hospital)
    make_dispatch(away, place.township, pattern=WeeklyPattern.of([1], [Shift.MORNING]))
    tuesday = MONDAY + timedelta(days=1)
    with pytest.raises(DaysRefused) as refused:
        plan_clinics(place.office, replace(place.plan(MONDAY, tuesday), person_id=away.id))
    assert list(refused.value.fields) == [str(tuesday)]
    assert "没有到该单位的派驻安排" in refused.value.text
    assert count_of(Clinic) == count_of(ClinicPlace) == count_of(InboxItem) == 0


def test_a_clinic_needs_the_expert_in_each_half_in_which_it_has_a_period(place: Place) -> None:
    mornings = make_person(place.hospital)
    make_dispatch(mornings, place.township, pattern=WeeklyPattern.of([1], [Shift.MORNING]))
    whole_day = (*MORNING, PeriodPlan(time(14, 0), time(16, 0), {Channel.PHONE: 5}))
    with pytest.raises(DaysRefused, match="days_refused") as refused:
        plan_clinics(place.office, replace(place.plan(MONDAY, periods=whole_day), person_id=mornings.id))
    assert "下午" in refused.value.text
    over_noon = (PeriodPlan(time(11, 0), time(13, 0), {Channel.DESK: 2}),)
    assert plan_clinics(place.office, replace(place.plan(MONDAY, periods=over_noon), person_id=mornings.id))


def test_leave_a_suspension_and_another_dispatch_stand_in_the_way(place: Place) -> None:
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    db.session.add_all(
        [
            leave_of(place.dispatch, MONDAY),
            Suspension(id=new_id(), dispatch_id=place.dispatch.id, during=Range(tuesday, wednesday), reason="病假"),
        ]
    )
    torn = make_person(place.hospital)
    make_dispatch(torn, place.township, pattern=WeeklyPattern.of([1]))
    make_dispatch(torn, make_organisation("红岩镇卫生院"), pattern=WeeklyPattern.of([3]))
    with pytest.raises(DaysRefused) as refused:
        plan_clinics(place.office, place.plan(MONDAY, tuesday, wednesday))
    assert refused.value.fields == {str(MONDAY): ["当天上午已请假"], str(tuesday): ["派驻在此期间暂停"]}
    with pytest.raises(DaysRefused) as refused:
        plan_clinics(place.office, replace(place.plan(wednesday), person_id=torn.id))
    assert "派驻在红岩镇卫生院" in refused.value.text


def test_leave_that_nobody_has_granted_does_not_stand_in_the_way(place: Place) -> None:
    db.session.add(leave_of(place.dispatch, MONDAY, RequestStatus.REQUESTED))
    assert plan_clinics(place.office, place.plan(MONDAY))


def test_an_expert_is_not_planned_twice_at_one_time(place: Place) -> None:
    plan_clinics(place.office, place.plan(MONDAY))
    with pytest.raises(DaysRefused) as refused:
        plan_clinics(place.office, place.plan(MONDAY, MONDAY + timedelta(days=1)))
    assert refused.value.fields == {str(MONDAY): [f"同一时间在{place.township.name}已有坐诊"]}
    later = (PeriodPlan(time(11, 0), time(12, 0), {Channel.DESK: 2}),)
    assert plan_clinics(place.office, place.plan(MONDAY, periods=later))


def test_the_database_refuses_the_second_of_two_plans_that_did_not_see_each_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_clinics(place.office, place.plan(MONDAY))
    monkeypatch.setattr("backend.domain.clinics.service.planning._busy", lambda *_: {})
    with pytest.raises(ExpertBusy):
        plan_clinics(place.office, place.plan(MONDAY))


def test_yesterday_cannot_be_planned(place: Place) -> None:
    with pytest.raises(DaysRefused) as refused:
        plan_clinics(place.office, place.plan(clock.today() - timedelta(days=1)))
    assert "时间已过" in refused.value.text


@pytest.mark.parametrize(
    ("periods", "word"),
    [
        ((), "至少填写一个时段"),
        ((PeriodPlan(time(9), time(8), {Channel.DESK: 1}),), "晚于开始时间"),
        ((PeriodPlan(time(9), time(9), {Channel.DESK: 1}),), "晚于开始时间"),
        ((PeriodPlan(time(8), time(10), {Channel.DESK: 1}), PeriodPlan(time(9), time(11), {Channel.DESK: 1})), "重叠"),
        ((PeriodPlan(time(9), time(10), {Channel.DESK: 1}), PeriodPlan(time(8), time(9), {Channel.DESK: 1})), "先后"),
        ((PeriodPlan(time(8), time(10), {Channel.PHONE: 9}),), "现场号源不能为零"),
        ((PeriodPlan(time(8), time(10), {Channel.PHONE: -1, Channel.DESK: 2}),), "负数"),
        ((PeriodPlan(time(8), time(9), {Channel.DESK: 1}), PeriodPlan(time(9), time(10), {})), "至少要有一个号"),
        ((PeriodPlan(time(8), time(10), {Channel.PHONE: 300, Channel.DESK: 1}),), "不能超过300"),
    ],
)
def test_periods_that_cannot_be_are_refused(place: Place, periods: tuple[PeriodPlan, ...], word: str) -> None:
    with pytest.raises(PlanInvalid) as refused:
        plan_clinics(place.office, place.plan(MONDAY, periods=periods))
    assert word in refused.value.text


def test_a_plan_without_days_or_with_too_many_is_refused(place: Place) -> None:
    nothing = replace(place.plan(MONDAY), recurrence=Weekly(frozenset({2})))
    with pytest.raises(PlanInvalid):
        plan_clinics(place.office, nothing)
    with pytest.raises(PlanInvalid):
        plan_clinics(place.office, replace(nothing, last=MONDAY - timedelta(days=1)))
    every_day = replace(nothing, recurrence=Weekly(frozenset(range(1, 8))), last=MONDAY + timedelta(days=120))
    with pytest.raises(PlanInvalid, match="plan_invalid") as refused:
        plan_clinics(place.office, every_day)
    assert "最多安排100次" in refused.value.text


def test_the_township_plans_too_but_only_for_itself(place: Place) -> None:
    for role in (Role.DESK, Role.DIRECTOR):
        assert plan_clinics(place.actor(role, place.township), place.plan(MONDAY + timedelta(days=len(role))))
    with pytest.raises(Forbidden):
        plan_clinics(place.actor(Role.FINANCE, place.hospital), place.plan(MONDAY))
    with pytest.raises(NotFound):
        plan_clinics(place.actor(Role.DESK, make_organisation()), place.plan(MONDAY))
    with pytest.raises(NotFound):
        plan_clinics(place.actor(Role.MEDICAL_AFFAIRS, make_organisation()), place.plan(MONDAY))


def test_who_was_never_sent_to_the_township_is_not_found_there(place: Place) -> None:
    stranger = make_person(place.hospital)
    with pytest.raises(NotFound):
        plan_clinics(place.actor(Role.DESK, place.township), replace(place.plan(MONDAY), person_id=stranger.id))


def test_department_and_local_doctor_are_the_townships(place: Place) -> None:
    elsewhere = make_department(place.hospital)
    with pytest.raises(NotFound):
        plan_clinics(place.office, replace(place.plan(MONDAY), department_id=elsewhere.id))
    with pytest.raises(NotFound):
        plan_clinics(place.office, replace(place.plan(MONDAY), local_doctor_id=make_person(place.hospital).id))
    own, doctor = make_department(place.township), make_person(place.township)
    assert plan_clinics(place.office, replace(place.plan(MONDAY), department_id=own.id, local_doctor_id=doctor.id))


def leave_of(dispatch: Dispatch, day: date, status: RequestStatus = RequestStatus.ACCEPTED) -> LeaveRequest:
    return LeaveRequest(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        kind=LeaveKind.SICK,
        starts_on=day,
        starts_with=Shift.MORNING,
        ends_on=day,
        ends_with=Shift.AFTERNOON,
        halves=Range(shift_number(day, Shift.MORNING), shift_number(day, Shift.NIGHT)),
        reason="发热",
        needs_supporting=False,
        is_long=False,
        status=status,
    )
