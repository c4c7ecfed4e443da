"""Waiting for a place, and answering the offer of one."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

import pytest
from flask import Flask

from backend.domain.accounts.models import Account
from backend.domain.clinics.errors.bookings import BookingSuspended, DayLimit
from backend.domain.clinics.errors.waitlist import (
    AlreadyWaiting,
    EntryEnded,
    EntryNotFound,
    HasPlace,
    NoWaiting,
    OfferLapsed,
    OfferNotFound,
    PlacesLeft,
)
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.waitlist import count_ahead
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus, PlaceState
from backend.domain.clinics.rules.waitlist import (
    OFFER_TRANSITIONS,
    WAITLIST_TRANSITIONS,
    OfferAction,
    OfferStatus,
    WaitlistAction,
    WaitlistStatus,
)
from backend.domain.clinics.service.offers import accept_offer, decline_offer, lapse_offers, serve_waiters
from backend.domain.clinics.service.returning import return_places
from backend.domain.clinics.service.waitlist import join_waitlist, leave_waitlist
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.patients.models import Patient
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from tests.support.clinics import link_patient, make_account, make_booking, make_clinic, make_patient, places_of
from tests.support.county import County, make_county
from tests.support.factories import make_person, make_setting


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def clinic(county: County) -> Clinic:
    """A clinic whose phone places are taken."""
    clinic = make_clinic(county.doctor, county.site)
    for place in places_of(clinic)[:3]:
        place.state = PlaceState.BOOKED
    db.session.commit()
    return clinic


class Family:
    """An account that acts for one patient."""

    def __init__(self, name: str = "罗桂兰") -> None:
        self.account: Account = make_account()
        self.patient: Patient = make_patient(name)
        link_patient(self.account, self.patient)
        db.session.commit()
        self.actor = Actor(account_id=self.account.id, channel="phone")

    def wait(self, clinic: Clinic) -> WaitlistEntry:
        return join_waitlist(self.actor, clinic.id, self.patient.id)


def offer_to(entry: WaitlistEntry) -> PlaceOffer:
    return db.session.query(PlaceOffer).filter_by(waitlist_entry_id=entry.id).one()


def give_back(clinic: Clinic, number: int = 1) -> ClinicPlace:
    place = places_of(clinic)[number - 1]
    return_places(clinic.id, [place.id])
    return place


def told(kind: NoticeKind) -> list[UUID | None]:
    return [item.account_id for item in db.session.query(InboxItem).filter_by(kind=kind)]


@pytest.mark.parametrize("status", WaitlistStatus)
@pytest.mark.parametrize("action", WaitlistAction)
def test_who_waits_no_more_is_nobody_to_whom_anything_happens(status: WaitlistStatus, action: WaitlistAction) -> None:
    open_states = {
        WaitlistStatus.WAITLIST: set(WaitlistAction) - {WaitlistAction.ACCEPT, WaitlistAction.DECLINE},
        WaitlistStatus.OFFERED: set(WaitlistAction) - {WaitlistAction.OFFER},
    }
    assert ((status, action) in WAITLIST_TRANSITIONS) == (action in open_states.get(status, set()))


@pytest.mark.parametrize("status", OfferStatus)
@pytest.mark.parametrize("action", OfferAction)
def test_only_an_open_offer_can_be_answered_or_end(status: OfferStatus, action: OfferAction) -> None:
    assert ((status, action) in OFFER_TRANSITIONS) == (status is OfferStatus.OFFERED)


def test_nobody_waits_where_a_place_can_be_booked(clinic: Clinic) -> None:
    places_of(clinic)[0].state = PlaceState.FREE
    db.session.commit()

    with pytest.raises(PlacesLeft):
        Family().wait(clinic)


def test_the_desks_free_place_does_not_keep_one_from_waiting(clinic: Clinic) -> None:
    assert Family().wait(clinic).status is WaitlistStatus.WAITLIST


def test_nobody_waits_before_the_release_or_for_a_closed_clinic(county: County, clinic: Clinic) -> None:
    day = clock.today() + timedelta(days=5)
    unreleased = make_clinic(county.doctor, county.site, released=False, held_on=day)
    with pytest.raises(NoWaiting):
        Family().wait(unreleased)
    clinic.status = ClinicStatus.CLOSED
    db.session.commit()
    with pytest.raises(NoWaiting):
        Family().wait(clinic)


def test_one_waits_once_and_not_with_a_place_in_hand(clinic: Clinic) -> None:
    family, booked = Family(), Family("杨顺发")
    family.wait(clinic)
    with pytest.raises(AlreadyWaiting):
        family.wait(clinic)
    make_booking(clinic, booked.patient, account=booked.account, number=2)
    with pytest.raises(HasPlace):
        booked.wait(clinic)


def test_another_accounts_patient_cannot_be_put_on_the_list(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        join_waitlist(Family().actor, clinic.id, Family("杨顺发").patient.id)


def test_how_many_wait_before_one_is_counted(clinic: Clinic) -> None:
    entries = [Family(name).wait(clinic) for name in ("罗桂兰", "杨顺发", "李小妹")]
    assert [count_ahead(entries).get(entry.id, 0) for entry in entries] == [0, 1, 2]


def test_an_accepted_place_is_booked_and_a_second_tap_gives_the_same(clinic: Clinic) -> None:
    family = Family()
    entry = family.wait(clinic)
    place = give_back(clinic)

    booking = accept_offer(family.actor, offer_to(entry).id)
    again = accept_offer(family.actor, offer_to(entry).id)

    assert again is booking
    assert (booking.place_id, booking.patient_id, booking.account_id) == (
        place.id,
        family.patient.id,
        family.account.id,
    )
    assert place.state is PlaceState.BOOKED
    assert entry.status is WaitlistStatus.BOOKED
    assert told(NoticeKind.BOOKING_MADE) == [family.account.id]


def test_a_declined_place_goes_to_the_next(clinic: Clinic) -> None:
    first, second = Family(), Family("杨顺发")
    declining, waiting = first.wait(clinic), second.wait(clinic)
    place = give_back(clinic)

    decline_offer(first.actor, offer_to(declining).id)

    assert declining.status is WaitlistStatus.DECLINED
    assert offer_to(waiting).place_id == place.id
    assert place.state is PlaceState.HELD


def test_an_offer_that_nobody_answers_lapses_and_goes_to_the_next(clinic: Clinic) -> None:
    first, second = Family(), Family("杨顺发")
    lapsing, waiting = first.wait(clinic), second.wait(clinic)
    give_back(clinic)
    offer_to(lapsing).held_until = clock.now() - timedelta(minutes=1)
    db.session.commit()

    with pytest.raises(OfferLapsed):
        accept_offer(first.actor, offer_to(lapsing).id)
    assert lapse_offers() == 1

    db.session.expire_all()
    assert (offer_to(lapsing).status, lapsing.status) == (OfferStatus.LAPSED, WaitlistStatus.LAPSED)
    assert offer_to(waiting).status is OfferStatus.OFFERED
    assert told(NoticeKind.OFFER_LAPSED) == [first.account.id]
    assert lapse_offers() == 0


def test_who_leaves_while_a_place_is_held_gives_it_to_the_next(clinic: Clinic) -> None:
    first, second = Family(), Family("杨顺发")
    leaving, waiting = first.wait(clinic), second.wait(clinic)
    place = give_back(clinic)

    leave_waitlist(first.actor, leaving.id)

    assert leaving.status is WaitlistStatus.CANCELLED
    assert offer_to(waiting).place_id == place.id
    with pytest.raises(EntryEnded):
        leave_waitlist(first.actor, leaving.id)


def test_an_offer_and_an_entry_are_their_accounts_own(clinic: Clinic) -> None:
    entry = Family().wait(clinic)
    give_back(clinic)
    other = Family("杨顺发").actor

    with pytest.raises(OfferNotFound):
        accept_offer(other, offer_to(entry).id)
    with pytest.raises(EntryNotFound):
        leave_waitlist(other, entry.id)


def test_a_free_place_that_slipped_past_those_who_wait_is_offered_by_the_sweep(clinic: Clinic) -> None:
    entry = Family().wait(clinic)
    places_of(clinic)[0].state = PlaceState.FREE  # it came back while they joined
    db.session.commit()

    assert serve_waiters() == 1

    assert offer_to(entry).status is OfferStatus.OFFERED
    assert serve_waiters() == 0


def test_the_sweep_ends_the_waiting_of_who_has_a_place_or_whose_clinic_begins(county: County, clinic: Clinic) -> None:
    booked, late = Family(), Family("杨顺发")
    has_place, waits = booked.wait(clinic), late.wait(clinic)
    make_booking(clinic, booked.patient, number=2)
    db.session.commit()

    serve_waiters()
    db.session.expire_all()
    assert (has_place.status, waits.status) == (WaitlistStatus.BOOKED, WaitlistStatus.WAITLIST)

    clinic.phone_until = clock.now() - timedelta(minutes=1)
    clinic.overflow_at = clinic.release_at = clinic.phone_until - timedelta(hours=1)
    db.session.commit()
    serve_waiters()
    db.session.expire_all()
    assert waits.status is WaitlistStatus.LAPSED


def test_limits_hold_for_who_waited(county: County, clinic: Clinic) -> None:
    make_setting(county.bureau, "clinics.bookings_a_day", 1)
    family = Family()
    entry = family.wait(clinic)
    give_back(clinic)
    later = make_clinic(
        make_person(county.hospital), county.site, held_on=clinic.held_on, periods=[(time(14), time(15))]
    )
    make_booking(later, family.patient)
    db.session.commit()

    with pytest.raises(DayLimit):
        accept_offer(family.actor, offer_to(entry).id)


def test_who_may_not_book_by_phone_does_not_wait_for_it(county: County, clinic: Clinic) -> None:
    for key, value in (("noshows_allowed", 1), ("noshow_window_days", 90), ("suspension_days", 30)):
        make_setting(county.bureau, f"clinics.{key}", value)
    family = Family()
    missed = make_booking(
        make_clinic(county.doctor, county.site, held_on=clock.today() - timedelta(days=2)), family.patient
    )
    missed.status, missed.noshow_at = BookingStatus.NOSHOW, clock.now()
    db.session.commit()

    with pytest.raises(BookingSuspended):
        family.wait(clinic)


def test_who_is_suspended_while_waiting_does_not_book_by_phone_after_all(county: County, clinic: Clinic) -> None:
    for key, value in (("noshows_allowed", 1), ("noshow_window_days", 90), ("suspension_days", 30)):
        make_setting(county.bureau, f"clinics.{key}", value)
    family = Family()
    entry = family.wait(clinic)
    give_back(clinic)
    missed = make_booking(
        make_clinic(county.doctor, county.site, held_on=clock.today() - timedelta(days=2)), family.patient
    )
    missed.status, missed.noshow_at = BookingStatus.NOSHOW, clock.now()
    db.session.commit()

    with pytest.raises(BookingSuspended):
        accept_offer(family.actor, offer_to(entry).id)


def test_a_place_taken_meanwhile_elsewhere_is_not_booked_twice(clinic: Clinic) -> None:
    family = Family()
    entry = family.wait(clinic)
    give_back(clinic)
    make_booking(clinic, family.patient, number=2)
    db.session.commit()

    with pytest.raises(Exception, match="already_booked"):
        accept_offer(family.actor, offer_to(entry).id)
    assert db.session.query(Booking).filter_by(status=BookingStatus.BOOKED).count() == 1
    assert offer_to(entry).status is OfferStatus.OFFERED
