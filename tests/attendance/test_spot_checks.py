"""Ordering, answering and reviewing spot checks against the real table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from backend.domain.attendance.errors.spot_checks import (
    OwnSpotCheck,
    SpotCheckNotNow,
    SpotCheckOpen,
    SpotCheckOver,
    SpotCheckSettled,
)
from backend.domain.attendance.errors.taps import SiteCodeInvalid
from backend.domain.attendance.models.evidence import SiteTablet
from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.queries.spot_checks import (
    SpotCheckFilters,
    get_spot_check,
    list_spot_checks,
    may_explain,
    may_review,
    spot_check_figures,
)
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.spot_checks import (
    AnswerMeans,
    SpotCheckKind,
    SpotCheckReview,
    SpotCheckStatus,
)
from backend.domain.attendance.rules.taps import CheckInKind, Fix, Verdict
from backend.domain.attendance.service.locations import drop_old_locations
from backend.domain.attendance.service.site_codes import code_shown
from backend.domain.attendance.service.spot_check_answers import (
    Answer,
    answer_spot_check,
    explain_spot_check,
    receive_open_spot_check,
)
from backend.domain.attendance.service.spot_check_reviews import record_call, review_spot_check
from backend.domain.attendance.service.spot_check_rounds import lapse_spot_checks
from backend.domain.attendance.service.spot_checks import order_spot_check
from backend.domain.attendance.service.taps import Tap, record_tap
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI, now
from backend.foundation.errors import Forbidden, Invalid, NotFound, StaleVersion, TooManyAttempts
from backend.foundation.ids import new_id
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person, make_site, make_tablet

WEDNESDAY = date(2026, 9, 2)
HERE = Fix(Point(103.2, 27.3), 20)
AT_HOME = Fix(Point(103.5, 27.6), 20)
PRESENCE, RESIDENCE = SpotCheckKind.PRESENCE, SpotCheckKind.RESIDENCE
BY_PLACE = Answer(means=AnswerMeans.LOCATION, fix=HERE)


def at(hour: int, minute: int = 0, second: int = 0, day: date = WEDNESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(app: Flask, clock: time_machine.Traveller) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 9, 1), ends_on=date(2027, 2, 28), sites=[county.site]
    )


@pytest.fixture
def sent(county: County, dispatch: Dispatch) -> SpotCheck:
    return order_spot_check(county.office, dispatch.id, PRESENCE)


def test_an_order_is_sent_at_once_and_told(county: County, sent: SpotCheck) -> None:
    assert (sent.status, sent.sent_at, sent.deliver_by) == (SpotCheckStatus.SENT, at(9), at(11))
    assert sent.ordered_by_person_id == county.medical_affairs.id
    notice = db.session.scalars(select(InboxItem).where(InboxItem.person_id == county.doctor.id)).one()
    assert notice.kind == "spot_check_sent"
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == sent.id)).one()
    assert (event.action, event.organisation_id) == ("order_spot_check", county.hospital.id)


def test_somebody_has_one_to_answer_at_a_time(county: County, dispatch: Dispatch, sent: SpotCheck) -> None:
    with pytest.raises(SpotCheckOpen):
        order_spot_check(county.office, dispatch.id, PRESENCE)


def test_reading_it_begins_the_fifteen_minutes_and_reading_again_does_not(
    county: County, sent: SpotCheck, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(9, 40))
    received = receive_open_spot_check(county.visitor)
    assert received is not None
    assert (received.delivered_at, received.answer_by) == (at(9, 40), at(9, 55))
    clock.move_to(at(9, 50))
    again = receive_open_spot_check(county.visitor)
    assert again is not None
    assert again.answer_by == at(9, 55)


def test_the_list_does_not_tell_the_one_concerned_of_what_they_have_not_received(
    county: County, sent: SpotCheck
) -> None:
    assert list_spot_checks(county.visitor).total == 0
    assert list_spot_checks(county.office).total == 1
    receive_open_spot_check(county.visitor)
    assert list_spot_checks(county.visitor).total == 1


def test_an_answer_at_the_site_is_inside_and_leaves_no_plain_place(county: County, sent: SpotCheck) -> None:
    answered = answer_spot_check(county.visitor, sent.id, BY_PLACE)
    assert (answered.status, answered.verdict, answered.distance_m) == (SpotCheckStatus.ANSWERED, Verdict.INSIDE, 0)
    assert answered.location is not None
    assert b"103.2" not in answered.location
    assert not may_review(county.office, answered)


def test_an_answer_from_elsewhere_waits_for_a_person(county: County, sent: SpotCheck) -> None:
    answered = answer_spot_check(county.visitor, sent.id, Answer(means=AnswerMeans.LOCATION, fix=AT_HOME))
    assert (answered.status, answered.verdict) == (SpotCheckStatus.ANSWERED, Verdict.OUTSIDE)
    assert may_review(county.office, answered)
    assert may_explain(county.visitor, answered)
    assert not may_review(county.visitor, answered)


def test_an_answer_is_safe_to_repeat_and_cannot_be_changed(county: County, sent: SpotCheck) -> None:
    first = answer_spot_check(county.visitor, sent.id, BY_PLACE)
    version = first.version
    assert answer_spot_check(county.visitor, sent.id, BY_PLACE).version == version
    with pytest.raises(SpotCheckOver):
        answer_spot_check(county.visitor, sent.id, Answer(means=AnswerMeans.SURGERY))


def test_the_last_second_counts_and_the_next_does_not(
    county: County, dispatch: Dispatch, sent: SpotCheck, clock: time_machine.Traveller
) -> None:
    receive_open_spot_check(county.visitor)
    clock.move_to(at(9, 15, 1))
    with pytest.raises(SpotCheckOver):
        answer_spot_check(county.visitor, sent.id, BY_PLACE)
    assert receive_open_spot_check(county.visitor) is None
    clock.move_to(at(9, 15))
    assert lapse_spot_checks() == 0
    assert answer_spot_check(county.visitor, sent.id, BY_PLACE).status is SpotCheckStatus.ANSWERED


def by_code(tablet: SiteTablet, **changes: object) -> Answer:
    given: dict[str, object] = {"means": AnswerMeans.CODE, "code": code_shown(tablet.id, now()), "denied": True}
    return Answer(**(given | changes))  # type: ignore[arg-type]


def test_the_code_of_the_site_stands_for_a_place_that_is_not_told(county: County, sent: SpotCheck) -> None:
    answered = answer_spot_check(county.visitor, sent.id, by_code(make_tablet(county.site)))
    assert (answered.status, answered.verdict) == (SpotCheckStatus.ANSWERED, Verdict.INSIDE)


def test_the_code_never_overrides_outside(county: County, sent: SpotCheck) -> None:
    answered = answer_spot_check(county.visitor, sent.id, by_code(make_tablet(county.site), fix=AT_HOME))
    assert answered.verdict is Verdict.OUTSIDE


def test_a_wrong_or_an_old_code_is_no_answer_and_the_time_runs_on(
    county: County, sent: SpotCheck, clock: time_machine.Traveller
) -> None:
    tablet, elsewhere = make_tablet(county.site), make_tablet(make_site(county.other_township))
    old = by_code(tablet)
    clock.move_to(at(9, 2))
    for answer in (old, by_code(elsewhere)):
        with pytest.raises(SiteCodeInvalid):
            answer_spot_check(county.visitor, sent.id, answer)
    waiting = receive_open_spot_check(county.visitor)
    assert waiting is not None
    assert (waiting.delivered_at, waiting.answered_at) == (at(9, 2), None)


def test_codes_are_not_guessed_one_after_the_other(county: County, sent: SpotCheck) -> None:
    tablet = make_tablet(county.site)
    right = by_code(tablet)
    for _ in range(10):
        with pytest.raises(SiteCodeInvalid):
            answer_spot_check(county.visitor, sent.id, replace(right, code="00000000"))
    with pytest.raises(TooManyAttempts):
        answer_spot_check(county.visitor, sent.id, right)


def test_surgery_is_exempt_until_that_is_reviewed(county: County, sent: SpotCheck) -> None:
    claimed = answer_spot_check(county.visitor, sent.id, Answer(means=AnswerMeans.SURGERY, note="阑尾切除"))
    assert (claimed.status, claimed.verdict) == (SpotCheckStatus.EXEMPT, None)
    assert may_review(county.office, claimed)


def test_delivered_and_not_answered_is_missed_and_told(
    county: County, sent: SpotCheck, clock: time_machine.Traveller
) -> None:
    receive_open_spot_check(county.visitor)
    clock.move_to(at(9, 16))
    assert (lapse_spot_checks(), lapse_spot_checks()) == (1, 0)
    assert sent.status is SpotCheckStatus.MISSED
    titles = db.session.scalars(select(InboxItem.title).where(InboxItem.person_id == county.doctor.id)).all()
    assert "查岗未应答" in titles


def test_not_delivered_is_never_missed(county: County, sent: SpotCheck, clock: time_machine.Traveller) -> None:
    clock.move_to(at(11, 0, 1))
    assert receive_open_spot_check(county.visitor) is None
    lapse_spot_checks()
    assert sent.status is SpotCheckStatus.UNDELIVERED
    with pytest.raises(SpotCheckSettled):
        explain_spot_check(county.visitor, sent.id, "没有信号")


def test_the_database_keeps_no_miss_that_was_not_delivered(sent: SpotCheck) -> None:
    sent.status = SpotCheckStatus.MISSED
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_call_is_recorded_for_what_was_not_delivered_but_not_the_day_after(
    county: County, sent: SpotCheck, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(11, 30))
    lapse_spot_checks()
    clock.move_to(at(9, day=WEDNESDAY + timedelta(days=1)))
    with pytest.raises(SpotCheckOver):
        record_call(county.office, sent.id, sent.version, present=True, note="前台接听")
    clock.move_to(at(11, 40))
    recorded = record_call(county.office, sent.id, sent.version, present=True, note="护士站李护士接听，本人在")
    assert (recorded.status, recorded.verdict, recorded.answer_means) == (
        SpotCheckStatus.ANSWERED,
        Verdict.INSIDE,
        AnswerMeans.LANDLINE,
    )


def test_a_call_that_does_not_find_them_waits_for_review(county: County, sent: SpotCheck) -> None:
    recorded = record_call(county.office, sent.id, sent.version, present=False, note="说已回县城")
    assert recorded.verdict is Verdict.OUTSIDE
    assert may_review(county.office, recorded)


def test_a_call_says_who_was_spoken_to(county: County, sent: SpotCheck) -> None:
    with pytest.raises(Invalid):
        record_call(county.office, sent.id, sent.version, present=True, note="  ")


def test_a_miss_is_explained_and_reviewed_once(county: County, sent: SpotCheck, clock: time_machine.Traveller) -> None:
    receive_open_spot_check(county.visitor)
    clock.move_to(at(9, 20))
    lapse_spot_checks()
    explain_spot_check(county.visitor, sent.id, "正在抢救病人")
    with pytest.raises(StaleVersion):
        review_spot_check(county.office, sent.id, 1, review=SpotCheckReview.EXCUSED, reason="已核实")
    with pytest.raises(Invalid):
        review_spot_check(county.office, sent.id, sent.version, review=SpotCheckReview.EXCUSED, reason=" ")
    reviewed = review_spot_check(
        county.office, sent.id, sent.version, review=SpotCheckReview.EXCUSED, reason="与卫生院核实"
    )
    assert (reviewed.review, reviewed.explanation) == (SpotCheckReview.EXCUSED, "正在抢救病人")
    with pytest.raises(SpotCheckSettled):
        review_spot_check(county.office, sent.id, reviewed.version, review=SpotCheckReview.UPHELD, reason="反悔")
    with pytest.raises(SpotCheckSettled):
        explain_spot_check(county.visitor, sent.id, "补充")


def test_nobody_decides_about_themselves(county: County) -> None:
    both = make_person(county.hospital, "秦双岗", roles=[Role.STAFF, Role.MEDICAL_AFFAIRS])
    dispatch = make_dispatch(both, county.township, sites=[county.site])
    sent = order_spot_check(county.office, dispatch.id, PRESENCE)
    themselves = acting(both, Role.MEDICAL_AFFAIRS)
    with pytest.raises(OwnSpotCheck):
        order_spot_check(themselves, dispatch.id, SpotCheckKind.RESIDENCE)
    with pytest.raises(OwnSpotCheck):
        record_call(themselves, sent.id, sent.version, present=True, note="本人接听")
    answer_spot_check(themselves, sent.id, Answer(means=AnswerMeans.CLINIC))
    assert not may_review(themselves, sent)
    with pytest.raises(OwnSpotCheck):
        review_spot_check(themselves, sent.id, sent.version, review=SpotCheckReview.EXCUSED, reason="我在门诊")


def test_who_may_order_read_and_review(county: County, dispatch: Dispatch, sent: SpotCheck) -> None:
    for actor, error in ((county.recipient, Forbidden), (county.visitor, Forbidden), (county.stranger, NotFound)):
        with pytest.raises(error):
            order_spot_check(actor, dispatch.id, PRESENCE)
    assert get_spot_check(county.recipient, sent.id).id == sent.id
    assert list_spot_checks(county.overseer).total == 1
    with pytest.raises(NotFound):
        get_spot_check(county.stranger, sent.id)
    with pytest.raises(Forbidden):
        review_spot_check(county.overseer, sent.id, 1, review=SpotCheckReview.EXCUSED, reason="x")
    with pytest.raises(NotFound):
        answer_spot_check(county.office, sent.id, BY_PLACE)
    with pytest.raises(Forbidden):
        list_spot_checks(acting(county.director, Role.DESK))


def accepted_leave(dispatch: Dispatch, first: tuple[date, Shift], last: tuple[date, Shift]) -> None:
    halves = [(day - date(2000, 1, 1)).days * 3 + list(Shift).index(shift) for day, shift in (first, last)]
    db.session.add(
        LeaveRequest(
            id=new_id(),
            dispatch_id=dispatch.id,
            person_id=dispatch.person_id,
            kind=LeaveKind.PERSONAL,
            starts_on=first[0],
            starts_with=first[1],
            ends_on=last[0],
            ends_with=last[1],
            halves=Range(halves[0], halves[1] + 1),
            reason="家中有事",
            needs_supporting=False,
            is_long=False,
            status=RequestStatus.ACCEPTED,
        )
    )
    db.session.commit()


def test_who_is_on_leave_is_not_asked(county: County, dispatch: Dispatch, clock: time_machine.Traveller) -> None:
    accepted_leave(dispatch, (WEDNESDAY, Shift.MORNING), (WEDNESDAY, Shift.MORNING))
    with pytest.raises(SpotCheckNotNow):
        order_spot_check(county.office, dispatch.id, PRESENCE)
    clock.move_to(at(15))
    assert order_spot_check(county.office, dispatch.id, PRESENCE)


def test_a_suspended_dispatch_is_not_asked(county: County, dispatch: Dispatch) -> None:
    during = Range(WEDNESDAY, WEDNESDAY + timedelta(days=30))
    db.session.add(Suspension(id=new_id(), dispatch_id=dispatch.id, during=during, reason="产假"))
    db.session.commit()
    with pytest.raises(SpotCheckNotNow):
        order_spot_check(county.office, dispatch.id, PRESENCE)


def test_the_day_after_a_night_that_was_worked_is_rest(county: County, clock: time_machine.Traveller) -> None:
    nights = WeeklyPattern.of(range(1, 8), [Shift.MORNING, Shift.NIGHT])
    dispatch = make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 9, 1), pattern=nights, sites=[county.site]
    )
    clock.move_to(at(18, 30, day=date(2026, 9, 1)))
    record_tap(county.visitor, Tap(dispatch_id=dispatch.id, kind=CheckInKind.IN, key="key-00001", fix=HERE))
    clock.move_to(at(9))
    with pytest.raises(SpotCheckNotNow, match="spot_check_not_now"):
        order_spot_check(county.office, dispatch.id, PRESENCE)
    clock.move_to(at(19))  # the next night is asked again
    assert order_spot_check(county.office, dispatch.id, PRESENCE)


@pytest.mark.parametrize(
    ("kind", "when"),
    [
        (PRESENCE, at(13)),  # noon
        (PRESENCE, at(20)),  # no night is claimed
        (PRESENCE, at(9, day=date(2026, 9, 5))),  # Saturday
        (RESIDENCE, at(9)),
        (RESIDENCE, at(20, day=date(2026, 9, 5))),
    ],
)
def test_nobody_is_asked_outside_of_their_hours(
    county: County, dispatch: Dispatch, clock: time_machine.Traveller, kind: SpotCheckKind, when: datetime
) -> None:
    clock.move_to(when)
    with pytest.raises(SpotCheckNotNow):
        order_spot_check(county.office, dispatch.id, kind)


def test_in_the_evening_one_is_asked_where_one_lodges(
    county: County, dispatch: Dispatch, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(20, 30))
    sent = order_spot_check(county.office, dispatch.id, RESIDENCE)
    assert sent.deliver_by == at(22, 30)
    assert answer_spot_check(county.visitor, sent.id, BY_PLACE).verdict is Verdict.INSIDE


def test_a_visiting_expert_is_in_clinic_all_the_time(county: County) -> None:
    visiting = make_dispatch(county.doctor, county.township, kind=DispatchKind.VISITING, sites=[county.site])
    with pytest.raises(SpotCheckNotNow):
        order_spot_check(county.office, visiting.id, PRESENCE)


def test_the_figures_of_a_person_count_each_outcome_once(
    county: County, dispatch: Dispatch, clock: time_machine.Traveller
) -> None:
    def ask(hour: int) -> SpotCheck:
        clock.move_to(at(hour))
        spot_check = order_spot_check(county.office, dispatch.id, PRESENCE)
        receive_open_spot_check(county.visitor)
        return spot_check

    answer_spot_check(county.visitor, ask(8).id, BY_PLACE)
    answer_spot_check(county.visitor, ask(9).id, Answer(means=AnswerMeans.LOCATION, fix=AT_HOME))
    answer_spot_check(county.visitor, ask(10).id, Answer(means=AnswerMeans.CLINIC))
    missed = ask(11)
    clock.move_to(at(11, 30))
    lapse_spot_checks()
    claimed = ask(14)
    answer_spot_check(county.visitor, claimed.id, Answer(means=AnswerMeans.SURGERY))
    review_spot_check(county.office, claimed.id, claimed.version, review=SpotCheckReview.UPHELD, reason="没有手术")
    review_spot_check(county.office, missed.id, missed.version, review=SpotCheckReview.EXCUSED, reason="抢救")

    (figures,) = spot_check_figures(county.office, SpotCheckFilters())
    assert (figures.sent, figures.present, figures.doubtful, figures.missed) == (5, 2, 1, 1)
    assert (figures.exempt, figures.undelivered, figures.waiting, figures.upheld) == (1, 0, 2, 1)
    assert figures.rate_percent == 50


def test_filters_narrow_the_list(county: County, sent: SpotCheck) -> None:
    def total(**filters: object) -> int:
        return list_spot_checks(county.office, SpotCheckFilters(**filters)).total  # type: ignore[arg-type]

    assert (total(text="吕芬"), total(text="沈")) == (1, 0)
    assert (total(status=SpotCheckStatus.SENT), total(status=SpotCheckStatus.MISSED)) == (1, 0)
    assert (total(recipient_id=county.township.id), total(recipient_id=county.other_township.id)) == (1, 0)
    assert (total(first=WEDNESDAY, last=WEDNESDAY), total(last=WEDNESDAY - timedelta(days=1))) == (1, 0)
    assert total(waiting=True) == 0
    answer_spot_check(county.visitor, sent.id, Answer(means=AnswerMeans.LOCATION, denied=True))
    assert total(waiting=True) == 1


def test_the_raw_place_is_dropped_with_those_of_taps(
    county: County, sent: SpotCheck, clock: time_machine.Traveller
) -> None:
    answer_spot_check(county.visitor, sent.id, BY_PLACE)
    drop_old_locations(WEDNESDAY)
    assert db.session.scalars(select(SpotCheck.location)).one() is not None
    clock.move_to(at(10, day=WEDNESDAY + timedelta(days=91)))
    assert drop_old_locations(WEDNESDAY + timedelta(days=91)) == 1
    assert db.session.scalars(select(SpotCheck.location)).one() is None
