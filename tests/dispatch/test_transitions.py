"""What may be done with a dispatch in which state, cell by cell of the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from backend.domain.dispatch.errors import TransitionRefused
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchState, state_on
from backend.domain.dispatch.service import (
    DispatchChange,
    cancel_dispatch,
    change_dispatch,
    end_dispatch_early,
    substitute_dispatch,
)
from backend.foundation import clock
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


ACTIONS: dict[str, Callable[[County, Dispatch], object]] = {
    "change": lambda county, sent: change_dispatch(
        county.office, sent.id, sent.version, DispatchChange(leads_team=True)
    ),
    "end_early": lambda county, sent: end_dispatch_early(
        county.office, sent.id, sent.version, ends_on=max(clock.today(), sent.starts_on), reason="返院"
    ),
    "cancel": lambda county, sent: cancel_dispatch(county.office, sent.id, sent.version, reason="计划调整"),
    "substitute": lambda county, sent: substitute_dispatch(
        county.office,
        sent.id,
        sent.version,
        person_id=make_person(county.hospital, "沈雪远").id,
        from_day=max(clock.today() + timedelta(days=1), sent.starts_on),
        reason="病假",
    ),
}
STARTS = {DispatchState.PLANNED: 5, DispatchState.CURRENT: -5, DispatchState.ENDED: -20, DispatchState.CANCELLED: 5}


# Written out again: what an office may do must not change because a table did.
OUTCOMES = {
    (DispatchState.PLANNED, "change"): DispatchState.PLANNED,
    (DispatchState.PLANNED, "cancel"): DispatchState.CANCELLED,
    (DispatchState.PLANNED, "substitute"): DispatchState.CANCELLED,
    (DispatchState.CURRENT, "change"): DispatchState.CURRENT,
    (DispatchState.CURRENT, "end_early"): DispatchState.ENDED,
    (DispatchState.CURRENT, "substitute"): DispatchState.ENDED,
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", DispatchState)
def test_each_action_is_done_in_its_states_and_refused_in_all_others(
    county: County, state: DispatchState, action: str
) -> None:
    starts_on = clock.today() + timedelta(days=STARTS[state])
    sent = make_dispatch(county.doctor, county.township, starts_on=starts_on, ends_on=starts_on + timedelta(days=10))
    if state is DispatchState.CANCELLED:
        cancel_dispatch(county.office, sent.id, sent.version, reason="计划调整")
    after = OUTCOMES.get((state, action))

    if after is None:
        with pytest.raises(TransitionRefused):
            ACTIONS[action](county, sent)
        return
    ACTIONS[action](county, sent)
    # One that is ended early or handed over stands so once its last day is over.
    day = clock.today() + timedelta(days=after is DispatchState.ENDED)
    assert state_on(day, sent.starts_on, sent.ends_on, cancelled=sent.cancelled_at is not None) is after
