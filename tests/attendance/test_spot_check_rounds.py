"""Drawing, sending and closing spot checks without anyone asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.queries.spot_checks import get_spot_check, list_spot_checks
from backend.domain.attendance.rules.spot_checks import SpotCheckKind, SpotCheckStatus
from backend.domain.attendance.service.spot_check_rounds import (
    lapse_spot_checks,
    plan_spot_checks,
    send_due_spot_checks,
)
from backend.domain.attendance.service.spot_checks import order_spot_check
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchKind, Shift
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import NotFound
from backend.jobs import spot_checks as jobs
from tests.attendance.test_spot_checks import accepted_leave
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person, make_setting

MONDAY = date(2026, 9, 7)
SHARE, EVENINGS = "attendance.spot_check_share_percent", "attendance.residence_check_percent"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 9, 7, 6, 5, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(app: Flask, clock: time_machine.Traveller) -> County:
    return make_county()


@pytest.fixture
def team(county: County) -> list[Dispatch]:
    return [
        make_dispatch(make_person(county.hospital, f"队员{number}"), county.township, sites=[county.site])
        for number in range(5)
    ]


def planned(kind: SpotCheckKind = SpotCheckKind.PRESENCE) -> list[SpotCheck]:
    return list(db.session.scalars(select(SpotCheck).where(SpotCheck.kind == kind).order_by(SpotCheck.planned_at)))


def test_without_a_share_nobody_is_drawn(county: County, team: list[Dispatch]) -> None:
    assert plan_spot_checks(Random(1)) == 0


def test_a_week_is_drawn_once_and_the_next_one_anew(
    county: County, team: list[Dispatch], clock: time_machine.Traveller
) -> None:
    make_setting(county.hospital, SHARE, 40)
    assert plan_spot_checks(Random(1)) == 2
    assert plan_spot_checks(Random(2)) == 0
    clock.move_to(datetime(2026, 9, 13, 23, 0, tzinfo=SHANGHAI))
    assert plan_spot_checks(Random(3)) == 0
    clock.move_to(datetime(2026, 9, 14, 6, 5, tzinfo=SHANGHAI))
    assert plan_spot_checks(Random(4)) == 2


def test_another_hospitals_share_draws_only_its_own(county: County, team: list[Dispatch]) -> None:
    make_setting(county.foreign_hospital, SHARE, 100)
    assert plan_spot_checks(Random(1)) == 0


def test_evenings_have_a_share_of_their_own(county: County, team: list[Dispatch]) -> None:
    make_setting(county.hospital, EVENINGS, 100)
    assert plan_spot_checks(Random(1)) == 5
    assert planned() == []
    assert all(
        "20:00" <= spot_check.planned_at.astimezone(SHANGHAI).strftime("%H:%M") <= "21:30"
        for spot_check in planned(SpotCheckKind.RESIDENCE)
    )


def test_who_visits_for_a_clinic_is_not_drawn(county: County) -> None:
    make_setting(county.hospital, SHARE, 100)
    make_dispatch(county.doctor, county.township, kind=DispatchKind.VISITING, sites=[county.site])
    assert plan_spot_checks(Random(1)) == 0


def test_who_is_on_leave_all_week_is_not_drawn(county: County, team: list[Dispatch]) -> None:
    make_setting(county.hospital, SHARE, 100)
    for dispatch in team[1:]:
        accepted_leave(dispatch, (MONDAY, Shift.MORNING), (MONDAY + timedelta(days=6), Shift.NIGHT))
    assert plan_spot_checks(Random(1)) == 1
    assert [spot_check.dispatch_id for spot_check in planned()] == [team[0].id]


def test_what_is_planned_is_shown_to_nobody(county: County, team: list[Dispatch]) -> None:
    make_setting(county.hospital, SHARE, 100)
    plan_spot_checks(Random(1))
    assert list_spot_checks(county.office).total == 0
    with pytest.raises(NotFound):
        get_spot_check(county.office, planned()[0].id)


def test_what_is_due_is_sent_once(county: County, team: list[Dispatch], clock: time_machine.Traveller) -> None:
    make_setting(county.hospital, SHARE, 20)
    plan_spot_checks(Random(1))
    (spot_check,) = planned()
    clock.move_to(spot_check.planned_at - timedelta(seconds=1))
    assert send_due_spot_checks() == 0
    clock.move_to(spot_check.planned_at)
    assert (send_due_spot_checks(), send_due_spot_checks()) == (1, 0)
    assert spot_check.status is SpotCheckStatus.SENT
    assert list_spot_checks(county.office).total == 1


def test_who_went_on_leave_after_the_draw_is_spared(
    county: County, team: list[Dispatch], clock: time_machine.Traveller
) -> None:
    make_setting(county.hospital, SHARE, 20)
    plan_spot_checks(Random(1))
    (spot_check,) = planned()
    day = spot_check.planned_at.astimezone(SHANGHAI).date()
    accepted_leave(spot_check.dispatch, (day, Shift.MORNING), (day, Shift.NIGHT))
    clock.move_to(spot_check.planned_at)
    assert send_due_spot_checks() == 0
    assert (spot_check.status, spot_check.note) == (SpotCheckStatus.EXEMPT, "已准假或暂停派驻，免查。")


def test_one_who_has_another_to_answer_comes_later_and_in_the_end_not_at_all(
    county: County, team: list[Dispatch], clock: time_machine.Traveller
) -> None:
    make_setting(county.hospital, SHARE, 20)
    plan_spot_checks(Random(1))
    (spot_check,) = planned()
    clock.move_to(spot_check.planned_at - timedelta(minutes=1))
    order_spot_check(county.office, spot_check.dispatch_id, SpotCheckKind.PRESENCE)
    clock.move_to(spot_check.planned_at)
    assert send_due_spot_checks() == 0
    assert spot_check.status is SpotCheckStatus.PLANNED
    clock.move_to(spot_check.planned_at + timedelta(hours=4))
    send_due_spot_checks()
    (given_up,) = [one for one in planned() if one.id == spot_check.id]
    assert (given_up.status, given_up.sent_at) == (SpotCheckStatus.UNDELIVERED, None)


def tell_delivered(spot_check: SpotCheck, at: datetime) -> None:
    """Let WeChat have said of the message that it was delivered."""
    message = db.session.query(OutboxMessage).filter_by(dedupe_key=f"spot_check_sent:{spot_check.id}").one()
    message.status, message.settled_at = DeliveryStatus.DELIVERED, at
    db.session.commit()


def test_what_wechat_has_delivered_is_delivered_and_its_quarter_of_an_hour_runs_from_then(
    county: County, team: list[Dispatch], clock: time_machine.Traveller
) -> None:
    make_setting(county.hospital, SHARE, 20)
    plan_spot_checks(Random(1))
    (spot_check,) = planned()
    clock.move_to(spot_check.planned_at)
    jobs.run_spot_checks()
    told_at = spot_check.planned_at + timedelta(seconds=5)
    tell_delivered(spot_check, told_at)
    clock.move_to(told_at + timedelta(minutes=1))
    jobs.run_spot_checks()
    assert (spot_check.status, spot_check.delivered_at) == (SpotCheckStatus.DELIVERED, told_at)
    clock.move_to(told_at + timedelta(minutes=15, seconds=1))
    jobs.run_spot_checks()
    assert (spot_check.status, spot_check.answer_by) == (SpotCheckStatus.MISSED, told_at + timedelta(minutes=15))


def test_what_arrived_after_its_time_was_not_delivered(
    county: County, team: list[Dispatch], clock: time_machine.Traveller
) -> None:
    make_setting(county.hospital, SHARE, 20)
    plan_spot_checks(Random(1))
    (spot_check,) = planned()
    clock.move_to(spot_check.planned_at)
    jobs.run_spot_checks()
    assert spot_check.deliver_by is not None
    told_at = spot_check.deliver_by + timedelta(seconds=1)
    tell_delivered(spot_check, told_at)
    clock.move_to(told_at)
    jobs.run_spot_checks()
    assert spot_check.status is SpotCheckStatus.UNDELIVERED


def test_a_message_that_asks_is_of_no_use_after_the_time_for_it(
    county: County, team: list[Dispatch], clock: time_machine.Traveller
) -> None:
    make_setting(county.hospital, SHARE, 20)
    plan_spot_checks(Random(1))
    (spot_check,) = planned()
    clock.move_to(spot_check.planned_at)
    jobs.run_spot_checks()
    message = db.session.query(OutboxMessage).filter_by(dedupe_key=f"spot_check_sent:{spot_check.id}").one()
    assert message.lapses_at == spot_check.deliver_by


def test_the_jobs_do_it_all(county: County, team: list[Dispatch], clock: time_machine.Traveller) -> None:
    make_setting(county.hospital, SHARE, 20)
    jobs.plan_spot_checks()
    (spot_check,) = planned()
    clock.move_to(spot_check.planned_at)
    jobs.run_spot_checks()
    clock.move_to(spot_check.planned_at + timedelta(hours=2, seconds=1))
    jobs.run_spot_checks()
    jobs.run_spot_checks()
    assert spot_check.status is SpotCheckStatus.UNDELIVERED
    assert lapse_spot_checks() == 0
