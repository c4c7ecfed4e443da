"""Nobody books a place beside a closure: the booking statement and the closure on connections of their own."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import time, timedelta
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import select, update

from backend.database import HotConnection
from backend.domain.clinics.errors.waitlist import OfferLapsed
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import ClinicPlace
from backend.domain.clinics.models.closures import FallenBooking
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.clinics.service.bookings import book_clinic
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.offers import accept_offer
from backend.domain.clinics.service.permits import Wanted
from backend.domain.clinics.service.waitlist import join_waitlist
from backend.domain.notifications.models.notices import OutboxMessage
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import BangfuError
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction
from tests.support.clinics import link_patient, make_account, make_clinic, make_patient
from tests.support.county import make_county
from tests.support.factories import make_dispatch

BACK = ClosureDraft(ClosureReason.CALLED_BACK)
Family = tuple[Actor, UUID]


@dataclasses.dataclass(frozen=True)
class Town:
    """A clinic that will be closed, the next one, whoever closes it, and those who want to come."""

    closing: UUID
    following: UUID
    office: Actor
    families: list[Family]


def make_town(app: Flask, families: int) -> Town:
    with app.app_context():
        county = make_county()
        make_dispatch(county.doctor, county.township)
        closing, following = (
            make_clinic(
                county.doctor,
                county.site,
                held_on=clock.today() + timedelta(days=days),
                periods=[(time(9), time(11))],
                places={Channel.PHONE: 12, Channel.DESK: 1},
            ).id
            for days in (1, 8)
        )
        made = []
        for _ in range(families):
            account, patient = make_account(), make_patient()
            link_patient(account, patient)
            made.append((Actor(account_id=account.id, channel="phone"), patient.id))
        db.session.commit()
        return Town(closing, following, county.office, made)


def book(app: Flask, town: Town, family: Family) -> UUID | str:
    """Return the booking's id, or the code of the refusal."""
    actor, patient_id = family
    with app.app_context():
        wanted = Wanted(clinic_id=town.closing, patient_id=patient_id)
        try:
            return book_clinic(actor, wanted, key=new_id().hex).booking.id
        except BangfuError as error:
            return error.code


def close(app: Flask, town: Town, clinic_id: UUID | None = None) -> UUID:
    with app.app_context():
        return close_clinic(town.office, clinic_id or town.closing, 1, BACK).id


def live_bookings(clinic_id: UUID) -> int:
    statement = select(Booking).where(Booking.clinic_id == clinic_id, Booking.status != BookingStatus.CANCELLED)
    return len(db.session.scalars(statement).all())


def wait_for_a_lock(url: str) -> None:
    """Return once somebody waits for a lock of another."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() == (0,):
            pass


def test_a_booking_that_is_being_written_while_the_clinic_closes_falls_with_it(own_app: Flask, database: str) -> None:
    town, url = make_town(own_app, 1), database.replace("+psycopg", "")
    lend = own_app.extensions["autocommit"]
    with psycopg.connect(url) as unfinished, ThreadPoolExecutor(1) as thread:
        own_app.extensions["autocommit"] = lambda: nullcontext(HotConnection(unfinished))
        booking_id = book(own_app, town, town.families[0])
        own_app.extensions["autocommit"] = lend
        closing = thread.submit(close, own_app, town)
        wait_for_a_lock(url)
        unfinished.commit()
        closing.result()

    with own_app.app_context():
        assert isinstance(booking_id, UUID)
        assert db.session.get_one(Booking, booking_id).status is BookingStatus.CANCELLED
        assert db.session.get(FallenBooking, booking_id) is not None
        told = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == f"clinic_closed:{booking_id}")
        assert db.session.scalars(told).one()


def test_who_comes_to_wait_while_the_clinic_closes_is_told_so_and_not_forgotten(own_app: Flask, database: str) -> None:
    town = make_town(own_app, 1)
    actor, patient_id = town.families[0]

    def join() -> str | None:
        with own_app.app_context():
            try:
                join_waitlist(actor, town.closing, patient_id)
            except BangfuError as error:
                return error.code
            return None

    with own_app.app_context(), ThreadPoolExecutor(1) as thread:
        db.session.execute(update(ClinicPlace).values(state=PlaceState.BOOKED))
        db.session.commit()
        with transaction():
            close_clinic(town.office, town.closing, 1, BACK)
            joining = thread.submit(join)
            wait_for_a_lock(database.replace("+psycopg", ""))
        assert joining.result() == "no_waiting"


def test_however_many_book_meanwhile_nobody_is_left_with_a_place_or_without_a_word(own_app: Flask) -> None:
    town = make_town(own_app, 24)
    with ThreadPoolExecutor(5) as threads:
        first = threads.map(lambda family: book(own_app, town, family), town.families[:12])
        closing = threads.submit(close, own_app, town)
        rest = threads.map(lambda family: book(own_app, town, family), town.families[12:])
        answers = [*first, *rest]
        closing.result()

    booked = {answer for answer in answers if isinstance(answer, UUID)}
    assert {answer for answer in answers if isinstance(answer, str)} <= {"clinic_closed", "clinic_full"}
    with own_app.app_context():
        assert live_bookings(town.closing) == 0
        assert set(db.session.scalars(select(FallenBooking.booking_id))) == booked
        offers = db.session.scalars(select(PlaceOffer)).all()
        assert {offer.fallen_booking_id for offer in offers} == booked
        assert len({offer.place_id for offer in offers}) == len(booked)
        keys = set(db.session.scalars(select(OutboxMessage.dedupe_key)))
        assert {f"clinic_closed:{booking_id}" for booking_id in booked} <= keys


def test_an_offer_is_taken_or_its_clinic_closed_but_never_both(own_app: Flask) -> None:
    town = make_town(own_app, 8)
    for family in town.families:
        book(own_app, town, family)
    close(own_app, town)
    with own_app.app_context():
        offers = [(offer.id, offer.account_id) for offer in db.session.scalars(select(PlaceOffer))]

    def accept(offer: tuple[UUID, UUID | None]) -> bool:
        with own_app.app_context():
            try:
                accept_offer(Actor(account_id=offer[1]), offer[0])
            except OfferLapsed:
                return False
            return True

    with ThreadPoolExecutor(5) as threads:
        accepted = threads.map(accept, offers)
        closing = threads.submit(close, own_app, town, town.following)
        taken = sum(accepted)
        closing.result()

    with own_app.app_context():
        assert live_bookings(town.following) == 0
        statement = select(FallenBooking).join(Booking, Booking.id == FallenBooking.booking_id)
        fallen = db.session.scalars(statement.where(Booking.clinic_id == town.following)).all()
        assert len(fallen) == taken
