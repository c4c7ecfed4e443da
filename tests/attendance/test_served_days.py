"""Changing a dispatch does not undo what is over of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask

from backend.domain.attendance.errors.reviews import OwnDispatch
from backend.domain.attendance.service.served_days import change_dispatch, end_dispatch_early, substitute_dispatch
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import WeeklyPattern
from backend.domain.dispatch.service import DispatchChange
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person

THURSDAY = date(2026, 9, 3)
FRIDAYS = WeeklyPattern.of([5])


@pytest.fixture(autouse=True)
def _a_thursday() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 9, 3, 9, tzinfo=SHANGHAI), tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    """Return a dispatch of somebody of medical affairs, who has not come on its first days."""
    both = make_person(county.hospital, "秦双岗", roles=[Role.STAFF, Role.MEDICAL_AFFAIRS])
    return make_dispatch(both, county.township, starts_on=date(2026, 8, 31), sites=[county.site])


def with_fridays_from_the_first_day(actor: Actor, dispatch: Dispatch, county: County) -> None:
    change_dispatch(actor, dispatch.id, 1, DispatchChange(pattern=FRIDAYS, pattern_from=dispatch.starts_on))


def ended_on_the_first_day(actor: Actor, dispatch: Dispatch, county: County) -> None:
    end_dispatch_early(actor, dispatch.id, 1, ends_on=dispatch.starts_on, reason="院内需要")


def taken_over_on_the_second_day(actor: Actor, dispatch: Dispatch, county: County) -> None:
    tuesday, deputy = date(2026, 9, 1), make_person(county.hospital, "顶岗医生")
    substitute_dispatch(actor, dispatch.id, 1, person_id=deputy.id, from_day=tuesday, reason="院内需要")


@pytest.mark.parametrize(
    "change", [with_fridays_from_the_first_day, ended_on_the_first_day, taken_over_on_the_second_day]
)
def test_nobody_takes_days_on_which_they_were_missed_out_of_their_own_dispatch(
    county: County, dispatch: Dispatch, change: Callable[[Actor, Dispatch, County], None]
) -> None:
    with pytest.raises(OwnDispatch):
        change(acting(dispatch.person, Role.MEDICAL_AFFAIRS), dispatch, county)
    change(county.office, dispatch, county)


def test_what_is_to_come_of_ones_own_dispatch_may_be_changed(county: County, dispatch: Dispatch) -> None:
    themselves = acting(dispatch.person, Role.MEDICAL_AFFAIRS)
    changed = change_dispatch(themselves, dispatch.id, 1, DispatchChange(pattern=FRIDAYS, pattern_from=THURSDAY))
    assert changed.version == 2
