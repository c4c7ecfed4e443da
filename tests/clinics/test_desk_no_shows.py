"""No-shows: said by the desk alone, once the period is over; a colleague decides an appeal where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.clinics.errors.bookings import BookingNotFound, ClinicClosed
from backend.domain.clinics.errors.desk import (
    AppealReasonMissing,
    AppealSettled,
    NotThisDay,
    OwnMark,
    PeriodNotOver,
    VisitSettled,
)
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.desk import list_appeals
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.service.arrivals import arrive
from backend.domain.clinics.service.day_lists import Entry, enter_attendance
from backend.domain.clinics.service.no_shows import decide_appeal, mark_no_show
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation import clock as the_clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, StaleVersion
from tests.clinics.desk_world import DAY, PERIODS, Desk, at, make_desk
from tests.support.clinics import make_clinic, make_patient
from tests.support.factories import acting, make_person, make_setting


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask, clock: time_machine.Traveller) -> Desk:
    return make_desk()


@pytest.fixture
def colleague(desk: Desk) -> Actor:
    return acting(make_person(desk.county.township, "何小玲", roles=[Role.DESK]), Role.DESK)


@pytest.fixture
def missed(desk: Desk, clock: time_machine.Traveller) -> Booking:
    """A no-show of the first period, against which the patient has appealed."""
    booking = desk.book(1)
    clock.move_to(at(9, 30))
    mark_no_show(desk.actor, booking.id, 1)
    booking.appeal, booking.appealed_at = "雨天塌方，车过不来", the_clock.now()
    db.session.commit()
    return booking


def notices(kind: NoticeKind) -> list[InboxItem]:
    return list(db.session.scalars(select(InboxItem).where(InboxItem.kind == kind)))


def test_until_the_period_is_over_somebody_may_be_on_the_way(desk: Desk, clock: time_machine.Traveller) -> None:
    booking = desk.book(1)
    clock.move_to(at(9, 29))
    with pytest.raises(PeriodNotOver):
        mark_no_show(desk.actor, booking.id, 1)

    clock.move_to(at(9, 30))
    mark_no_show(desk.actor, booking.id, 1)

    assert (booking.status, booking.noshow_at) == (BookingStatus.NOSHOW, at(9, 30))
    assert booking.marked_by_person_id == desk.person.id


def test_who_did_not_come_is_told_how_to_appeal(missed: Booking) -> None:
    (told,) = notices(NoticeKind.NO_SHOW_MARKED)
    assert told.account_id == missed.account_id
    assert "申诉" in told.body
    assert missed.patient.name not in told.body
    assert told.page == f"/patient/booking/index?id={missed.id}"
    (message,) = db.session.scalars(select(OutboxMessage)).all()
    assert message.organisation_id == missed.clinic.recipient_id


def test_who_has_no_account_is_told_nothing(desk: Desk, clock: time_machine.Traveller) -> None:
    booking = desk.book(1, with_account=False)
    clock.move_to(at(12))
    mark_no_show(desk.actor, booking.id, 1)
    assert notices(NoticeKind.NO_SHOW_MARKED) == []


def test_who_came_is_no_no_show_whatever_happened_then(desk: Desk, clock: time_machine.Traveller) -> None:
    booking = desk.book(1)
    arrive(desk.actor, booking.id, 1)
    clock.move_to(at(12))
    with pytest.raises(VisitSettled):
        mark_no_show(desk.actor, booking.id, 2)
    assert booking.status is BookingStatus.ARRIVED
    assert booking.noshow_at is None


def test_nobody_misses_a_clinic_that_was_closed(desk: Desk, clock: time_machine.Traveller) -> None:
    booking = desk.book(1)
    desk.clinic.status = ClinicStatus.CLOSED
    db.session.commit()
    clock.move_to(at(12))
    with pytest.raises(ClinicClosed):
        mark_no_show(desk.actor, booking.id, 1)


def test_the_expert_and_the_director_say_so_of_nobody(desk: Desk, clock: time_machine.Traveller) -> None:
    booking = desk.book(1)
    clock.move_to(at(12))
    for actor in (desk.expert, desk.county.recipient, desk.county.office):
        with pytest.raises(Forbidden):
            mark_no_show(actor, booking.id, 1)
    with pytest.raises(BookingNotFound):
        mark_no_show(desk.county.stranger, booking.id, 1)


def test_a_batch_after_the_clinic_does_what_it_can_and_tells_the_rest(
    desk: Desk, clock: time_machine.Traveller
) -> None:
    seen, missing, came, stale, elsewhere = (desk.book(number) for number in (1, 2, 3, 5, 6))
    arrive(desk.actor, came.id, 1)
    other = make_desk()  # of another county
    foreign = other.book(1)
    clock.move_to(at(18))

    outcome = enter_attendance(
        desk.actor,
        desk.clinic.id,
        [
            Entry(seen.id, 1, BookingStatus.FULFILLED),
            Entry(missing.id, 1, BookingStatus.NOSHOW),
            Entry(came.id, 2, BookingStatus.NOSHOW),
            Entry(stale.id, 7, BookingStatus.FULFILLED),
            Entry(elsewhere.id, 1, BookingStatus.ARRIVED),
            Entry(foreign.id, 1, BookingStatus.FULFILLED),
        ],
    )

    assert outcome.done == [seen.id, missing.id, elsewhere.id]
    assert [(left.booking_id, left.error.code) for left in outcome.left] == [
        (came.id, "visit_settled"),
        (stale.id, "stale_version"),
        (foreign.id, "booking_not_found"),
    ]
    assert [booking.status.value for booking in (seen, missing, came, stale)] == [
        "fulfilled",
        "noshow",
        "arrived",
        "booked",
    ]


def test_a_paper_list_may_be_entered_days_later_and_not_before_the_day(
    desk: Desk, clock: time_machine.Traveller
) -> None:
    booking = desk.book(1)
    clock.move_to(at(12, day=at(8).date().replace(day=1)))
    early = enter_attendance(desk.actor, desk.clinic.id, [Entry(booking.id, 1, BookingStatus.FULFILLED)])
    assert isinstance(early.left[0].error, NotThisDay)

    clock.move_to(at(12, day=at(8).date().replace(day=9)))
    late = enter_attendance(desk.actor, desk.clinic.id, [Entry(booking.id, 1, BookingStatus.FULFILLED)])
    assert late.done == [booking.id]


def test_a_colleague_excuses_and_the_patient_is_told_why(missed: Booking, colleague: Actor) -> None:
    assert [one.id for one in list_appeals(colleague).items] == [missed.id]

    decide_appeal(colleague, missed.id, missed.version, decision=AppealDecision.EXCUSED, reason="村医已证实道路中断")

    assert (missed.status, missed.appeal_decision) == (BookingStatus.NOSHOW, AppealDecision.EXCUSED)
    (told,) = notices(NoticeKind.APPEAL_DECIDED)
    assert "不计未到诊" in told.body
    assert "村医已证实道路中断" in told.body
    assert list_appeals(colleague).items == []
    with pytest.raises(AppealSettled):
        decide_appeal(colleague, missed.id, missed.version, decision=AppealDecision.UPHELD, reason="改判")


def test_who_marked_it_does_not_decide_where_there_is_a_colleague(desk: Desk, missed: Booking) -> None:
    lonely = missed.version
    make_person(desk.county.township, "何小玲", roles=[Role.DESK])
    with pytest.raises(OwnMark):
        decide_appeal(desk.actor, missed.id, lonely, decision=AppealDecision.UPHELD, reason="电话未接")


def test_who_is_the_whole_desk_decides_alone(desk: Desk, missed: Booking) -> None:
    decide_appeal(desk.actor, missed.id, missed.version, decision=AppealDecision.UPHELD, reason="电话未接")
    assert missed.appeal_decision is AppealDecision.UPHELD


def test_a_decision_has_a_reason_an_appeal_and_the_version_that_was_read(
    desk: Desk, missed: Booking, colleague: Actor
) -> None:
    with pytest.raises(AppealReasonMissing):
        decide_appeal(colleague, missed.id, missed.version, decision=AppealDecision.UPHELD, reason=" ")
    with pytest.raises(StaleVersion):
        decide_appeal(colleague, missed.id, 1, decision=AppealDecision.UPHELD, reason="x")
    quiet = desk.book(2)
    mark_no_show(desk.actor, quiet.id, 1)
    with pytest.raises(AppealSettled):
        decide_appeal(colleague, quiet.id, 2, decision=AppealDecision.EXCUSED, reason="x")


def test_the_third_tells_until_when_the_phone_books_no_more(desk: Desk, clock: time_machine.Traveller) -> None:
    for key, value in (("noshows_allowed", 3), ("noshow_window_days", 90), ("suspension_days", 30)):
        make_setting(desk.county.bureau, f"clinics.{key}", value)
    patient = make_patient()
    clock.move_to(at(12))
    bookings = [make_desk_clinic(desk, days_ago).book(1, patient) for days_ago in (20, 10, 0)]

    for booking in bookings:
        mark_no_show(desk.actor, booking.id, 1)

    told = [notice.body for notice in notices(NoticeKind.NO_SHOW_MARKED)]
    assert ["暂停手机预约" in body for body in told] == [False, False, True]
    assert "暂停手机预约至10月1日" in told[2]


def make_desk_clinic(desk: Desk, days_ago: int) -> Desk:
    """Return the same desk with a clinic of another expert so many days ago."""
    expert = make_person(desk.county.hospital)
    clinic = make_clinic(expert, desk.county.site, held_on=DAY - timedelta(days=days_ago), periods=PERIODS)
    return replace(desk, clinic=clinic)
