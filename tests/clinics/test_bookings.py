"""A patient books by phone: what is written, what is refused and why."""

from __future__ import annotations

import dataclasses
from datetime import date, time, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.errors.bookings import (
    AlreadyBooked,
    BookingKeyReused,
    BookingSuspended,
    ClinicClosed,
    ClinicFull,
    ClinicNotFound,
    ClinicOver,
    DayLimit,
    MonthLimit,
    NotReleased,
    PatientNotLinked,
    PeriodFull,
    TimeClash,
)
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus, CancelReason
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.clinics.service.bookings import Made, book_clinic
from backend.domain.clinics.service.permits import Wanted
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.patients.models import Patient
from backend.domain.patients.rules import Relation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import BangfuError
from backend.foundation.ids import new_id
from backend.wechat.fields import problems_of_fields
from tests.support.clinics import link_patient, make_account, make_booking, make_clinic, make_patient, places_of
from tests.support.county import County, make_county
from tests.support.factories import make_person, make_setting

NINE, TEN, ELEVEN = time(9), time(10), time(11)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


class Family(NamedTuple):
    """An account and the patient for whom it acts."""

    actor: Actor
    patient: Patient


def make_family(name: str = "罗桂兰", relation: Relation = Relation.SELF, role: Role | None = None) -> Family:
    account, patient = make_account(), make_patient(name)
    link_patient(account, patient, relation)
    db.session.commit()
    return Family(Actor(account_id=account.id, role=role, channel="phone"), patient)


@pytest.fixture
def family(county: County) -> Family:
    return make_family()


def clinic_of(county: County, **given: object) -> Clinic:
    """Another expert's clinic."""
    clinic = make_clinic(make_person(county.hospital), county.site, **given)  # type: ignore[arg-type]
    db.session.commit()
    return clinic


def book(family: Family, clinic: Clinic, *, period_id: UUID | None = None, key: str = "") -> Made:
    wanted = Wanted(clinic_id=clinic.id, patient_id=family.patient.id, period_id=period_id)
    made = book_clinic(family.actor, wanted, key=key or new_id().hex)
    db.session.expire_all()
    return made


def row_of(made: Made) -> Booking:
    return db.session.get_one(Booking, made.booking.id)


def nothing_was_written(clinic: Clinic) -> bool:
    db.session.expire_all()
    bookings = db.session.scalar(select(func.count()).where(Booking.clinic_id == clinic.id))
    told = db.session.scalar(select(func.count()).select_from(OutboxMessage))
    return (bookings, told) == (0, 0) and all(place.state is not PlaceState.BOOKED for place in places_of(clinic))


def test_the_first_free_place_is_booked_with_its_hours_and_slots(county: County, family: Family) -> None:
    clinic = clinic_of(county)

    made = book(family, clinic)

    booking, place = row_of(made), places_of(clinic)[0]
    assert (booking.place_id, booking.number, place.state) == (place.id, 1, PlaceState.BOOKED)
    assert (booking.starts_at, booking.ends_at) == (clinic.starts_at, clinic.ends_at)
    assert (booking.channel, booking.status) == (Channel.PHONE, BookingStatus.BOOKED)
    assert (booking.day_slot, booking.month_slot, booking.held_on) == (1, 1, clinic.held_on)
    assert (booking.account_id, booking.booked_by_person_id) == (family.actor.account_id, None)
    assert (made.booking.number, made.booking.patient_name, made.repeated) == (1, "罗桂兰", False)


def test_a_number_and_what_to_do_are_told_in_inbox_and_outbox(county: County, family: Family) -> None:
    clinic = clinic_of(county, periods=[(NINE, TEN), (TEN, ELEVEN)])

    booking = row_of(book(family, clinic, period_id=clinic.periods[1].id))

    item = db.session.scalars(select(InboxItem)).one()
    message = db.session.scalars(select(OutboxMessage)).one()
    assert (item.account_id, item.title) == (family.actor.account_id, "预约成功")
    assert "罗*兰" in item.body
    assert "罗桂兰" not in item.body
    assert "10:00至11:00" in item.body
    assert "，5号。" in item.body
    assert item.page == f"/patient/booking/index?id={booking.id}"
    assert (message.dedupe_key, message.inbox_item_id) == (f"booking_made:{booking.id}", item.id)
    assert (message.template, message.organisation_id) == (TemplateKey.BOOKING_MADE, clinic.recipient_id)
    assert message.fields["thing4"] == "5号，10:00至11:00到院"
    assert problems_of_fields(message.fields) == {}


def test_the_audit_trail_of_the_receiving_hospital_has_it(county: County, family: Family) -> None:
    clinic = clinic_of(county)

    booking = row_of(book(family, clinic))

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "book")).one()
    assert (event.subject_id, event.organisation_id) == (booking.id, clinic.recipient_id)
    assert (event.account_id, event.channel) == (family.actor.account_id, "phone")
    assert event.details == {"clinic_id": str(clinic.id), "channel": "phone"}


def test_a_repeat_gives_the_booking_that_it_made(county: County, family: Family) -> None:
    clinic = clinic_of(county)
    first = book(family, clinic, key="key-00000")

    again = book(family, clinic, key="key-00000")

    assert again.repeated
    assert again.booking.id == first.booking.id
    assert db.session.scalar(select(func.count()).select_from(Booking)) == 1


def test_a_key_that_comes_back_with_another_request_is_refused(county: County, family: Family) -> None:
    clinic, other = clinic_of(county), clinic_of(county, periods=[(TEN, ELEVEN)])
    book(family, clinic, key="key-00000")

    with pytest.raises(BookingKeyReused):
        book(family, other, key="key-00000")
    with pytest.raises(BookingKeyReused):
        book(family, clinic, key="key-00000", period_id=clinic.periods[0].id)


def test_the_same_key_of_another_account_is_another_key(county: County, family: Family) -> None:
    clinic = clinic_of(county)
    book(family, clinic, key="key-00000")

    assert not book(make_family("王秀英"), clinic, key="key-00000").repeated


def test_one_who_is_not_linked_cannot_be_booked_for(county: County, family: Family) -> None:
    clinic = clinic_of(county)
    stranger = family._replace(patient=make_family("王秀英").patient)

    with pytest.raises(PatientNotLinked):
        book(stranger, clinic)
    assert nothing_was_written(clinic)


def test_an_unknown_clinic_or_period_is_not_found(county: County, family: Family) -> None:
    clinic, other = clinic_of(county), clinic_of(county)

    with pytest.raises(ClinicNotFound):
        book_clinic(family.actor, Wanted(clinic_id=new_id(), patient_id=family.patient.id), key="key-00000")
    with pytest.raises(ClinicNotFound):
        book(family, clinic, period_id=other.periods[0].id)


def test_before_its_release_nothing_can_be_booked(county: County, family: Family) -> None:
    clinic = clinic_of(county, released=False)
    at = clock.local(clinic.release_at)

    with pytest.raises(NotReleased, match="not_released") as refused:
        book(family, clinic)
    assert f"{at:%H:%M}开放预约" in refused.value.text
    assert nothing_was_written(clinic)


def test_the_phone_of_the_server_does_not_decide_when_a_clinic_is_released(county: County, family: Family) -> None:
    clinic = clinic_of(county, released=False)

    with clock.as_of(clinic.release_at + timedelta(hours=1)), pytest.raises(NotReleased):
        book(family, clinic)


def test_a_closed_clinic_cannot_be_booked(county: County, family: Family) -> None:
    clinic = clinic_of(county)
    clinic.status = ClinicStatus.CLOSED
    db.session.commit()

    with pytest.raises(ClinicClosed):
        book(family, clinic)


def test_when_the_phones_time_is_over_the_rest_is_the_desks(county: County, family: Family) -> None:
    clinic = clinic_of(county)
    clinic.overflow_at = clinic.phone_until = clock.now() - timedelta(minutes=1)
    db.session.commit()

    with pytest.raises(ClinicOver):
        book(family, clinic)


def test_places_of_the_desk_are_not_the_phones(county: County, family: Family) -> None:
    clinic = clinic_of(county, places={Channel.DESK: 2})

    with pytest.raises(ClinicFull) as refused:
        book(family, clinic)
    assert "候补" in refused.value.fields["waitlist"][0]


def test_what_referrals_and_family_doctors_leave_is_the_phones_from_the_overflow_on(
    county: County, family: Family
) -> None:
    clinic = clinic_of(county, places={Channel.REFERRAL: 1, Channel.FAMILY_DOCTOR: 1, Channel.PHONE: 1})
    clinic.overflow_at = clock.now() + timedelta(minutes=10)
    db.session.commit()
    assert book(family, clinic).booking.number == 3
    with pytest.raises(ClinicFull):
        book(make_family("王秀英"), clinic)

    clinic.overflow_at = clock.now() - timedelta(minutes=10)
    db.session.commit()

    assert [book(make_family(name), clinic).booking.number for name in ("王秀英", "李大山")] == [1, 2]


def test_a_village_doctor_books_for_a_resident_out_of_the_family_doctors_places_first(county: County) -> None:
    clinic = clinic_of(county, places={Channel.PHONE: 1, Channel.FAMILY_DOCTOR: 1, Channel.DESK: 1})
    first, second, third = (
        make_family(name, Relation.RESIDENT, Role.VILLAGE_DOCTOR) for name in ("罗桂兰", "王秀英", "李大山")
    )

    made = book(first, clinic)

    assert (made.booking.number, made.booking.channel) == (2, Channel.FAMILY_DOCTOR)
    assert book(second, clinic).booking.number == 1
    with pytest.raises(ClinicFull):
        book(third, clinic)


def test_a_village_doctor_books_for_relatives_as_everybody_does(county: County) -> None:
    clinic = clinic_of(county, places={Channel.FAMILY_DOCTOR: 1, Channel.PHONE: 1})

    assert book(make_family("罗桂兰", Relation.PARENT, Role.VILLAGE_DOCTOR), clinic).booking.number == 2


def test_a_full_period_is_told_from_a_full_clinic(county: County, family: Family) -> None:
    clinic = clinic_of(county, periods=[(NINE, TEN), (TEN, ELEVEN)], places={Channel.PHONE: 1})
    book(make_family("王秀英"), clinic)

    with pytest.raises(PeriodFull):
        book(family, clinic, period_id=clinic.periods[0].id)
    book(make_family("李大山"), clinic)
    with pytest.raises(ClinicFull) as refused:
        book(family, clinic, period_id=clinic.periods[0].id)
    assert refused.value.code == "clinic_full"


@pytest.mark.parametrize("state", [PlaceState.HELD, PlaceState.WITHDRAWN])
def test_a_place_that_is_held_or_withdrawn_is_passed_over(county: County, family: Family, state: PlaceState) -> None:
    clinic = clinic_of(county)
    places_of(clinic)[0].state = state
    db.session.commit()

    assert book(family, clinic).booking.number == 2


def test_nobody_has_two_places_of_a_clinic_whoever_books(county: County, family: Family) -> None:
    clinic = clinic_of(county)
    book(family, clinic)
    daughter = make_account()
    link_patient(daughter, family.patient, Relation.PARENT)
    db.session.commit()

    with pytest.raises(AlreadyBooked):
        book(Family(Actor(account_id=daughter.id), family.patient), clinic)


def test_nobody_is_at_two_clinics_at_one_time(county: County, family: Family) -> None:
    book(family, clinic_of(county))

    with pytest.raises(TimeClash):
        book(family, clinic_of(county))
    assert book(family, clinic_of(county, periods=[(TEN, ELEVEN)])).booking.number == 1


def test_a_place_is_given_in_a_period_in_which_the_patient_is_not_elsewhere(county: County, family: Family) -> None:
    book(family, clinic_of(county))
    clinic = clinic_of(county, periods=[(NINE, TEN), (TEN, ELEVEN)], places={Channel.PHONE: 1})

    with pytest.raises(TimeClash):
        book(family, clinic, period_id=clinic.periods[0].id)
    assert book(family, clinic).booking.starts_at == clinic.periods[1].starts_at


def test_what_is_left_at_another_appointments_time_is_told_as_such(county: County, family: Family) -> None:
    book(family, clinic_of(county))
    clinic = clinic_of(county, periods=[(NINE, TEN), (TEN, ELEVEN)], places={Channel.PHONE: 1})
    places_of(clinic)[1].state = PlaceState.BOOKED
    db.session.commit()

    with pytest.raises(TimeClash, match="time_clash"):
        book(family, clinic)


@pytest.mark.parametrize(
    ("setting", "refusal"), [("clinics.bookings_a_day", DayLimit), ("clinics.bookings_a_month", MonthLimit)]
)
def test_limits_a_day_and_a_month_are_those_of_the_receiving_hospital(
    county: County, family: Family, setting: str, refusal: type[BangfuError]
) -> None:
    day = clock.today() + timedelta(days=1)
    book(family, clinic_of(county, held_on=day))
    make_setting(county.bureau, setting, 1)

    with pytest.raises(refusal):
        book(family, clinic_of(county, held_on=day, periods=[(TEN, ELEVEN)]))


def test_a_cancelled_booking_counts_for_nothing(county: County, family: Family) -> None:
    make_setting(county.bureau, "clinics.bookings_a_day", 1)
    clinic = clinic_of(county)
    booking = row_of(book(family, clinic))
    booking.status, booking.cancelled_at, booking.cancelled_for = (
        BookingStatus.CANCELLED,
        clock.now(),
        CancelReason.PATIENT,
    )
    db.session.commit()

    assert book(family, clinic).booking.number == 2


@dataclasses.dataclass
class Missed:
    """Three no-shows of a patient within the last month."""

    bookings: list[Booking]


@pytest.fixture
def missed(county: County, family: Family) -> Missed:
    for key, value in (("noshows_allowed", 3), ("noshow_window_days", 90), ("suspension_days", 30)):
        make_setting(county.bureau, f"clinics.{key}", value)
    bookings = []
    for days in (20, 10, 3):
        day = clock.today() - timedelta(days=days)
        booking = make_booking(clinic_of(county, held_on=day), family.patient)
        booking.month_slot = days
        booking.status, booking.noshow_at = BookingStatus.NOSHOW, clock.now() - timedelta(days=days)
        bookings.append(booking)
    db.session.commit()
    return Missed(bookings)


def test_three_no_shows_suspend_booking_by_phone_and_say_until_when(
    county: County, family: Family, missed: Missed
) -> None:
    last: date = clock.today() + timedelta(days=30 - 3 - 1)

    with pytest.raises(BookingSuspended) as refused:
        book(family, clinic_of(county))
    assert f"{last.year}年{last.month}月{last.day}日" in refused.value.text


def test_a_no_show_that_was_excused_does_not_count(county: County, family: Family, missed: Missed) -> None:
    excused = missed.bookings[1]
    excused.appeal_decision, excused.appeal_decided_at = AppealDecision.EXCUSED, clock.now()
    db.session.commit()

    assert book(family, clinic_of(county)).booking.number == 1


def test_a_no_show_at_a_clinic_that_was_closed_does_not_count(county: County, family: Family, missed: Missed) -> None:
    db.session.get_one(Clinic, missed.bookings[0].clinic_id).status = ClinicStatus.CLOSED
    db.session.commit()

    assert book(family, clinic_of(county)).booking.number == 1
