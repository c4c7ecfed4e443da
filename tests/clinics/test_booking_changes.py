"""Cancelling a booking, moving it in one step, and appealing against a no-show."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.errors.bookings import (
    AlreadyAppealed,
    BookingFinal,
    BookingKeyReused,
    BookingNotFound,
    ClinicFull,
    DayLimit,
    NotReleased,
    TooLateToCancel,
)
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.bookings import Scope, list_bookings
from backend.domain.clinics.rules.bookings import BookingStatus, CancelReason
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.clinics.service.appeals import appeal_no_show
from backend.domain.clinics.service.bookings import Made
from backend.domain.clinics.service.cancelling import cancel_booking, rebook
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.patients.models import Patient
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import StaleVersion
from backend.foundation.ids import new_id
from tests.support.clinics import link_patient, make_account, make_booking, make_clinic, make_patient, places_of
from tests.support.county import County, make_county
from tests.support.factories import make_person, make_setting


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def patient(county: County) -> Patient:
    return make_patient()


@pytest.fixture
def actor(patient: Patient) -> Actor:
    account = make_account()
    link_patient(account, patient)
    db.session.commit()
    return Actor(account_id=account.id, channel="phone")


@pytest.fixture
def booking(county: County, patient: Patient, actor: Actor) -> Booking:
    """Number 1 of three phone places of a clinic tomorrow at nine."""
    return booked(make_clinic(county.doctor, county.site), patient, actor)


def booked(clinic: Clinic, patient: Patient, actor: Actor) -> Booking:
    booking = make_booking(clinic, patient)
    booking.account_id = actor.account_id
    db.session.commit()
    return booking


def other_clinic(county: County, *, hour: int = 14, places: int = 1, released: bool = True) -> Clinic:
    clinic = make_clinic(
        make_person(county.hospital),
        county.site,
        periods=[(time(hour), time(hour + 1))],
        places={Channel.PHONE: places, Channel.DESK: 1},
        released=released,
    )
    db.session.commit()
    return clinic


def move(actor: Actor, booking: Booking, clinic: Clinic, *, key: str = "key-00000", version: int | None = None) -> Made:
    made = rebook(actor, booking.id, version or booking.version, clinic_id=clinic.id, key=key)
    db.session.expire_all()
    return made


def is_untouched(booking: Booking) -> bool:
    db.session.expire_all()
    return (booking.status, booking.place.state, booking.version) == (BookingStatus.BOOKED, PlaceState.BOOKED, 1)


def test_a_cancelled_booking_frees_its_place_and_stays_in_the_history(actor: Actor, booking: Booking) -> None:
    view = cancel_booking(actor, booking.id, booking.version)

    db.session.expire_all()
    assert (view.status, view.cancelled_for, view.version) == (BookingStatus.CANCELLED, CancelReason.PATIENT, 2)
    assert booking.place.state is PlaceState.FREE
    assert db.session.scalars(select(AuditEvent.action)).all() == ["cancel_booking"]


def test_its_place_goes_to_the_next_who_waits(actor: Actor, booking: Booking) -> None:
    waiting = WaitlistEntry(
        id=new_id(), clinic_id=booking.clinic_id, patient_id=make_patient("王秀英").id, account_id=make_account().id
    )
    db.session.add(waiting)
    db.session.commit()

    cancel_booking(actor, booking.id, booking.version)

    db.session.expire_all()
    assert booking.place.state is PlaceState.HELD
    assert db.session.scalars(select(PlaceOffer.waitlist_entry_id)).all() == [waiting.id]


def test_cancelling_again_changes_nothing(actor: Actor, booking: Booking) -> None:
    cancel_booking(actor, booking.id, 1)

    assert cancel_booking(actor, booking.id, 1).version == 2
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_only_who_is_told_of_a_booking_cancels_it(booking: Booking) -> None:
    for other in (Actor(account_id=make_account().id), Actor(person_id=new_id(), role=Role.STAFF)):
        with pytest.raises(BookingNotFound):
            cancel_booking(other, booking.id, booking.version)
    assert is_untouched(booking)


def test_what_has_changed_since_it_was_read_is_not_cancelled(actor: Actor, booking: Booking) -> None:
    with pytest.raises(StaleVersion):
        cancel_booking(actor, booking.id, booking.version + 1)
    assert is_untouched(booking)


def test_after_the_limit_nobody_cancels_or_moves(county: County, actor: Actor, booking: Booking) -> None:
    booking.clinic.cancel_until = clock.now() - timedelta(seconds=1)
    db.session.commit()

    with pytest.raises(TooLateToCancel):
        cancel_booking(actor, booking.id, booking.version)
    with pytest.raises(TooLateToCancel):
        move(actor, booking, other_clinic(county))
    assert is_untouched(booking)


def test_who_has_arrived_does_not_cancel(actor: Actor, booking: Booking) -> None:
    booking.status = BookingStatus.ARRIVED
    db.session.commit()

    with pytest.raises(BookingFinal, match="booking_final"):
        cancel_booking(actor, booking.id, booking.version)


def test_moving_gives_the_new_place_and_returns_the_old(county: County, actor: Actor, booking: Booking) -> None:
    clinic = other_clinic(county)

    made = move(actor, booking, clinic)

    new = db.session.get_one(Booking, made.booking.id)
    assert (new.clinic_id, new.moved_from_id, new.place.state) == (clinic.id, booking.id, PlaceState.BOOKED)
    assert (booking.status, booking.cancelled_for) == (BookingStatus.CANCELLED, CancelReason.MOVED)
    assert booking.place.state is PlaceState.FREE
    told = db.session.scalars(select(InboxItem)).one()
    assert (told.kind, told.account_id) == (NoticeKind.BOOKING_MADE, actor.account_id)
    assert set(db.session.scalars(select(AuditEvent.action))) == {"book", "move_booking"}


def test_a_move_is_repeated_safely(county: County, actor: Actor, booking: Booking) -> None:
    clinic = other_clinic(county, places=2)
    first = move(actor, booking, clinic, version=1)

    again = move(actor, booking, clinic, version=1)

    assert (again.repeated, again.booking.id) == (True, first.booking.id)
    with pytest.raises(BookingKeyReused):
        move(actor, booking, other_clinic(county), version=1)


def test_where_nothing_is_to_be_had_the_booking_stays(county: County, actor: Actor, booking: Booking) -> None:
    full = other_clinic(county)
    booked(full, make_patient("王秀英"), Actor(account_id=make_account().id))

    with pytest.raises(ClinicFull):
        move(actor, booking, full)
    assert is_untouched(booking)
    with pytest.raises(NotReleased):
        move(actor, booking, other_clinic(county, released=False))
    assert is_untouched(booking)


def test_what_has_changed_since_it_was_read_is_not_moved(county: County, actor: Actor, booking: Booking) -> None:
    clinic = other_clinic(county)

    with pytest.raises(StaleVersion):
        move(actor, booking, clinic, version=7)
    assert is_untouched(booking)
    assert places_of(clinic)[0].state is PlaceState.FREE


def test_who_has_as_many_as_allowed_moves_within_the_day_all_the_same(
    county: County, actor: Actor, booking: Booking
) -> None:
    make_setting(county.bureau, "clinics.bookings_a_day", 1)

    moved = db.session.get_one(Booking, move(actor, booking, other_clinic(county)).booking.id)

    assert (moved.held_on, moved.day_slot) == (booking.held_on, 1)


def test_a_move_to_another_day_keeps_that_days_limit(
    county: County, actor: Actor, patient: Patient, booking: Booking
) -> None:
    make_setting(county.bureau, "clinics.bookings_a_day", 1)
    later = booking.held_on + timedelta(days=1)
    expert = make_person(county.hospital)
    booked(make_clinic(expert, county.site, held_on=later), patient, actor).month_slot = 2
    afternoon = make_clinic(expert, county.site, held_on=later, periods=[(time(14), time(15))])
    db.session.commit()

    with pytest.raises(DayLimit):
        move(actor, booking, afternoon)
    assert is_untouched(booking)


def test_one_moves_to_another_period_of_the_same_clinic(county: County, patient: Patient, actor: Actor) -> None:
    clinic = make_clinic(county.doctor, county.site, periods=[(time(9), time(10)), (time(10), time(11))])
    booking = booked(clinic, patient, actor)

    made = rebook(actor, booking.id, 1, clinic_id=clinic.id, period_id=clinic.periods[1].id, key="key-00000")

    assert made.booking.starts_at == clinic.periods[1].starts_at


@pytest.fixture
def missed(booking: Booking) -> Booking:
    booking.status, booking.noshow_at = BookingStatus.NOSHOW, clock.now()
    db.session.commit()
    return booking


def test_an_appeal_is_kept_and_the_desk_is_told_of_it(county: County, actor: Actor, missed: Booking) -> None:
    desk = make_person(county.township, "马会兰", roles=[Role.DESK])

    view = appeal_no_show(actor, missed.id, "路上塌方，到得晚")

    assert view.appeal is not None
    assert (view.appeal.text, view.appeal.decision, view.version) == ("路上塌方，到得晚", None, 2)
    told = db.session.scalars(select(InboxItem)).one()
    assert (told.person_id, told.kind) == (desk.id, NoticeKind.APPEAL_RECEIVED)
    assert "罗*兰" in told.body


def test_one_appeals_once_and_only_against_a_no_show(actor: Actor, missed: Booking) -> None:
    appeal_no_show(actor, missed.id, "路上塌方")

    with pytest.raises(AlreadyAppealed):
        appeal_no_show(actor, missed.id, "再说一次")
    with pytest.raises(BookingNotFound):
        appeal_no_show(Actor(account_id=make_account().id), missed.id, "不是我的")


def test_what_was_not_missed_needs_no_appeal(actor: Actor, booking: Booking) -> None:
    with pytest.raises(BookingFinal):
        appeal_no_show(actor, booking.id, "没有这回事")


def test_bookings_to_come_and_those_that_are_past_are_listed_apart(
    county: County, actor: Actor, patient: Patient, booking: Booking
) -> None:
    cancelled = booked(other_clinic(county), patient, actor)
    cancel_booking(actor, cancelled.id, 1)

    def listed(scope: Scope, who: Actor = actor) -> list[object]:
        return [one.id for one in list_bookings(who, scope, page=1, page_size=20).items]

    assert listed(Scope.COMING) == [booking.id]
    assert listed(Scope.PAST) == [cancelled.id]
    assert listed(Scope.PAST, Actor(account_id=make_account().id)) == []
