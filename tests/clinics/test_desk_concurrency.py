"""Several clerks at once, each in a thread and connection of its own; and one clerk who presses twice."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from time import sleep
from typing import TypeVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from backend.app import create_app
from backend.config import Settings
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.clinics.service.arrivals import call_next
from backend.domain.clinics.service.cancelling import cancel_booking
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.desk import DeskRequest, book_at_desk
from backend.domain.clinics.service.desk_cancelling import cancel_at_desk
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.ids import new_id
from tests.support import databases
from tests.support.at_once import at_once
from tests.support.clinics import make_account, make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person
from tests.support.servers import Addresses

T = TypeVar("T")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture(scope="module")
def own_app(servers: Addresses, settings: Settings) -> Iterator[Flask]:
    """Return an application on a database that this file's tests share; each has a county of its own."""
    url = databases.create_clone(servers)
    app = create_app(dataclasses.replace(settings, database_url=url))
    yield app
    with app.app_context():
        db.engine.dispose()
    databases.drop(servers, url)


@dataclasses.dataclass(frozen=True)
class Morning:
    """A clinic of tomorrow with three places of the phone and two of the desk, clerks, and people before them."""

    county: County
    clinic_id: UUID
    clerks: Sequence[Actor]
    patients: Sequence[UUID]

    def asks(self) -> list[tuple[Actor, UUID]]:
        return list(zip(self.clerks, self.patients, strict=True))


def make_morning(people: int) -> Morning:
    county = make_county()
    places = {Channel.PHONE: 3, Channel.DESK: 2}
    clinic = make_clinic(county.doctor, county.site, periods=[(time(9), time(10))], places=places)
    clerks = [acting(make_person(county.township, roles=[Role.DESK]), Role.DESK) for _ in range(people)]
    patients = [make_patient().id for _ in range(people)]
    db.session.commit()
    return Morning(county, clinic.id, clerks, patients)


def walk_in(clinic_id: UUID, actor: Actor, patient_id: UUID, key: str = "") -> Callable[[], int]:
    request = DeskRequest(patient_id=patient_id, extra=True)
    return lambda: book_at_desk(actor, clinic_id, request, key=key or new_id().hex).booking.number


def test_clerks_who_add_places_at_once_give_each_their_own_number(own_app: Flask) -> None:
    with own_app.app_context():
        morning = make_morning(6)

    numbers = at_once(own_app, [walk_in(morning.clinic_id, *ask) for ask in morning.asks()])

    assert sorted(map(int, numbers)) == [4, 5, 6, 7, 8, 9]
    with own_app.app_context():
        places = db.session.scalars(select(ClinicPlace).where(ClinicPlace.clinic_id == morning.clinic_id)).all()
        assert Counter((place.extra, place.state) for place in places) == {
            (False, PlaceState.FREE): 3,
            (False, PlaceState.BOOKED): 2,
            (True, PlaceState.BOOKED): 4,
        }


def test_a_clerk_who_presses_many_times_books_once(own_app: Flask) -> None:
    with own_app.app_context():
        morning = make_morning(1)
    (ask,) = morning.asks()

    numbers = at_once(own_app, [walk_in(morning.clinic_id, *ask, key="pressed-again")] * 6)

    assert numbers == [4] * 6
    with own_app.app_context():
        made = select(func.count()).where(Booking.clinic_id == morning.clinic_id)
        assert db.session.scalar(made) == 1


def test_clerks_who_call_at_once_call_each_once(own_app: Flask) -> None:
    with own_app.app_context():
        morning = make_morning(5)
        clinic = db.session.get_one(Clinic, morning.clinic_id)
        for number in (1, 2, 3):
            booking = make_booking(clinic, make_patient(), number=number)
            booking.status, booking.arrived_at = BookingStatus.ARRIVED, clock.now()
        db.session.commit()

    def call(actor: Actor) -> Callable[[], int]:
        return lambda: call_next(actor, morning.clinic_id).number

    called = at_once(own_app, [call(actor) for actor in morning.clerks])

    assert Counter(called) == {1: 1, 2: 1, 3: 1, "nobody_waits": 2}


def test_a_clinic_that_is_closed_meanwhile_keeps_nobody_and_gets_no_place(own_app: Flask) -> None:
    for _round in range(4):
        with own_app.app_context():
            morning = make_morning(5)

        def close(at: Morning = morning) -> int:
            close_clinic(at.county.office, at.clinic_id, 1, ClosureDraft(ClosureReason.CALLED_BACK))
            return 0

        walk_ins = [walk_in(morning.clinic_id, *ask) for ask in morning.asks()]
        came = at_once(own_app, [*walk_ins[:3], close, *walk_ins[3:]])

        assert 0 in came
        assert {one for one in came if isinstance(one, str)} <= {"clinic_closed", "clinic_full"}
        with own_app.app_context():
            live = select(func.count()).where(
                Booking.clinic_id == morning.clinic_id, Booking.status != BookingStatus.CANCELLED
            )
            assert db.session.scalar(live) == 0
            states = db.session.scalars(select(ClinicPlace.state).where(ClinicPlace.clinic_id == morning.clinic_id))
            assert set(states) == {PlaceState.WITHDRAWN}


@pytest.mark.parametrize("by_phone", [True, False], ids=["by phone", "at the desk"])
def test_who_cancels_while_the_clinic_is_closed_waits_in_no_circle(own_app: Flask, by_phone: bool) -> None:
    with own_app.app_context():
        morning = make_morning(1)
        account = make_account()
        clinic = db.session.get_one(Clinic, morning.clinic_id)
        booking = make_booking(clinic, make_patient(), account=account)
        ids, place_id, patient = (clinic.id, booking.id), booking.place_id, Actor(account_id=account.id)
        db.session.commit()
        closer, (clerk,) = morning.county.office, morning.clerks

    def close() -> bool:
        return close_clinic(closer, ids[0], 1, ClosureDraft(ClosureReason.CALLED_BACK)).needs_review

    def cancel() -> bool:
        made = cancel_booking(patient, ids[1], 1) if by_phone else cancel_at_desk(clerk, ids[1], 1)
        return made.status is not BookingStatus.CANCELLED

    # With the place in other hands both get as far as they can before they wait; then it is let go.
    with ThreadPoolExecutor(1) as beside, own_app.app_context(), db.engine.connect() as holder:
        holder.execute(select(ClinicPlace.id).where(ClinicPlace.id == place_id).with_for_update())
        both = beside.submit(at_once, own_app, [cancel, close])
        for _ in range(2000):
            if both.done() or (holder.scalar(text(WAITING)) or 0) >= 2:
                break
            sleep(0.01)
        holder.rollback()
        came = both.result()

    assert came[1] is False
    assert came[0] in (False, "stale_version")
    with own_app.app_context():
        assert db.session.get_one(Booking, ids[1]).status is BookingStatus.CANCELLED
