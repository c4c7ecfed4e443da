"""How many subsidies wait, beside today: one's own to hand in, those of others to decide."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.domain.dispatch.models import Dispatch
from backend.domain.subsidies.queries.todo import SubsidyTodo, subsidy_todo_of
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.foundation.actor import Role
from tests.support.accounts import phone_of
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.subsidies import make_chain, make_claim, make_item, make_month, make_programme, make_rule

MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=MARCH, ends_on=date(2026, 8, 31))


def test_who_is_sent_sees_how_many_of_their_own_are_to_be_handed_in(county: County, dispatch: Dispatch) -> None:
    rule = make_rule(make_item(make_programme(county.hospital)))
    for month, status in ((MARCH, ClaimStatus.DRAFT), (APRIL, ClaimStatus.RETURNED), (MAY, ClaimStatus.APPROVED)):
        make_claim(dispatch, month, status=status, rule=rule)
    make_claim(dispatch, JUNE, rule=rule, timesheet=make_month(dispatch, JUNE, []))  # comes to nothing
    other = make_dispatch(make_person(county.hospital, "许文丽"), county.township, starts_on=MARCH)
    make_claim(other, MARCH, rule=rule)

    assert subsidy_todo_of(county.visitor) == SubsidyTodo(claims_to_submit=2)


def test_who_approves_sees_how_many_have_come_to_their_step(county: County, dispatch: Dispatch) -> None:
    chain = make_chain(county.hospital)
    for month, step in ((MARCH, 1), (APRIL, 1), (MAY, 2)):
        make_claim(dispatch, month, status=ClaimStatus.SUBMITTED, chain=chain, step=step)
    finance = acting(make_person(county.hospital, roles=[Role.FINANCE]), Role.FINANCE)

    assert subsidy_todo_of(county.office) == SubsidyTodo(claims_to_approve=2)
    assert subsidy_todo_of(finance) == SubsidyTodo(claims_to_approve=1)
    assert subsidy_todo_of(county.stranger) == SubsidyTodo()
    assert subsidy_todo_of(county.recipient) == SubsidyTodo()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.DEAN])
def test_offices_that_had_nothing_to_do_on_the_phone_find_their_claims_beside_today(
    client: FlaskClient, county: County, dispatch: Dispatch, role: Role
) -> None:
    chain = make_chain(county.hospital, (("审批", role, 0),))
    make_claim(dispatch, MARCH, status=ClaimStatus.SUBMITTED, chain=chain)
    office = phone_of(make_person(county.hospital, roles=[role]), role)
    todo = client.get("/api/v1/me/today", headers=office).get_json()["todo"]
    assert (todo["claims_to_approve"], todo["claims_to_submit"]) == (1, 0)
