"""Patients are reminded the evening before and two hours before, each time once, and of nothing that has fallen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.rules.bookings import BookingStatus, CancelReason
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.service.bookings import book_clinic
from backend.domain.clinics.service.cancelling import cancel_booking
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.permits import Wanted
from backend.domain.clinics.service.reminders import lapse_reminders, owe_reminders
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.notifications.rules.again import why_not_again
from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure
from backend.domain.notifications.service.delivery import claim_messages
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.clock import SHANGHAI
from backend.foundation.transaction import transaction
from tests.support.clinics import link_patient, make_account, make_booking, make_clinic, make_patient
from tests.support.county import County, make_county

SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)
MORNING = [(time(9), time(9, 30)), (time(11), time(11, 30))]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@pytest.fixture
def booking(app: Flask) -> Iterator[Booking]:
    """Somebody who has booked on Friday for Monday at nine."""
    with time_machine.travel(at(SUNDAY, 12), tick=False):
        county = make_county()
        booking = make_booking(
            make_clinic(county.doctor, county.site, held_on=MONDAY, periods=MORNING),
            make_patient(),
            account=make_account(),
        )
        booking.created_at = at(date(2026, 11, 20), 10)
        db.session.commit()
        yield booking


def owed_at(instant: datetime) -> int:
    with time_machine.travel(instant, tick=False):
        return owe_reminders()


def kinds() -> list[str]:
    return sorted(key.partition(":")[0] for key in db.session.scalars(select(OutboxMessage.dedupe_key)))


def test_a_visit_is_told_of_the_evening_before_and_two_hours_before_each_once(booking: Booking) -> None:
    assert [owed_at(at(SUNDAY, 17, 59)), owed_at(at(SUNDAY, 18)), owed_at(at(SUNDAY, 21))] == [0, 1, 0]
    assert [owed_at(at(MONDAY, 6, 59)), owed_at(at(MONDAY, 7)), owed_at(at(MONDAY, 7, 1))] == [0, 1, 0]
    assert owed_at(at(MONDAY, 9)) == 0
    assert kinds() == ["visit_soon", "visit_tomorrow"]


def test_a_reminder_says_who_where_when_and_masks_whom(booking: Booking) -> None:
    owed_at(at(SUNDAY, 18))
    message, item = db.session.scalars(select(OutboxMessage)).one(), db.session.scalars(select(InboxItem)).one()
    assert message.fields == {
        "thing1": "吕芬春主治医师",
        "thing2": "青石镇中心卫生院院本部",
        "time3": "2026年11月23日 09:00",
        "thing4": "1号，9:00至9:30到院",
    }
    assert (message.account_id, message.organisation_id) == (booking.account_id, booking.clinic.recipient_id)
    assert message.lapses_at == booking.starts_at
    assert item.body.startswith("罗*兰：吕芬春主治医师，11月23日（周一）9:00至9:30")
    assert item.page == f"/patient/booking/index?id={booking.id}"


def test_each_period_is_reminded_of_before_its_own_time(booking: Booking) -> None:
    later = make_booking(booking.clinic, make_patient("李有才"), account=make_account(), number=5)
    later.created_at = booking.created_at
    db.session.commit()
    assert [owed_at(at(MONDAY, 8, 59)), owed_at(at(MONDAY, 9))] == [1, 1]


def test_whoever_books_after_the_hour_of_a_reminder_has_just_been_told(booking: Booking) -> None:
    booking.created_at = at(SUNDAY, 19)
    db.session.commit()
    assert [owed_at(at(SUNDAY, 20)), owed_at(at(MONDAY, 8))] == [0, 1]


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.ARRIVED, BookingStatus.FULFILLED])
def test_only_who_is_still_awaited_is_reminded(booking: Booking, status: BookingStatus) -> None:
    booking.status = status
    if status is BookingStatus.CANCELLED:
        booking.cancelled_at, booking.cancelled_for = clock.now(), CancelReason.PATIENT
    db.session.commit()
    assert owed_at(at(SUNDAY, 18)) == 0


def test_nobody_is_reminded_of_a_closed_clinic_nor_without_an_account(booking: Booking) -> None:
    booking.clinic.status = ClinicStatus.CLOSED
    other = make_booking(
        make_clinic(booking.clinic.expert, booking.clinic.site, held_on=MONDAY, periods=[(time(14), time(15))]),
        make_patient("李有才"),
    )
    other.created_at = booking.created_at
    db.session.commit()
    assert owed_at(at(SUNDAY, 18)) == 0


def test_a_reminder_of_a_visit_that_has_been_cancelled_since_is_not_sent(booking: Booking) -> None:
    kept = make_booking(booking.clinic, make_patient("李有才"), account=make_account(), number=2)
    kept.created_at = booking.created_at
    db.session.commit()
    assert owed_at(at(SUNDAY, 18)) == 2
    lapse_reminders([booking.id])
    with time_machine.travel(at(SUNDAY, 18, 1), tick=False):
        claimed = claim_messages(10)
    assert [claim.recipient_id for claim in claimed] == [kept.account_id]
    lapse_reminders([kept.id])  # under way: it can be called back no more
    states = {
        row.account_id: row.status for row in db.session.execute(select(OutboxMessage.account_id, OutboxMessage.status))
    }
    assert states == {booking.account_id: DeliveryStatus.LAPSED, kept.account_id: DeliveryStatus.SENDING}


@pytest.mark.parametrize("status", [DeliveryStatus.SENDING, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN])
def test_a_reminder_that_was_tried_before_the_visit_was_cancelled_is_never_tried_again(
    booking: Booking, status: DeliveryStatus
) -> None:
    owed_at(at(SUNDAY, 18))
    message = db.session.scalars(select(OutboxMessage)).one()
    message.status = status
    message.failure = Failure.NO_GRANT if status is DeliveryStatus.FAILED else None
    message.claimed_until = at(SUNDAY, 20) if status is DeliveryStatus.SENDING else None
    db.session.commit()
    with time_machine.travel(at(SUNDAY, 19), tick=False), transaction():
        lapse_reminders([booking.id])
    # An error to be tried again, or leave to write that comes late.
    message.status, message.failure, message.claimed_until = DeliveryStatus.OWED, None, None
    db.session.commit()
    with time_machine.travel(at(SUNDAY, 20), tick=False):
        assert claim_messages(10) == []
        assert why_not_again(DeliveryStatus.FAILED, sent_at=None, lapses_at=message.lapses_at, now=clock.now())


def test_nobody_hears_that_they_have_a_place_after_they_cancelled_it(app: Flask) -> None:
    county, account, patient = make_county(), make_account(), make_patient()
    link_patient(account, patient)
    clinic = make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=2))
    db.session.commit()
    actor = Actor(account_id=account.id, channel="phone")
    booking = book_clinic(actor, Wanted(clinic_id=clinic.id, patient_id=patient.id), key="k" * 16).booking
    cancel_booking(actor, booking.id, 1)
    assert claim_messages(10) == []


def test_a_reminder_that_nobody_could_send_is_of_no_use_once_the_visit_has_begun(booking: Booking) -> None:
    owed_at(at(MONDAY, 8))
    with time_machine.travel(booking.starts_at + timedelta(seconds=1), tick=False):
        assert claim_messages(10) == []


def test_more_visits_than_a_batch_are_all_reminded_of(booking: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.domain.clinics.service.reminders._BATCH", 2)
    for number in (2, 3, 4, 5):
        other = make_booking(booking.clinic, make_patient("李有才"), account=make_account(), number=number)
        other.created_at = booking.created_at
    db.session.commit()
    assert owed_at(at(SUNDAY, 18)) == 5


def close(county: County, booking: Booking) -> None:
    clinic = booking.clinic
    close_clinic(county.office, clinic.id, clinic.version, ClosureDraft(ClosureReason.CALLED_BACK))


def cancel(_county: County, booking: Booking) -> None:
    cancel_booking(Actor(account_id=booking.account_id), booking.id, 1)


@pytest.mark.parametrize("act", [close, cancel])
def test_who_closes_a_clinic_or_cancels_ends_the_reminders(app: Flask, act: Callable[[County, Booking], None]) -> None:
    county, account, patient = make_county(), make_account(), make_patient()
    link_patient(account, patient)
    day = clock.today() + timedelta(days=2)
    booking = make_booking(make_clinic(county.doctor, county.site, held_on=day), patient, account=account)
    db.session.commit()
    assert owed_at(at(day - timedelta(days=1), 18)) == 1
    act(county, booking)
    reminder = select(OutboxMessage.status).where(OutboxMessage.dedupe_key.startswith("visit_tomorrow:"))
    assert db.session.scalars(reminder).one() is DeliveryStatus.LAPSED
