"""Months that were computed and are computed again: what is taken back, what is granted instead, in which claim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.subsidies.models.claims import SubsidyAdjustment, SubsidyClaim, SubsidyLine
from backend.domain.subsidies.models.programmes import SubsidyProgramme
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import ClaimKind, ClaimStatus, LineSort
from backend.domain.subsidies.service.adjustment_claims import draft_adjustments
from backend.domain.subsidies.service.drafting import draft_claims
from backend.domain.subsidies.service.voiding import void_lines
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from tests.subsidies.drafting_world import (
    DAYS,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    amend,
    complete_evaluation,
    draft_all,
    summary,
)
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch
from tests.support.subsidies import make_item, make_month, make_programme, make_rule, working_days


@pytest.fixture
def county(app: Flask) -> Iterator[County]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False):
        yield make_county()


@pytest.fixture
def programme(county: County) -> SubsidyProgramme:
    return make_programme(county.bureau)


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=SEPTEMBER, ends_on=date(2026, 12, 31))


def test_an_amendment_afterwards_comes_as_reversal_and_new_grant_in_the_next_claim(
    programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    item = make_item(programme)
    make_rule(item, until_month=OCTOBER)
    make_rule(item, from_month=OCTOBER, amount_fen=2000)
    september = make_month(dispatch, SEPTEMBER, DAYS[:10])
    [first] = draft_all()
    amend(september, DAYS[0], Standing.ABSENT)
    amend(september, DAYS[0], Standing.ABSENT, Shift.AFTERNOON)
    make_month(dispatch, OCTOBER, working_days(OCTOBER)[:2])

    first, second = draft_all()

    assert [(line.amount_fen, line.in_force) for line in first.lines] == [(10000, False)]
    assert first.total_fen == 10000
    assert [(line.sort, line.month, line.amount_fen, line.in_force) for line in second.lines] == [
        (LineSort.GRANT, OCTOBER, 4000, True),
        (LineSort.REVERSAL, SEPTEMBER, -10000, False),
        (LineSort.GRANT, SEPTEMBER, 9000, True),  # under the version of September
    ]
    assert second.total_fen == 3000
    assert second.lines[1].reverses_id == first.lines[0].id
    assert set(db.session.scalars(select(SubsidyAdjustment.claim_id))) == {second.id}


def paid_of_two_postings(county: County, programme: SubsidyProgramme) -> SubsidyClaim:
    """Return the claim that is paid for a month of two postings; that of the other is not, for its sake."""
    make_rule(make_item(programme, ItemKind.PER_MONTH), minimum_days=3)
    for recipient, weekdays in ((county.township, (1, 2)), (county.other_township, (3, 4, 5))):
        pattern = WeeklyPattern.of(weekdays, [Shift.MORNING, Shift.AFTERNOON])
        sent = make_dispatch(county.doctor, recipient, starts_on=SEPTEMBER, ends_on=date(2026, 10, 31), pattern=pattern)
        make_month(sent, SEPTEMBER, [day for day in DAYS if day.isoweekday() in weekdays][:3])
    paid, unpaid = sorted(draft_all(), key=lambda claim: claim.total_fen, reverse=True)
    assert summary(unpaid) == [("生活补助", 0, "already_paid")]
    return paid


def test_a_month_not_paid_because_another_posting_was_is_paid_once_that_was_taken_back(
    county: County, programme: SubsidyProgramme
) -> None:
    paid = paid_of_two_postings(county, programme)
    assert paid.timesheet is not None
    weekday = 1 if paid.recipient_id == county.township.id else 3
    first = next(day for day in DAYS if day.isoweekday() == weekday)
    for shift in (Shift.MORNING, Shift.AFTERNOON):
        amend(paid.timesheet, first, Standing.ABSENT, shift)

    drafted = [draft_adjustments(), draft_adjustments(), draft_adjustments()]

    assert drafted == [1, 1, 0]
    assert sorted(claim.total_fen for claim in draft_all()) == [-60000, 0, 60000, 60000]


def test_a_month_not_paid_because_another_posting_was_is_paid_once_that_was_refused(
    county: County, programme: SubsidyProgramme
) -> None:
    paid = paid_of_two_postings(county, programme)
    paid.status = ClaimStatus.REJECTED
    void_lines(paid)
    db.session.commit()

    drafted = [draft_adjustments(), draft_adjustments()]

    assert drafted == [1, 0]
    assert sorted(claim.total_fen for claim in draft_all()) == [0, 60000, 60000]
    in_force = select(SubsidyLine.amount_fen).where(SubsidyLine.in_force)
    assert list(db.session.scalars(in_force)) == [60000]


def test_an_amendment_of_the_last_days_of_a_month_counts_in_the_week_that_ends_in_the_next(
    programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    make_rule(make_item(programme), days_a_week=5)
    september, _ = make_month(dispatch, SEPTEMBER), make_month(dispatch, OCTOBER)
    draft_all()
    amend(september, date(2026, 9, 29), Standing.ABSENT)
    make_month(dispatch, NOVEMBER)
    _, _, november = draft_all()
    changed = [(line.month, line.sort, line.withheld) for line in november.lines if line.month != NOVEMBER]
    assert changed == [
        (SEPTEMBER, LineSort.REVERSAL, ""),
        (SEPTEMBER, LineSort.GRANT, ""),
        (OCTOBER, LineSort.REVERSAL, ""),
        (OCTOBER, LineSort.GRANT, "weeks_not_kept"),
    ]


def test_what_waited_for_the_evaluation_is_granted_once_it_is_passed_in_a_claim_of_its_own(
    programme: SubsidyProgramme, dispatch: Dispatch, county: County
) -> None:
    make_rule(make_item(programme), needs_evaluation=True)
    make_month(dispatch, SEPTEMBER, DAYS[:10])
    make_month(dispatch, OCTOBER, working_days(OCTOBER)[:10])
    assert [claim.total_fen for claim in draft_all()] == [0, 0]
    complete_evaluation(dispatch)
    assert draft_adjustments() == 0  # the dispatch goes on: the next claim takes it in
    with time_machine.travel(datetime(2027, 1, 4, 10, tzinfo=SHANGHAI), tick=False):
        assert draft_adjustments() == 1
        assert draft_adjustments() == 0
    *_, own = draft_all()
    assert (own.kind, own.month, own.total_fen, own.dispatch_id) == (ClaimKind.ADJUSTMENT, OCTOBER, 20000, dispatch.id)


def test_an_amendment_that_changes_no_sum_leaves_nothing_waiting(
    programme: SubsidyProgramme, dispatch: Dispatch
) -> None:
    make_rule(make_item(programme, ItemKind.PER_MONTH))
    september = make_month(dispatch, SEPTEMBER)
    draft_all()
    amend(september, DAYS[0], Standing.ABSENT)
    draft_claims()
    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        assert draft_adjustments() == 0
    assert set(db.session.scalars(select(SubsidyAdjustment.claim_id))) == set(
        db.session.scalars(select(SubsidyClaim.id))
    )
