"""Receipts of return fares: into the draft, else waiting; once, within the dispatch, one fare an interval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.domain.attendance.errors.requests import AttachmentUnusable
from backend.domain.dispatch.models import Dispatch
from backend.domain.subsidies.errors.receipts import (
    AmountInvalid,
    FareWindowClosed,
    ReceiptHandedIn,
    ReceiptInFuture,
    ReceiptNumberInvalid,
    ReceiptNumberUsed,
    ReceiptOutsideDispatch,
)
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyReceipt
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.drafting import draft_claims
from backend.domain.subsidies.service.receipts import ReceiptDraft, add_receipt, withdraw_receipt
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import BangfuError, Forbidden
from backend.foundation.ids import new_id
from tests.support.accounts import phone_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch
from tests.support.subsidies import make_item, make_month, make_programme, make_receipt, make_rule

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def county(app: Flask) -> Iterator[County]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False):
        yield make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    """A dispatch under a rule that pays a fare of at most 50 yuan every two months."""
    make_rule(make_item(make_programme(county.bureau), ItemKind.RETURN_FARE), cap_fen=5000)
    return make_dispatch(county.doctor, county.township, starts_on=SEPTEMBER, ends_on=date(2026, 12, 31))


def ticket(number: str = "A1", day: date = date(2026, 9, 3), amount: str = "36.50", **more: Any) -> ReceiptDraft:
    return ReceiptDraft(number=number, spent_on=day, amount=amount, journey="县城至青石镇", **more)


def drafted() -> SubsidyClaim:
    draft_claims()
    db.session.expire_all()
    return db.session.scalars(select(SubsidyClaim).order_by(SubsidyClaim.month.desc())).first() or SubsidyClaim()


def test_a_receipt_waits_for_the_claim_and_further_ones_enter_the_draft_up_to_the_cap(
    county: County, dispatch: Dispatch
) -> None:
    first = add_receipt(county.visitor, dispatch.id, ticket()).receipt
    assert first.line_id is None
    make_month(dispatch, SEPTEMBER)
    claim = drafted()
    assert (claim.total_fen, claim.version) == (3650, 1)

    second = add_receipt(county.visitor, dispatch.id, ticket("A2", date(2026, 10, 30), "20")).receipt

    db.session.expire_all()
    assert (claim.total_fen, claim.version, len(claim.lines)) == (5000, 2, 1)
    assert second.line_id == first.line_id == claim.lines[0].id
    withdraw_receipt(county.visitor, first.id)
    withdraw_receipt(county.visitor, second.id)
    db.session.expire_all()
    assert [(line.amount_fen, line.withheld) for line in claim.lines] == [(0, "no_receipts")]
    assert (claim.total_fen, claim.version) == (0, 4)


def test_what_was_handed_in_stays_and_its_interval_is_closed(county: County, dispatch: Dispatch) -> None:
    receipt = add_receipt(county.visitor, dispatch.id, ticket()).receipt
    make_month(dispatch, SEPTEMBER)
    claim = drafted()
    claim.status, claim.step = ClaimStatus.SUBMITTED, 1
    make_month(dispatch, OCTOBER)
    assert drafted().lines[0].withheld == "no_receipts"

    with pytest.raises(ReceiptHandedIn):
        withdraw_receipt(county.visitor, receipt.id)
    with pytest.raises(FareWindowClosed):
        add_receipt(county.visitor, dispatch.id, ticket("A2", date(2026, 10, 30)))

    add_receipt(county.visitor, dispatch.id, ticket("A3", date(2026, 11, 1)))  # of the next interval
    assert drafted().total_fen == 3650


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"day": date(2026, 8, 31)}, ReceiptOutsideDispatch),
        ({"day": date(2027, 1, 1)}, ReceiptOutsideDispatch),
        ({"day": date(2026, 11, 3)}, ReceiptInFuture),
        ({"number": "ａ 1"}, ReceiptNumberUsed),
        ({"number": "A\u200b1"}, ReceiptNumberUsed),
        ({"number": "A-1."}, ReceiptNumberUsed),
        ({"number": "\u200b-"}, ReceiptNumberInvalid),
        ({"amount": "-36.50"}, AmountInvalid),
        ({"amount": "0"}, AmountInvalid),
        ({"amount": "36.505"}, AmountInvalid),
        ({"amount": "1e3"}, AmountInvalid),
        ({"amount": "999999999"}, AmountInvalid),
        ({"attachment_id": new_id()}, AttachmentUnusable),
    ],
)
def test_what_cannot_be_right_is_refused_and_leaves_nothing(
    county: County, dispatch: Dispatch, wrong: dict[str, Any], refusal: type[BangfuError]
) -> None:
    add_receipt(county.visitor, dispatch.id, ticket())
    with pytest.raises(refusal):
        add_receipt(county.visitor, dispatch.id, ticket(**{"number": "A2"} | wrong))
    assert len(db.session.scalars(select(SubsidyReceipt)).all()) == 1


def test_no_heap_of_tickets_without_a_cap_keeps_everybodys_claims_from_being_drafted(county: County) -> None:
    make_rule(make_item(make_programme(county.bureau), ItemKind.RETURN_FARE))
    dispatch = make_dispatch(county.doctor, county.township, starts_on=SEPTEMBER, ends_on=date(2026, 12, 31))
    for _ticket in range(3):
        make_receipt(dispatch, SEPTEMBER, 1_000_000_000)
    make_month(dispatch, SEPTEMBER)
    assert drafted().total_fen == 3_000_000_000


def test_a_number_is_free_again_once_its_receipt_was_withdrawn(county: County, dispatch: Dispatch) -> None:
    withdraw_receipt(county.visitor, add_receipt(county.visitor, dispatch.id, ticket()).receipt.id)
    assert add_receipt(county.visitor, dispatch.id, ticket()).receipt.withdrawn_at is None


def test_nobody_else_enters_or_withdraws_them(county: County, dispatch: Dispatch) -> None:
    receipt = add_receipt(county.visitor, dispatch.id, ticket()).receipt
    with pytest.raises(Forbidden):
        add_receipt(county.office, dispatch.id, ticket("A2"))
    with pytest.raises(Forbidden):
        withdraw_receipt(county.office, receipt.id)


def test_a_phone_enters_lists_and_withdraws(county: County, dispatch: Dispatch, client: FlaskClient) -> None:
    headers = phone_of(county.doctor)
    body = {
        "dispatch_id": str(dispatch.id),
        "number": "A1",
        "spent_on": "2026-09-03",
        "amount": "36.50",
        "journey": "县城至青石镇",
        "attachment_id": None,
    }
    keyed = headers | {"Idempotency-Key": "receipt-0001"}

    made = client.post("/api/v1/subsidy-receipts", json=body, headers=keyed)
    again = client.post("/api/v1/subsidy-receipts", json=body, headers=keyed)
    other = client.post("/api/v1/subsidy-receipts", json=body | {"amount": "40"}, headers=keyed)
    listed = client.get(f"/api/v1/subsidy-receipts?dispatch_id={dispatch.id}", headers=headers)

    assert (made.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert made.json is not None
    assert (made.json["amount_label"], made.json["state"], made.json["may_withdraw"]) == ("36.50元", "waiting", True)
    assert listed.json is not None
    assert listed.json["items"] == [made.json]
    gone = client.delete(f"/api/v1/subsidy-receipts/{made.json['id']}", headers=headers)
    assert (gone.status_code, gone.data) == (204, b"")
