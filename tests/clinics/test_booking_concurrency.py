"""Many who book at once, each in a thread and connection of its own, against a database of the test's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.clinics.service.bookings import book_clinic
from backend.domain.clinics.service.cancelling import rebook
from backend.domain.clinics.service.permits import Wanted
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.patients.rules import Relation
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import BangfuError, Conflict
from backend.foundation.ids import new_id
from tests.support.clinics import link_patient, make_account, make_clinic, make_patient
from tests.support.county import make_county
from tests.support.factories import make_person, make_setting

Asked = tuple[Actor, Wanted, str]


def make_clinics(hours: Iterable[int], places: int, **limits: int) -> list[UUID]:
    """Plan a clinic at each of these hours, each with so many places by phone."""
    county = make_county()
    for key, value in limits.items():
        make_setting(county.bureau, f"clinics.{key}", value)
    clinics = [
        make_clinic(
            make_person(county.hospital),
            county.site,
            periods=[(time(hour), time(hour, 30))],
            places={Channel.PHONE: places, Channel.DESK: 1},
        )
        for hour in hours
    ]
    ids = [clinic.id for clinic in clinics]
    db.session.commit()
    return ids


def make_families(count: int) -> list[tuple[Actor, UUID]]:
    families = []
    for _ in range(count):
        account, patient = make_account(), make_patient()
        link_patient(account, patient)
        families.append((Actor(account_id=account.id, channel="phone"), patient.id))
    db.session.commit()
    return families


def ask(family: tuple[Actor, UUID], clinic_id: UUID, key: str = "") -> Asked:
    actor, patient_id = family
    return actor, Wanted(clinic_id=clinic_id, patient_id=patient_id), key or new_id().hex


def answers_at_once(app: Flask, asked: list[Asked]) -> list[UUID | str]:
    """Return for each the booking's id, or the code of the refusal."""

    def one(each: Asked) -> UUID | str:
        actor, wanted, key = each
        with app.app_context():
            while True:
                try:
                    return book_clinic(actor, wanted, key=key).booking.id
                except BangfuError as error:
                    if type(error) is not Conflict:  # then what a phone does: the same key again
                        return error.code

    with ThreadPoolExecutor(6) as threads:
        return list(threads.map(one, asked))


def counted(answers: Iterable[UUID | str]) -> Counter[str]:
    return Counter("booked" if isinstance(answer, UUID) else answer for answer in answers)


def test_as_many_are_booked_as_there_are_places_and_the_others_are_told(own_app: Flask) -> None:
    with own_app.app_context():
        (clinic_id,) = make_clinics([9], 7)
        families = make_families(30)

    answers = answers_at_once(own_app, [ask(family, clinic_id) for family in families])

    assert counted(answers) == {"booked": 7, "clinic_full": 23}
    with own_app.app_context():
        bookings = db.session.scalars(select(Booking)).all()
        assert sorted(booking.number for booking in bookings) == [1, 2, 3, 4, 5, 6, 7]
        assert {booking.id for booking in bookings} == {answer for answer in answers if isinstance(answer, UUID)}
        states = Counter(place.state for place in db.session.scalars(select(ClinicPlace)))
        assert states == {PlaceState.BOOKED: 7, PlaceState.FREE: 1}
        for table in (InboxItem, OutboxMessage):
            assert db.session.scalar(select(func.count()).select_from(table)) == 7


def test_a_request_that_is_sent_many_times_at_once_is_one_booking(own_app: Flask) -> None:
    with own_app.app_context():
        (clinic_id,) = make_clinics([9], 7)
        (family,) = make_families(1)

    answers = answers_at_once(own_app, [ask(family, clinic_id, "key-00000")] * 12)

    assert counted(answers) == {"booked": 12}
    assert len(set(answers)) == 1


def test_a_patient_for_whom_many_relatives_book_at_once_gets_one_place(own_app: Flask) -> None:
    with own_app.app_context():
        (clinic_id,) = make_clinics([9], 7)
        patient, relatives = make_patient(), [make_account() for _ in range(8)]
        for relative in relatives:
            link_patient(relative, patient, Relation.PARENT)
        db.session.commit()
        asked = [ask((Actor(account_id=relative.id), patient.id), clinic_id) for relative in relatives]

    assert counted(answers_at_once(own_app, asked)) == {"booked": 1, "already_booked": 7}
    with own_app.app_context():
        taken = select(func.count()).where(ClinicPlace.state == PlaceState.BOOKED)
        assert db.session.scalar(taken) == 1


@pytest.mark.parametrize(("limit", "refusal"), [("bookings_a_day", "day_limit"), ("bookings_a_month", "month_limit")])
def test_limits_hold_for_who_books_many_clinics_at_once(own_app: Flask, limit: str, refusal: str) -> None:
    with own_app.app_context():
        clinics = make_clinics(range(8, 18), 2, **{limit: 3})
        (family,) = make_families(1)

    answers = answers_at_once(own_app, [ask(family, clinic_id) for clinic_id in clinics])

    assert counted(answers) == {"booked": 3, refusal: 7}


def test_nobody_gets_two_places_at_one_time_by_asking_at_once(own_app: Flask) -> None:
    with own_app.app_context():
        clinics = make_clinics([9] * 8, 2)
        (family,) = make_families(1)

    answers = answers_at_once(own_app, [ask(family, clinic_id) for clinic_id in clinics])

    assert counted(answers) == {"booked": 1, "time_clash": 7}


def while_the_last_place_is_in_hand(app: Flask, url: str, end: Callable[[psycopg.Connection], object]) -> str:
    """Book while another has the last place in hand, who ends so; return what became of the booking."""
    with app.app_context():
        (clinic_id,) = make_clinics([9], 1)
        (family,) = make_families(1)
    with psycopg.connect(url.replace("+psycopg", "")) as other, ThreadPoolExecutor(1) as thread:
        other.execute("UPDATE clinic_places SET state = 'booked' WHERE channel = 'phone'")
        answer = thread.submit(answers_at_once, app, [ask(family, clinic_id)])
        while not _somebody_waits(url):
            assert not answer.done()
        end(other)
        return next(iter(counted(answer.result())))


def _somebody_waits(url: str) -> bool:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        row = connection.execute(waiting).fetchone()
        return row is not None and row[0] > 0


def test_a_clinic_is_not_full_while_its_last_place_may_yet_be_left(own_app: Flask, database: str) -> None:
    assert while_the_last_place_is_in_hand(own_app, database, psycopg.Connection.rollback) == "booked"


def test_a_clinic_is_full_once_its_last_place_is_gone(own_app: Flask, database: str) -> None:
    assert while_the_last_place_is_in_hand(own_app, database, psycopg.Connection.commit) == "clinic_full"


def test_a_clinic_that_closes_meanwhile_is_not_booked(own_app: Flask, database: str) -> None:
    def close(other: psycopg.Connection) -> None:
        other.execute("UPDATE clinic_places SET state = 'withdrawn'")
        other.execute("UPDATE clinics SET status = 'closed'")
        other.commit()

    assert while_the_last_place_is_in_hand(own_app, database, close) == "clinic_closed"
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Clinic).join(Booking)) == 0


def test_who_moves_while_others_book_has_one_place_or_the_other(own_app: Flask) -> None:
    with own_app.app_context():
        first, second = make_clinics([9, 14], 6)
        movers, others = make_families(6), make_families(6)
    answers_at_once(own_app, [ask(family, first) for family in movers])
    with own_app.app_context():
        held = {one.account_id: (one.id, one.version) for one in db.session.scalars(select(Booking))}

    def act(each: tuple[Actor, UUID]) -> str:
        actor, patient_id = each
        with own_app.app_context():
            try:
                if actor.account_id in held:
                    rebook(actor, *held[actor.account_id], clinic_id=second, key=new_id().hex)
                else:
                    book_clinic(actor, Wanted(clinic_id=second, patient_id=patient_id), key=new_id().hex)
            except BangfuError as error:
                return error.code
            return "booked"

    with ThreadPoolExecutor(6) as threads:
        answers = Counter(threads.map(act, [one for pair in zip(movers, others, strict=True) for one in pair]))

    assert answers == {"booked": 6, "clinic_full": 6}
    with own_app.app_context():
        live = db.session.scalars(select(Booking).where(Booking.status == BookingStatus.BOOKED)).all()
        assert {actor.account_id for actor, _ in movers} <= {one.account_id for one in live}
        assert len({one.place_id for one in live}) == len(live)
        taken = select(ClinicPlace.id).where(ClinicPlace.state == PlaceState.BOOKED)
        assert set(db.session.scalars(taken)) == {one.place_id for one in live}
