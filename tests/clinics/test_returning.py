"""A place that comes back goes to who waits, in their order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.clinics.rules.waitlist import OfferStatus, WaitlistStatus
from backend.domain.clinics.service.returning import return_places
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from tests.support.clinics import link_patient, make_account, make_booking, make_clinic, make_patient, places_of
from tests.support.county import County, make_county


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def clinic(county: County) -> Clinic:
    """A clinic of three phone places and one of the desk, all taken."""
    clinic = make_clinic(county.doctor, county.site)
    for place in places_of(clinic):
        place.state = PlaceState.BOOKED
    db.session.commit()
    return clinic


def wait_for(clinic: Clinic, name: str = "罗桂兰") -> WaitlistEntry:
    account, patient = make_account(), make_patient(name)
    link_patient(account, patient)
    entry = WaitlistEntry(id=new_id(), clinic_id=clinic.id, patient_id=patient.id, account_id=account.id)
    db.session.add(entry)
    db.session.commit()
    return entry


def offers_of(entry: WaitlistEntry) -> list[PlaceOffer]:
    return db.session.query(PlaceOffer).filter_by(waitlist_entry_id=entry.id).all()


def state_of(place: ClinicPlace) -> PlaceState:
    db.session.refresh(place)
    return place.state


def test_a_place_that_nobody_waits_for_is_free(clinic: Clinic) -> None:
    place = places_of(clinic)[0]

    return_places(clinic.id, [place.id])

    assert state_of(place) is PlaceState.FREE


def test_it_is_held_for_who_came_first_and_they_are_told(clinic: Clinic) -> None:
    first, second = wait_for(clinic), wait_for(clinic, "杨顺发")
    place = places_of(clinic)[0]

    return_places(clinic.id, [place.id])

    (offer,) = offers_of(first)
    assert state_of(place) is PlaceState.HELD
    assert (offer.place_id, offer.status) == (place.id, OfferStatus.OFFERED)
    assert timedelta(minutes=50) < offer.held_until - clock.now() <= timedelta(minutes=60)
    assert (first.status, second.status) == (WaitlistStatus.OFFERED, WaitlistStatus.WAITLIST)
    told = db.session.query(InboxItem).one()
    assert told.account_id == first.account_id
    assert told.page == f"/patient/offer/index?id={offer.id}"


def test_several_places_go_to_several_who_wait_and_the_rest_is_free(clinic: Clinic) -> None:
    waiters = [wait_for(clinic), wait_for(clinic, "杨顺发")]
    places = places_of(clinic)[:3]

    return_places(clinic.id, [place.id for place in places])

    assert [state_of(place) for place in places] == [PlaceState.HELD, PlaceState.HELD, PlaceState.FREE]
    assert [offers_of(waiter)[0].place_id for waiter in waiters] == [places[0].id, places[1].id]


def test_the_desks_places_are_not_for_those_who_wait_by_phone(clinic: Clinic) -> None:
    entry, place = wait_for(clinic), places_of(clinic)[3]
    assert place.channel is Channel.DESK

    return_places(clinic.id, [place.id])

    assert state_of(place) is PlaceState.FREE
    assert not offers_of(entry)


def test_who_has_got_a_place_by_themselves_is_passed_over(clinic: Clinic) -> None:
    has_one, waits = wait_for(clinic), wait_for(clinic, "杨顺发")
    make_booking(clinic, has_one.patient, number=2)

    return_places(clinic.id, [places_of(clinic)[0].id])

    assert not offers_of(has_one)
    assert offers_of(waits)


def test_a_place_of_a_closed_clinic_stays_withdrawn(clinic: Clinic) -> None:
    entry, place = wait_for(clinic), places_of(clinic)[0]
    clinic.status, place.state = ClinicStatus.CLOSED, PlaceState.WITHDRAWN
    db.session.commit()

    return_places(clinic.id, [place.id])

    assert state_of(place) is PlaceState.WITHDRAWN
    assert not offers_of(entry)


def test_once_the_phones_time_is_over_nobody_is_asked(clinic: Clinic) -> None:
    entry, place = wait_for(clinic), places_of(clinic)[0]
    clinic.phone_until = clock.now() - timedelta(minutes=1)
    clinic.overflow_at = clinic.release_at = clinic.phone_until - timedelta(hours=1)
    db.session.commit()

    return_places(clinic.id, [place.id])

    assert state_of(place) is PlaceState.FREE
    assert not offers_of(entry)
