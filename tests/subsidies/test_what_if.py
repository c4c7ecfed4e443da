"""What a change of rules would have cost in a year."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.errors.rules import TrialTooLarge
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.programmes import SubsidyItem
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.service import what_if as trials
from backend.domain.subsidies.service.what_if import Change, what_if, years_to_try
from backend.extensions import db
from backend.foundation.errors import Forbidden, NotFound
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.subsidies import make_item, make_month, make_programme, make_rule, working_days

MARCH, APRIL = date(2025, 3, 1), date(2025, 4, 1)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def item(county: County) -> SubsidyItem:
    return make_item(make_programme(county.hospital), exclusion="伙食", priority=2)


def serve(county: County, *months: tuple[date, int], far: bool = False) -> None:
    """Let somebody be there on so many days of these months, countersigned."""
    recipient = county.other_township if far else county.township
    dispatch = make_dispatch(
        make_person(county.hospital), recipient, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
    )
    for month, days in months:
        make_month(dispatch, month, working_days(month)[:days])


def test_ten_yuan_made_fifteen_costs_half_as_much_again(county: County, item: SubsidyItem) -> None:
    make_rule(item)
    proposed = make_rule(item, from_month=date(2026, 1, 1), status=RuleStatus.PROPOSED, amount_fen=1500)
    serve(county, (MARCH, 20), (APRIL, 10))
    serve(county, (APRIL, 5), far=True)
    trial = what_if(county.office, proposed.id, 2025)
    assert (trial.sheets, trial.people, trial.more, trial.less) == (3, 2, 2, 0)
    assert trial.total == Change(35_000, 52_500)
    assert trial.months == [(3, Change(20_000, 30_000)), (4, Change(15_000, 22_500))]
    assert db.session.query(SubsidyClaim).count() == 0


def test_what_a_new_item_would_pay_is_taken_from_the_one_that_it_excludes(county: County, item: SubsidyItem) -> None:
    make_rule(item)
    monthly = make_item(item.programme, ItemKind.PER_MONTH, exclusion="伙食", priority=1)
    proposed = make_rule(monthly, status=RuleStatus.PROPOSED, minimum_days=15)
    serve(county, (MARCH, 20), (APRIL, 10))
    trial = what_if(county.office, proposed.id, 2025)
    assert dict(trial.items) == {"生活补助": Change(0, 60_000), "下乡补贴": Change(30_000, 10_000)}


def test_a_version_for_one_recipient_is_tried_on_those_sent_there(county: County, item: SubsidyItem) -> None:
    make_rule(item)
    proposed = make_rule(item, status=RuleStatus.PROPOSED, recipient_id=county.other_township.id, amount_fen=500)
    serve(county, (MARCH, 20))
    serve(county, (APRIL, 10), far=True)
    trial = what_if(county.office, proposed.id, 2025)
    assert (trial.sheets, trial.less, trial.total) == (1, 1, Change(10_000, 5_000))


def test_only_countersigned_months_of_the_year_count(county: County, item: SubsidyItem) -> None:
    proposed = make_rule(item, status=RuleStatus.PROPOSED)
    dispatch = make_dispatch(county.doctor, county.township, starts_on=MARCH, ends_on=date(2026, 4, 30))
    make_month(dispatch, MARCH)
    make_month(dispatch, APRIL, status=TimesheetStatus.SUBMITTED)
    make_month(dispatch, date(2026, 3, 1))
    assert years_to_try(county.office, proposed.id) == [2026, 2025]
    assert what_if(county.office, proposed.id, 2025).sheets == 1


def test_a_hospital_tries_a_rule_of_the_bureau_on_its_own_people(county: County) -> None:
    proposed = make_rule(make_item(make_programme(county.bureau)), status=RuleStatus.PROPOSED)
    serve(county, (MARCH, 20))
    abroad = make_dispatch(
        make_person(county.other_township), county.township, starts_on=MARCH, ends_on=date(2025, 12, 31)
    )
    make_month(abroad, MARCH)
    assert what_if(county.office, proposed.id, 2025).people == 1
    assert what_if(county.overseer, proposed.id, 2025).people == 2
    with pytest.raises(NotFound):
        what_if(county.stranger, proposed.id, 2025)
    with pytest.raises(Forbidden):
        what_if(county.visitor, proposed.id, 2025)


def test_more_than_somebody_would_wait_for_is_refused(
    county: County, item: SubsidyItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed = make_rule(item, status=RuleStatus.PROPOSED)
    serve(county, (MARCH, 5), (APRIL, 5))
    monkeypatch.setattr(trials, "MOST_MONTHS", 1)
    with pytest.raises(TrialTooLarge):
        what_if(county.office, proposed.id, 2025)
