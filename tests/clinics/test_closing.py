"""Closing a clinic: nobody keeps a place, and everybody is told what they get for it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.errors.bookings import ClinicClosed, ClinicNotFound, ClinicOver
from backend.domain.clinics.errors.closures import CallerUnfit, ChoiceImpossible, ClinicHasBegun, NoLocalDoctor
from backend.domain.clinics.errors.waitlist import OfferLapsed
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.closures import ClinicClosure, FallenBooking
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.affected import preview_closure
from backend.domain.clinics.rules.bookings import BookingStatus, CancelReason
from backend.domain.clinics.rules.closures import ClosureReason, Remedy
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.clinics.rules.waitlist import OfferStatus, WaitlistStatus
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.offers import accept_offer, decline_offer
from backend.domain.clinics.service.returning import return_places
from backend.domain.clinics.service.waitlist import join_waitlist
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, StaleVersion
from tests.support.clinics import link_patient, make_account, make_booking, make_clinic, make_patient, places_of
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person

BACK = ClosureDraft(ClosureReason.CALLED_BACK)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def clinic(county: County) -> Clinic:
    """Tomorrow's clinic of three phone places."""
    make_dispatch(county.doctor, county.township)
    clinic = make_clinic(county.doctor, county.site)
    db.session.commit()
    return clinic


def next_week(county: County, *, phone: int = 3, days: int = 8) -> Clinic:
    day = clock.today() + timedelta(days=days)
    clinic = make_clinic(county.doctor, county.site, held_on=day, places={Channel.PHONE: phone, Channel.DESK: 1})
    db.session.commit()
    return clinic


def book(clinic: Clinic, name: str = "罗桂兰", number: int = 1, *, with_account: bool = True) -> Booking:
    account, patient = (make_account() if with_account else None), make_patient(name)
    if account:
        link_patient(account, patient)
    booking = make_booking(clinic, patient, account=account, number=number)
    db.session.commit()
    return booking


def close(county: County, clinic: Clinic, draft: ClosureDraft = BACK, actor: Actor | None = None) -> ClinicClosure:
    closure = close_clinic(actor or county.office, clinic.id, clinic.version, draft)
    db.session.expire_all()
    return closure


def offer_for(booking: Booking) -> PlaceOffer | None:
    return (
        db.session.query(PlaceOffer).filter_by(fallen_booking_id=booking.id, status=OfferStatus.OFFERED).one_or_none()
    )


def remedy_of(booking: Booking) -> Remedy:
    return db.session.get_one(FallenBooking, booking.id).remedy


def told(kind: NoticeKind) -> dict[UUID | None, InboxItem]:
    return {item.account_id or item.person_id: item for item in db.session.query(InboxItem).filter_by(kind=kind)}


def states(clinic: Clinic) -> set[PlaceState]:
    return {place.state for place in places_of(clinic)}


def start(clinic: Clinic, *, ago: timedelta) -> None:
    """Let a clinic have begun, and its periods with it."""
    clinic.starts_at = clock.now() - ago
    clinic.ends_at = clinic.starts_at + timedelta(hours=2)
    clinic.cancel_until = clinic.release_at = clinic.overflow_at = clinic.starts_at - timedelta(hours=3)
    clinic.phone_until = clinic.starts_at
    db.session.commit()


def test_every_booking_falls_and_a_place_at_the_next_date_is_held_for_each(county: County, clinic: Clinic) -> None:
    following = next_week(county)
    first, second = book(clinic), book(clinic, "杨顺发", 2)

    closure = close(county, clinic)

    assert clinic.status is ClinicStatus.CLOSED
    assert states(clinic) == {PlaceState.WITHDRAWN}
    for booking in (first, second):
        offer = offer_for(booking)
        assert offer is not None
        assert offer.clinic_id == following.id
        assert (booking.status, booking.cancelled_for) == (BookingStatus.CANCELLED, CancelReason.CLOSURE)
        assert db.session.get_one(ClinicPlace, offer.place_id).state is PlaceState.HELD
        assert remedy_of(booking) is Remedy.PLACE
        assert timedelta(hours=23) < offer.held_until - clock.now() <= timedelta(hours=24)
    assert (closure.closed_as, closure.needs_review) == (Role.MEDICAL_AFFAIRS, False)


def test_everybody_is_told_once_and_in_words_that_wechat_takes(county: County, clinic: Clinic) -> None:
    desk = make_person(county.township, "安小云", roles=[Role.DESK])
    next_week(county)
    booking, without = book(clinic), book(clinic, "杨顺发", 2, with_account=False)

    closure = close(county, clinic, ClosureDraft(ClosureReason.CALLED_BACK, note="下周照常"))

    (notice,) = told(NoticeKind.CLINIC_CLOSED).values()
    offer = offer_for(booking)
    assert offer is not None
    assert notice.account_id == booking.account_id
    assert notice.page == f"/patient/offer/index?id={offer.id}"
    assert "罗*兰" in notice.body
    assert "罗桂兰" not in notice.body
    assert "因公返院（下周照常）" in notice.body
    message = db.session.query(OutboxMessage).filter_by(inbox_item_id=notice.id).one()
    assert message.dedupe_key == f"clinic_closed:{booking.id}"
    assert message.organisation_id == county.township.id
    assert message.fields["thing3"] == "因公返院"
    assert offer_for(without) is not None
    reported = told(NoticeKind.CLOSURE_REPORTED)
    assert set(reported) == {desk.id, county.director.id, county.doctor.id}
    assert reported[desk.id].page == f"/office/closure/index?id={closure.id}"


def test_where_the_next_date_is_full_an_extra_place_is_made(county: County, clinic: Clinic) -> None:
    following = next_week(county, phone=1)
    bookings = [book(clinic, name, number) for number, name in ((1, "罗桂兰"), (2, "杨顺发"))]

    close(county, clinic)

    offers = [offer_for(booking) for booking in bookings]
    places = [db.session.get_one(ClinicPlace, offer.place_id) for offer in offers if offer]
    assert [(place.number, place.extra, place.channel) for place in places] == [
        (1, False, Channel.PHONE),
        (3, True, Channel.PHONE),
    ]
    assert {place.clinic_id for place in places} == {following.id}


def test_the_desks_places_of_the_next_date_are_left_to_the_desk(county: County, clinic: Clinic) -> None:
    following = next_week(county, phone=1)
    for number in (1, 2, 3):
        book(clinic, f"罗桂{'兰芳英'[number - 1]}", number)

    close(county, clinic)

    desk = next(place for place in places_of(following) if place.channel is Channel.DESK)
    assert desk.state is PlaceState.FREE


def test_an_extra_place_that_is_declined_is_gone(county: County, clinic: Clinic) -> None:
    following = next_week(county, phone=0)
    booking = book(clinic)
    close(county, clinic)
    offer = offer_for(booking)
    assert offer is not None

    decline_offer(Actor(account_id=booking.account_id), offer.id)

    db.session.expire_all()
    assert [place.state for place in places_of(following) if place.extra] == [PlaceState.WITHDRAWN]


def test_where_there_is_no_next_date_they_are_told_so(county: County, clinic: Clinic) -> None:
    booking = book(clinic)

    close(county, clinic)

    assert remedy_of(booking) is Remedy.NONE
    assert offer_for(booking) is None
    (notice,) = told(NoticeKind.CLINIC_CLOSED).values()
    assert "暂时没有可以改约的号" in notice.body
    assert notice.page == f"/patient/booking/index?id={booking.id}"


def test_a_date_on_which_the_expert_cannot_be_there_is_nobodys_next(county: County, clinic: Clinic) -> None:
    away = make_person(county.hospital, "何远方")  # sent nowhere
    make_clinic(away, county.site, held_on=clock.today() + timedelta(days=4))
    following = next_week(county)
    booking = book(clinic)

    close(county, clinic)

    offer = offer_for(booking)
    assert offer is not None
    assert offer.clinic_id == following.id


def test_the_office_may_choose_where_each_goes(county: County, clinic: Clinic) -> None:
    next_week(county)
    later = next_week(county, days=15)
    sent, left = book(clinic), book(clinic, "杨顺发", 2)

    close(county, clinic, ClosureDraft(ClosureReason.ILL, choices={sent.id: later.id, left.id: None}))

    offer = offer_for(sent)
    assert offer is not None
    assert offer.clinic_id == later.id
    assert remedy_of(left) is Remedy.NONE


def test_a_choice_that_cannot_be_had_stops_the_closure_as_a_whole(county: County, clinic: Clinic) -> None:
    booking = book(clinic)
    elsewhere = make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=8))
    elsewhere.status = ClinicStatus.CLOSED
    db.session.commit()

    with pytest.raises(ChoiceImpossible):
        close(county, clinic, ClosureDraft(ClosureReason.ILL, choices={booking.id: elsewhere.id}))

    db.session.expire_all()
    assert clinic.status is ClinicStatus.SCHEDULED
    assert booking.status is BookingStatus.BOOKED
    assert not told(NoticeKind.CLINIC_CLOSED)


def test_an_offered_place_is_taken_with_one_tap_and_names_what_it_replaces(county: County, clinic: Clinic) -> None:
    next_week(county)
    booking = book(clinic)
    close(county, clinic)
    offer = offer_for(booking)
    assert offer is not None

    new = accept_offer(Actor(account_id=booking.account_id, channel="phone"), offer.id)

    assert (new.moved_from_id, new.clinic_id, new.status) == (booking.id, offer.clinic_id, BookingStatus.BOOKED)


def test_who_waited_is_told_and_what_was_held_for_them_is_withdrawn(county: County, clinic: Clinic) -> None:
    for place in places_of(clinic)[:3]:
        place.state = PlaceState.BOOKED
    families = []
    for name in ("罗桂兰", "杨顺发"):
        account, patient = make_account(), make_patient(name)
        link_patient(account, patient)
        db.session.commit()
        families.append((account, join_waitlist(Actor(account_id=account.id), clinic.id, patient.id)))
    return_places(clinic.id, [places_of(clinic)[0].id])

    close(county, clinic)

    assert {entry.status for entry in db.session.query(WaitlistEntry)} == {WaitlistStatus.CANCELLED}
    assert set(told(NoticeKind.CLINIC_CLOSED)) == {account.id for account, _entry in families}
    offer = db.session.query(PlaceOffer).one()
    assert offer.status is OfferStatus.WITHDRAWN
    with pytest.raises(OfferLapsed):
        accept_offer(Actor(account_id=families[0][0].id), offer.id)


def test_a_place_held_after_one_closure_moves_on_when_the_next_clinic_closes_too(
    county: County, clinic: Clinic
) -> None:
    following, later = next_week(county), next_week(county, days=15)
    booking = book(clinic)
    close(county, clinic)

    close(county, following)

    offer = offer_for(booking)
    assert offer is not None
    assert offer.clinic_id == later.id
    keys = {one.dedupe_key for one in db.session.query(OutboxMessage) if one.account_id == booking.account_id}
    assert len(keys) == 2
    assert remedy_of(booking) is Remedy.PLACE


def test_a_clinic_that_has_begun_is_closed_only_with_something_for_those_who_came(
    county: County, clinic: Clinic
) -> None:
    next_week(county)
    came, not_yet = book(clinic), book(clinic, "杨顺发", 2)
    came.status, came.arrived_at = BookingStatus.ARRIVED, clock.now()
    start(clinic, ago=timedelta(minutes=20))

    with pytest.raises(ClinicHasBegun):
        close(county, clinic)
    with pytest.raises(NoLocalDoctor):
        close(county, clinic, ClosureDraft(ClosureReason.EMERGENCY, arrived_remedy=Remedy.LOCAL_DOCTOR))
    close(county, clinic, ClosureDraft(ClosureReason.EMERGENCY, arrived_remedy=Remedy.REMOTE))

    assert (remedy_of(came), remedy_of(not_yet)) == (Remedy.REMOTE, Remedy.PLACE)
    assert db.session.get_one(FallenBooking, came.id).had_arrived
    assert "远程会诊" in told(NoticeKind.CLINIC_CLOSED)[came.account_id].body


def test_who_was_seen_or_did_not_come_is_left_alone(county: County, clinic: Clinic) -> None:
    seen, absent = book(clinic), book(clinic, "杨顺发", 2)
    seen.status = BookingStatus.FULFILLED
    absent.status, absent.noshow_at = BookingStatus.NOSHOW, clock.now()
    start(clinic, ago=timedelta(minutes=20))

    close(county, clinic, ClosureDraft(ClosureReason.EMERGENCY, arrived_remedy=Remedy.REMOTE))

    assert (seen.status, absent.status) == (BookingStatus.FULFILLED, BookingStatus.NOSHOW)
    assert not told(NoticeKind.CLINIC_CLOSED)


def test_it_is_closed_once_before_its_end_and_as_it_was_read(county: County, clinic: Clinic) -> None:
    with pytest.raises(StaleVersion):
        close_clinic(county.office, clinic.id, clinic.version + 1, BACK)
    close(county, clinic)
    with pytest.raises(ClinicClosed):
        close(county, clinic)
    over = make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=3))
    start(over, ago=timedelta(hours=3))
    with pytest.raises(ClinicOver):
        close(county, over)


def test_expert_duty_officer_desk_and_director_may_close_and_only_duty_is_reviewed(county: County) -> None:
    duty = make_person(county.hospital, "段夜明", roles=[Role.DUTY])
    desk = make_person(county.township, "安小云", roles=[Role.DESK])
    actors = [county.visitor, acting(duty, Role.DUTY), acting(desk, Role.DESK), county.recipient]
    needs_review = []
    for days, actor in enumerate(actors, start=1):
        clinic = make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=days))
        db.session.commit()
        needs_review.append(close(county, clinic, actor=actor).needs_review)
    assert needs_review == [False, True, False, False]
    asked = db.session.query(InboxItem).filter(InboxItem.body.contains("请审核")).one()
    assert asked.person_id == county.medical_affairs.id


def test_nobody_else_closes_it(county: County, clinic: Clinic) -> None:
    dean = make_person(county.hospital, "高远", roles=[Role.DEAN])
    with pytest.raises(Forbidden):
        close(county, clinic, actor=acting(dean, Role.DEAN))
    for actor in (county.stranger, Actor(account_id=make_account().id)):
        with pytest.raises(ClinicNotFound):
            close(county, clinic, actor=actor)


def test_who_calls_works_at_one_of_the_two_hospitals(county: County, clinic: Clinic) -> None:
    elsewhere = make_person(county.other_township, "何远方")
    with pytest.raises(CallerUnfit):
        close(county, clinic, ClosureDraft(ClosureReason.ROAD, caller_person_id=elsewhere.id))


def test_the_preview_says_who_is_affected_and_writes_nothing(county: County, clinic: Clinic) -> None:
    next_week(county)
    book(clinic)
    unknown = book(clinic, "杨顺发", 2).patient
    unknown.telephone = unknown.telephone_hash = None
    db.session.commit()
    before = db.session.query(AuditEvent).count()

    preview = preview_closure(county.office, clinic.id)

    assert (len(preview.affected), preview.arrived, preview.with_place, preview.without_place) == (2, 0, 2, 0)
    assert preview.without_telephone == 1
    assert preview.may
    assert db.session.query(PlaceOffer).count() == 0
    assert db.session.query(AuditEvent).count() == before


def test_both_hospitals_trails_have_it(county: County, clinic: Clinic) -> None:
    close(county, clinic)
    events = db.session.query(AuditEvent).filter_by(action="close_clinic", subject_id=clinic.id)
    assert {event.organisation_id for event in events} == {county.hospital.id, county.township.id}
