"""Requests to be bound anew at the console."""

from __future__ import annotations

import pytest

from backend.domain.accounts.models import BindingRequest
from backend.domain.accounts.queries import telephone_hash
from backend.domain.accounts.rules import BindingKind, BindingStatus
from backend.extensions import db
from backend.foundation.ids import new_id
from tests.support.accounts import make_account
from tests.support.console import Office, words_of
from tests.support.county import County


@pytest.fixture
def request_id(county: County) -> str:
    row = BindingRequest(
        id=new_id(),
        account_id=make_account().id,
        person_id=county.doctor.id,
        kind=BindingKind.NEW_TELEPHONE,
        telephone_hash=telephone_hash("13912345678"),
        telephone_masked="139****5678",
    )
    db.session.add(row)
    db.session.flush()
    return str(row.id)


def status() -> BindingStatus:
    return db.session.query(BindingRequest).one().status


def test_an_open_request_shows_who_asks_and_is_counted_in_the_menu(office: Office, request_id: str) -> None:
    words = words_of(office.open("/binding-requests"))
    assert "吕芬春" in words
    assert "139****5678" in words
    assert "绑定申请 1 项待处理" in words


def test_accepting(office: Office, request_id: str) -> None:
    office.send(f"/binding-requests/{request_id}", decision="accept")
    assert status() is BindingStatus.ACCEPTED
    assert "没有待处理的申请" in words_of(office.open("/binding-requests"))


def test_rejecting_needs_a_reason(office: Office, request_id: str) -> None:
    refused = office.send(f"/binding-requests/{request_id}", decision="reject")
    assert refused.status_code == 422
    assert "退回申请请填写原因" in words_of(refused)
    office.send(f"/binding-requests/{request_id}", decision="reject", reason="电话核实不是本人")
    assert status() is BindingStatus.REJECTED


def test_a_decided_request_is_not_decided_again(office: Office, request_id: str) -> None:
    office.send(f"/binding-requests/{request_id}", decision="accept")
    again = office.send(f"/binding-requests/{request_id}", decision="reject", reason="反悔")
    assert again.status_code == 409
    assert "已处理" in words_of(again)


def test_nonsense_and_others(
    office: Office, admin: Office, director: Office, stranger: Office, request_id: str
) -> None:
    assert office.send(f"/binding-requests/{request_id}", decision="maybe").status_code == 422
    for other, code in ((admin, 403), (director, 404), (stranger, 404)):
        assert other.send(f"/binding-requests/{request_id}", decision="accept").status_code == code
    assert director.open("/binding-requests").status_code == 403
    assert status() is BindingStatus.REQUESTED
