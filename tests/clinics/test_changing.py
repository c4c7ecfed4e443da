"""Changing a clinic that is planned, cancelling one, and telling offices of conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.accounts.models import Person
from backend.domain.clinics.errors.planning import (
    CapacityBelowBooked,
    ClinicInUse,
    ClinicNotFound,
    ClinicNotOpen,
    DaysRefused,
    ExpertBusy,
    PeriodBooked,
    PlanInvalid,
)
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.rules.bookings import BookingStatus, CancelReason
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PeriodPlan, PlaceState
from backend.domain.clinics.rules.waitlist import OfferKind
from backend.domain.clinics.service.changing import ClinicChange, cancel_clinic, change_clinic
from backend.domain.clinics.service.conflicts import owe_conflict_notices
from backend.domain.dispatch.models import Suspension
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, NotFound, StaleVersion
from backend.foundation.ids import new_id
from tests.support.clinics import link_patient, make_account, make_booking, make_clinic, make_patient, places_of
from tests.support.factories import make_department, make_dispatch, make_organisation, make_person, make_site

pytestmark = pytest.mark.usefixtures("app")
SHARES = {Channel.PHONE: 2, Channel.DESK: 1}
EARLY, LATE = (time(8), time(9)), (time(9), time(10))


class World:
    """A clinic tomorrow of two periods, each with two places by phone and one of the desk."""

    def __init__(self, *, released: bool = True) -> None:
        self.hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL)
        self.township = make_organisation()
        self.site = make_site(self.township)
        self.expert: Person = make_person(self.hospital)
        self.dispatch = make_dispatch(self.expert, self.township)
        self.office = self.actor(Role.MEDICAL_AFFAIRS, self.hospital.id)
        self.clinic: Clinic = make_clinic(
            self.expert, self.site, periods=(EARLY, LATE), places=SHARES, released=released
        )

    def actor(self, role: Role, organisation_id: Any) -> Actor:
        return Actor(person_id=new_id(), role=role, organisation_id=organisation_id)

    def change(self, *periods: PeriodPlan, version: int = 1, **rest: Any) -> Clinic:
        db.session.commit()  # what a refusal must not undo
        details: dict[str, Any] = {"department_id": None, "local_doctor_id": None, "fee_fen": 0, "note": ""}
        change = ClinicChange(periods=periods or (plan(*EARLY), plan(*LATE)), **(details | rest))
        return change_clinic(self.office, self.clinic.id, change, version)


def plan(starts: time, ends: time, shares: Mapping[Channel, int] | None = None) -> PeriodPlan:
    return PeriodPlan(starts, ends, SHARES if shares is None else shares)


@pytest.fixture
def world() -> World:
    return World()


def shares(clinic: Clinic) -> list[tuple[str, str, str]]:
    """Return of each place that is not withdrawn its period, channel and state."""
    statement = (
        select(ClinicPeriod.starts_at, ClinicPlace.channel, ClinicPlace.state)
        .join(ClinicPeriod)
        .where(ClinicPlace.clinic_id == clinic.id, ClinicPlace.state != PlaceState.WITHDRAWN)
        .order_by(ClinicPeriod.starts_at, ClinicPlace.channel, ClinicPlace.state)
    )
    return [
        (f"{clock.local(at):%H:%M}", channel.value, state.value) for at, channel, state in db.session.execute(statement)
    ]


def test_what_is_told_of_a_clinic_can_be_changed(world: World) -> None:
    department, doctor = make_department(world.township), make_person(world.township)
    changed = world.change(department_id=department.id, local_doctor_id=doctor.id, fee_fen=1500, note=" 带旧片子 ")
    assert (changed.department_id, changed.local_doctor_id, changed.fee_fen, changed.note, changed.version) == (
        department.id,
        doctor.id,
        1500,
        "带旧片子",
        2,
    )
    assert len(shares(world.clinic)) == 6
    assert db.session.scalar(select(InboxItem.id)) is None


def test_more_and_fewer_places_are_given_out_by_channel(world: World) -> None:
    world.change(plan(*EARLY, {Channel.PHONE: 3, Channel.DESK: 1}), plan(*LATE, {Channel.PHONE: 1}))
    assert [row[:2] for row in shares(world.clinic)] == [
        ("08:00", "desk"),
        *[("08:00", "phone")] * 3,
        ("09:00", "phone"),
    ]
    world.change(version=2)
    assert [row[:2] for row in shares(world.clinic)] == [
        *(("08:00", "desk"), ("08:00", "phone"), ("08:00", "phone")),
        *(("09:00", "desk"), ("09:00", "phone"), ("09:00", "phone")),
    ]
    numbers = [place.number for place in places_of(world.clinic)]
    assert numbers == sorted(set(numbers))


def test_a_channel_never_has_fewer_places_than_are_booked_or_held(world: World) -> None:
    make_booking(world.clinic, make_patient(), number=1)
    places_of(world.clinic)[1].state = PlaceState.HELD
    with pytest.raises(CapacityBelowBooked) as refused:
        world.change(plan(*EARLY, {Channel.PHONE: 1, Channel.DESK: 5}), plan(*LATE))
    assert "8:00的时段，手机预约已约出或正保留2个号" in refused.value.text
    world.change(plan(*EARLY, {Channel.PHONE: 2}), plan(*LATE))
    assert shares(world.clinic)[:2] == [("08:00", "phone", "booked"), ("08:00", "phone", "held")]


def test_the_desk_keeps_a_place_and_periods_stay_in_order(world: World) -> None:
    for periods in (
        (plan(*EARLY, {Channel.PHONE: 4}), plan(*LATE, {Channel.PHONE: 4})),
        (plan(*LATE), plan(*EARLY)),
        (plan(time(8), time(9, 30)), plan(*LATE)),
        (plan(time(9), time(8)),),
    ):
        with pytest.raises(PlanInvalid):
            world.change(*periods)


def test_a_clinic_moves_with_its_release_and_limits_and_the_expert_is_told(world: World) -> None:
    before = (world.clinic.starts_at, world.clinic.phone_until, world.clinic.cancel_until, world.clinic.overflow_at)
    changed = world.change(plan(time(8, 30), time(9, 30)), plan(time(9, 30), time(11)))
    half_an_hour = timedelta(minutes=30)
    after = (changed.starts_at, changed.phone_until, changed.cancel_until, changed.overflow_at)
    assert [later - sooner for sooner, later in zip(before, after, strict=True)] == [half_an_hour] * 4
    assert clock.local(changed.ends_at).time() == time(11)
    notice = db.session.scalars(select(InboxItem)).one()
    assert (notice.person_id, notice.title) == (world.expert.id, "坐诊已调整")
    assert "8:30至11:00" in notice.body


def test_hours_do_not_change_under_who_has_booked(world: World) -> None:
    booking = make_booking(world.clinic, make_patient(), number=1)
    with pytest.raises(PeriodBooked):
        world.change(plan(time(8, 30), time(9)), plan(*LATE))
    booking.status, booking.cancelled_at, booking.cancelled_for = (
        BookingStatus.CANCELLED,
        clock.now(),
        CancelReason.PATIENT,
    )
    with pytest.raises(PeriodBooked):  # the history of a place stays
        world.change(plan(*LATE))
    world.change(plan(*EARLY), plan(time(9), time(11)))


def test_a_clinic_moves_only_to_where_the_expert_is_free(world: World) -> None:
    later = make_clinic(world.expert, world.site, periods=((time(10), time(11)),))
    with pytest.raises(ExpertBusy):
        world.change(plan(*EARLY), plan(time(9), time(10, 30)))
    db.session.delete(later)
    db.session.flush()
    tomorrow = world.clinic.held_on
    rest = Range(tomorrow, tomorrow + timedelta(days=1))
    db.session.add(Suspension(id=new_id(), dispatch_id=world.dispatch.id, during=rest, reason="病假"))
    with pytest.raises(DaysRefused):
        world.change(plan(*EARLY), plan(time(9), time(10, 30)))
    assert world.change(fee_fen=100).fee_fen == 100


def test_places_that_are_added_go_to_who_waits(world: World) -> None:
    account, patient = make_account(), make_patient()
    link_patient(account, patient)
    for place in places_of(world.clinic):
        place.state = PlaceState.HELD
    db.session.add(WaitlistEntry(id=new_id(), clinic_id=world.clinic.id, patient_id=patient.id, account_id=account.id))
    world.change(plan(*EARLY, {Channel.PHONE: 3, Channel.DESK: 1}), plan(*LATE))
    offer = db.session.scalars(select(PlaceOffer)).one()
    assert offer.patient_id == patient.id


def test_who_read_an_older_version_is_told_so(world: World) -> None:
    world.change()
    with pytest.raises(StaleVersion):
        world.change()


def test_a_closed_or_past_clinic_is_not_changed(world: World) -> None:
    world.clinic.status = ClinicStatus.CLOSED
    with pytest.raises(ClinicNotOpen):
        world.change()
    yesterday: date = clock.today() - timedelta(days=1)
    world.clinic = make_clinic(world.expert, world.site, held_on=yesterday, periods=(EARLY, LATE))
    with pytest.raises(ClinicNotOpen):
        world.change()


def test_who_may_not_change_is_refused(world: World) -> None:
    change = ClinicChange(periods=(plan(*EARLY),), department_id=None, local_doctor_id=None, fee_fen=0, note="")
    with pytest.raises(Forbidden):
        change_clinic(world.actor(Role.DUTY, world.hospital.id), world.clinic.id, change, 1)
    with pytest.raises(ClinicNotFound):
        change_clinic(world.actor(Role.DESK, make_organisation().id), world.clinic.id, change, 1)
    with pytest.raises(NotFound):
        world.change(department_id=make_department(world.hospital).id)


def test_a_clinic_of_which_nothing_has_gone_out_can_be_cancelled() -> None:
    world = World(released=False)
    cancel_clinic(world.office, world.clinic.id, 1)
    assert db.session.scalar(select(Clinic.id)) is None
    assert db.session.scalar(select(ClinicPlace.id)) is None
    assert db.session.scalars(select(InboxItem)).one().title == "坐诊已取消"


def test_a_clinic_that_was_released_or_booked_is_closed_instead(world: World) -> None:
    db.session.commit()
    with pytest.raises(ClinicInUse):
        cancel_clinic(world.office, world.clinic.id, 1)
    unreleased = World(released=False)
    make_booking(unreleased.clinic, make_patient(), number=3)  # by the desk, which need not wait
    db.session.commit()
    with pytest.raises(ClinicInUse):
        cancel_clinic(unreleased.office, unreleased.clinic.id, 1)
    with pytest.raises(StaleVersion):
        cancel_clinic(unreleased.office, unreleased.clinic.id, 2)


def test_a_clinic_at_which_a_place_is_held_after_a_closure_is_closed_instead() -> None:
    unreleased, booking = World(released=False), make_booking(World().clinic, make_patient())
    place = places_of(unreleased.clinic)[0]
    place.state = PlaceState.HELD
    offer = PlaceOffer(
        id=new_id(),
        kind=OfferKind.CLOSURE,
        clinic_id=unreleased.clinic.id,
        place_id=place.id,
        patient_id=booking.patient_id,
        fallen_booking_id=booking.id,
        held_until=clock.now() + timedelta(hours=1),
    )
    db.session.add(offer)
    db.session.commit()
    with pytest.raises(ClinicInUse):
        cancel_clinic(unreleased.office, unreleased.clinic.id, 1)


def test_offices_are_told_once_of_a_clinic_whose_expert_cannot_come(world: World) -> None:
    told = [make_person(world.hospital, roles=[Role.MEDICAL_AFFAIRS]), make_person(world.township, roles=[Role.DESK])]
    assert owe_conflict_notices() == 0
    tomorrow = world.clinic.held_on
    rest = Range(tomorrow, tomorrow + timedelta(days=1))
    db.session.add(Suspension(id=new_id(), dispatch_id=world.dispatch.id, during=rest, reason="病假"))
    db.session.flush()
    assert owe_conflict_notices() == owe_conflict_notices() == 1
    notices = db.session.scalars(select(InboxItem).where(InboxItem.kind == NoticeKind.CLINIC_CONFLICT)).all()
    assert {notice.person_id for notice in notices} == {person.id for person in told}
    assert len(notices) == 2
    assert "派驻在此期间暂停" in notices[0].body


def test_an_end_of_the_dispatch_is_a_conflict_and_a_closed_clinic_has_none(world: World) -> None:
    make_person(world.hospital, roles=[Role.MEDICAL_AFFAIRS])
    world.dispatch.cancelled_at = clock.now()
    db.session.flush()
    assert owe_conflict_notices() == 1
    world.clinic.status = ClinicStatus.CLOSED
    assert owe_conflict_notices() == 0
