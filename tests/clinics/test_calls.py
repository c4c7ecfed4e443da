"""Whom a closure has not reached, calling them, and what is reviewed of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from backend.domain.accounts.models import Person
from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.errors.closures import (
    CallNotFound,
    ClosureNotFound,
    ExpertUnfit,
    NoOfferLeft,
    NothingToReview,
    OwnClosure,
    ReviewNoteMissing,
)
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.queries.closures import ClosureFilter, list_closures
from backend.domain.clinics.queries.fallen import list_fallen, tallies_of
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import CallOutcome, ClosureReason, ClosureReview, Standing
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.rules.waitlist import OfferStatus
from backend.domain.clinics.service.calls import read_calls, record_call, remind_of_calls
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.offers import accept_offer
from backend.domain.clinics.service.replacing import list_substitutes, replace_expert
from backend.domain.clinics.service.reviews import review_closure
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, StaleVersion
from tests.support.clinics import link_patient, make_account, make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def desk(county: County) -> Actor:
    return acting(make_person(county.township, "安小云", roles=[Role.DESK]), Role.DESK)


@pytest.fixture
def clinic(county: County) -> Clinic:
    """Tomorrow's clinic, with one a week later that has three places."""
    make_dispatch(county.doctor, county.township)
    make_clinic(
        county.doctor,
        county.site,
        held_on=clock.today() + timedelta(days=8),
        places={Channel.PHONE: 3, Channel.DESK: 1},
    )
    clinic = make_clinic(county.doctor, county.site)
    db.session.commit()
    return clinic


def book(clinic: Clinic, name: str = "罗桂兰", number: int = 1, *, with_account: bool = True) -> Booking:
    account, patient = (make_account() if with_account else None), make_patient(name)
    if account:
        link_patient(account, patient)
    booking = make_booking(clinic, patient, account=account, number=number)
    db.session.commit()
    return booking


def close(county: County, clinic: Clinic, actor: Actor | None = None, caller: Person | None = None) -> ClinicClosure:
    draft = ClosureDraft(ClosureReason.CALLED_BACK, caller_person_id=caller.id if caller else None)
    return close_clinic(actor or county.office, clinic.id, clinic.version, draft)


def let_message_be(booking: Booking, status: DeliveryStatus, *, ago: timedelta = timedelta()) -> None:
    message = db.session.query(OutboxMessage).filter_by(dedupe_key=f"clinic_closed:{booking.id}").one()
    message.status = status
    message.failure = Failure.NO_GRANT if status is DeliveryStatus.FAILED else None
    message.created_at = clock.now() - ago
    db.session.commit()


def standing_of(closure: ClinicClosure, booking: Booking) -> Standing:
    return next(one.standing for one in list_fallen(closure.id) if one.booking_id == booking.id)


def offer_for(booking: Booking) -> PlaceOffer:
    return db.session.query(PlaceOffer).filter_by(fallen_booking_id=booking.id).one()


def told(kind: NoticeKind) -> list[UUID | None]:
    return [item.person_id for item in db.session.query(InboxItem).filter_by(kind=kind)]


@pytest.mark.parametrize(
    ("status", "minutes", "standing"),
    [
        (DeliveryStatus.OWED, 1, Standing.SENDING),
        (DeliveryStatus.OWED, 11, Standing.UNREACHED),
        (DeliveryStatus.UNKNOWN, 1, Standing.SENDING),
        (DeliveryStatus.UNKNOWN, 11, Standing.UNREACHED),
        (DeliveryStatus.FAILED, 1, Standing.UNREACHED),
        (DeliveryStatus.LAPSED, 1, Standing.UNREACHED),
        (DeliveryStatus.SENT, 1, Standing.UNANSWERED),
        (DeliveryStatus.DELIVERED, 60, Standing.UNANSWERED),
    ],
)
def test_who_is_to_be_called_follows_from_what_became_of_the_message(
    county: County, clinic: Clinic, status: DeliveryStatus, minutes: int, standing: Standing
) -> None:
    booking = book(clinic)
    closure = close(county, clinic)

    let_message_be(booking, status, ago=timedelta(minutes=minutes))

    assert standing_of(closure, booking) is standing


def test_who_has_no_account_is_to_be_called(county: County, clinic: Clinic) -> None:
    booking = book(clinic, with_account=False)
    closure = close(county, clinic)
    assert standing_of(closure, booking) is Standing.UNREACHED


def test_who_has_accepted_on_their_phone_is_not_written_down_as_declining(
    county: County, clinic: Clinic, desk: Actor
) -> None:
    booking = book(clinic)
    closure = close(county, clinic)
    accept_offer(Actor(account_id=booking.account_id, channel="phone"), offer_for(booking).id)
    with pytest.raises(NoOfferLeft):
        record_call(desk, closure.id, booking.id, 1, CallOutcome.DECLINED)


def test_who_answered_needs_no_call_and_who_was_told_that_there_is_nothing_neither(county: County) -> None:
    lonely = make_clinic(county.doctor, county.site)
    booking = book(lonely)
    closure = close(county, lonely)
    let_message_be(booking, DeliveryStatus.DELIVERED)
    assert standing_of(closure, booking) is Standing.DONE


def test_the_list_shows_names_and_numbers_to_the_desk_and_each_look_is_audited(
    county: County, desk: Actor, clinic: Clinic
) -> None:
    told_one, answered, unreached = (
        book(clinic),
        book(clinic, "杨顺发", 2),
        book(clinic, "李小妹", 3, with_account=False),
    )
    closure = close(county, clinic)
    for booking in (told_one, answered):
        let_message_be(booking, DeliveryStatus.DELIVERED)
    accept_offer(Actor(account_id=answered.account_id), offer_for(answered).id)

    calls = read_calls(desk, closure.id).calls

    assert [(call.name, call.telephone) for call in calls] == [("李小妹", "13900001234"), ("罗桂兰", "13900001234")]
    assert [call.fallen.booking_id for call in calls] == [unreached.id, told_one.id]
    event = db.session.query(AuditEvent).filter_by(action="read_calls").one()
    assert event.organisation_id == county.township.id
    assert event.details == {"patients": 2}


def test_only_the_desk_and_who_was_named_may_see_numbers(county: County, desk: Actor, clinic: Clinic) -> None:
    colleague = make_person(county.hospital, "段夜明", roles=[Role.DUTY])
    closure = close(county, clinic, caller=colleague)
    read_calls(desk, closure.id)
    read_calls(acting(colleague, Role.DUTY), closure.id)
    for actor in (county.office, county.recipient, county.visitor):
        with pytest.raises(Forbidden):
            read_calls(actor, closure.id)
    with pytest.raises(ClosureNotFound):
        read_calls(county.stranger, closure.id)


def test_a_call_that_accepts_books_the_place_that_is_held(county: County, desk: Actor, clinic: Clinic) -> None:
    booking = book(clinic, with_account=False)
    closure = close(county, clinic)

    call = record_call(desk, closure.id, booking.id, 1, CallOutcome.ACCEPTED, "女儿接的")

    assert offer_for(booking).status is OfferStatus.ACCEPTED
    new = db.session.query(Booking).filter_by(moved_from_id=booking.id).one()
    assert (new.status, new.booked_by_person_id) == (BookingStatus.BOOKED, desk.person_id)
    assert (call.fallen.standing, call.fallen.calls, call.fallen.call_note) == (Standing.DONE, 1, "女儿接的")


def test_a_call_that_declines_frees_the_place(county: County, desk: Actor, clinic: Clinic) -> None:
    booking = book(clinic, with_account=False)
    closure = close(county, clinic)
    record_call(desk, closure.id, booking.id, 1, CallOutcome.DECLINED)
    assert offer_for(booking).status is OfferStatus.DECLINED


def test_nobody_answered_leaves_them_to_be_called_again(county: County, desk: Actor, clinic: Clinic) -> None:
    booking = book(clinic, with_account=False)
    closure = close(county, clinic)

    record_call(desk, closure.id, booking.id, 1, CallOutcome.NO_ANSWER)
    with pytest.raises(StaleVersion):
        record_call(desk, closure.id, booking.id, 1, CallOutcome.INFORMED)
    call = record_call(desk, closure.id, booking.id, 2, CallOutcome.INFORMED)

    assert (call.fallen.calls, call.fallen.standing) == (2, Standing.DONE)


def test_a_place_that_is_held_no_more_cannot_be_accepted_by_telephone(
    county: County, desk: Actor, clinic: Clinic
) -> None:
    booking = book(clinic, with_account=False)
    closure = close(county, clinic)
    offer_for(booking).held_until = clock.now() - timedelta(minutes=1)
    db.session.commit()
    with pytest.raises(NoOfferLeft):
        record_call(desk, closure.id, booking.id, 1, CallOutcome.ACCEPTED)


def test_somebody_of_another_closure_is_not_ticked_off(county: County, desk: Actor, clinic: Clinic) -> None:
    other = book(clinic, with_account=False)
    close(county, clinic)
    second = make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=2))
    closure = close(county, second)
    with pytest.raises(CallNotFound):
        record_call(desk, closure.id, other.id, 1, CallOutcome.INFORMED)


def test_the_tally_adds_up(county: County, clinic: Clinic) -> None:
    sent, answered, _unreached = book(clinic), book(clinic, "杨顺发", 2), book(clinic, "李小妹", 3, with_account=False)
    closure = close(county, clinic)
    let_message_be(sent, DeliveryStatus.SENT)
    let_message_be(answered, DeliveryStatus.DELIVERED)
    accept_offer(Actor(account_id=answered.account_id), offer_for(answered).id)

    tally = tallies_of([closure.id])[closure.id]

    assert tally.told == {"owed": 0, "sent": 1, "delivered": 1, "failed": 1, "unknown": 0}
    assert tally.answered == {"accepted": 1, "declined": 0, "open": 2, "none": 0}
    assert (tally.total, tally.to_call, tally.done) == (3, 2, False)


def test_the_desk_is_reminded_once_of_whom_nobody_reached(county: County, desk: Actor, clinic: Clinic) -> None:
    book(clinic, with_account=False)
    closure = close(county, clinic)
    assert remind_of_calls() == 0  # messages may still arrive

    closure.closed_at = clock.now() - timedelta(minutes=16)
    db.session.commit()
    remind_of_calls()
    remind_of_calls()

    assert told(NoticeKind.CALLS_WAITING) == [desk.person_id]


def test_who_was_named_to_call_is_reminded_in_place_of_the_desk(county: County, desk: Actor, clinic: Clinic) -> None:
    colleague = make_person(county.township, "段夜明")
    book(clinic, with_account=False)
    closure = close(county, clinic, caller=colleague)
    closure.closed_at = clock.now() - timedelta(minutes=16)
    db.session.commit()
    remind_of_calls()
    assert told(NoticeKind.CALLS_WAITING) == [colleague.id]


def test_closures_are_listed_as_far_as_one_may_see_and_by_what_they_need(
    county: County, desk: Actor, clinic: Clinic
) -> None:
    duty = acting(make_person(county.hospital, "段夜明", roles=[Role.DUTY]), Role.DUTY)
    book(clinic, with_account=False)
    waiting = close(county, clinic)
    empty = make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=2))
    to_review = close(county, empty, actor=duty)

    assert list_closures(desk).total == 2
    assert list_closures(county.overseer).total == 2
    assert list_closures(county.stranger).total == 0
    assert [one.id for one in list_closures(desk, ClosureFilter.OPEN).items] == [waiting.id]
    assert [one.id for one in list_closures(county.office, ClosureFilter.REVIEW).items] == [to_review.id]


def test_medical_affairs_reviews_what_the_duty_officer_closed_once(county: County, clinic: Clinic) -> None:
    officer = make_person(county.hospital, "段夜明", roles=[Role.DUTY, Role.MEDICAL_AFFAIRS])
    closure = close(county, clinic, actor=acting(officer, Role.DUTY))

    with pytest.raises(OwnClosure):
        review_closure(acting(officer, Role.MEDICAL_AFFAIRS), closure.id, ClosureReview.CONFIRMED)
    with pytest.raises(ReviewNoteMissing):
        review_closure(county.office, closure.id, ClosureReview.QUESTIONED)
    review_closure(county.office, closure.id, ClosureReview.QUESTIONED, "未先联系替诊")

    assert closure.review is ClosureReview.QUESTIONED
    assert told(NoticeKind.CLOSURE_REVIEWED) == [officer.id]
    with pytest.raises(NothingToReview):
        review_closure(county.office, closure.id, ClosureReview.CONFIRMED)
    with pytest.raises(Forbidden):
        review_closure(county.recipient, closure.id, ClosureReview.CONFIRMED)


def test_another_expert_who_is_there_keeps_the_bookings_and_everybody_is_told(county: County, clinic: Clinic) -> None:
    substitute = make_person(county.hospital, "何远方", title="副主任医师")
    make_dispatch(substitute, county.township)
    booking = book(clinic)

    assert [person.id for person in list_substitutes(county.office, clinic.id)] == [substitute.id]
    replace_expert(county.office, clinic.id, substitute.id, clinic.version)

    assert (clinic.person_id, clinic.replaces_person_id) == (substitute.id, county.doctor.id)
    assert booking.status is BookingStatus.BOOKED
    notice = db.session.query(InboxItem).filter_by(kind=NoticeKind.EXPERT_REPLACED).one()
    assert notice.account_id == booking.account_id
    assert "何远方副主任医师" in notice.body
    assert set(told(NoticeKind.CLINIC_PLANNED)) == {substitute.id, county.doctor.id}


def test_who_is_not_there_or_is_busy_cannot_take_it_over(county: County, clinic: Clinic) -> None:
    absent = make_person(county.hospital, "何远方")
    busy = make_person(county.hospital, "高远")
    make_dispatch(busy, county.township)
    make_clinic(busy, county.site)
    db.session.commit()
    for person in (absent, busy):
        with pytest.raises(ExpertUnfit):
            replace_expert(county.office, clinic.id, person.id, clinic.version)


def test_an_expert_cannot_put_another_in_their_own_place(county: County, clinic: Clinic) -> None:
    substitute = make_person(county.hospital, "何远方")
    make_dispatch(substitute, county.township)
    with pytest.raises(Forbidden):
        replace_expert(county.visitor, clinic.id, substitute.id, clinic.version)
