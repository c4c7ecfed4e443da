"""Where people are paid: who may keep it, what of it may be seen, and that its number goes nowhere else."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select

from backend.domain.audit.models import AuditEvent
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.subsidies.errors.bank_accounts import (
    AccountHolderNotFound,
    AccountNumberInvalid,
    BankNameInvalid,
)
from backend.domain.subsidies.models.payments import BankAccount
from backend.domain.subsidies.queries.bank_accounts import find_bank_account, list_holders
from backend.domain.subsidies.rules.bank import NotAnAccount, account_number, masked
from backend.domain.subsidies.service.bank_accounts import number_of, set_bank_account
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import Undecipherable
from backend.foundation.errors import Forbidden, StaleVersion
from tests.support.accounts import make_account, phone_of
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person

CARD = "6228480402564890018"


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def finance(county: County) -> Actor:
    return acting(make_person(county.hospital, "董志财", roles=[Role.FINANCE]), Role.FINANCE)


@pytest.mark.parametrize(
    "written", [CARD, "6228 4804 0256 4890 018", "6228-4804-0256-4890-018", "６２２８４８０４０２５６４８９００１８\n"]
)
def test_a_card_is_read_however_it_is_written(written: str) -> None:
    assert account_number(written) == CARD


def test_a_passbook_without_a_check_digit_is_taken() -> None:
    assert account_number("2408 0131 0920 0012 345") == "2408013109200012345"


@pytest.mark.parametrize(
    "written",
    ["6228480402564890081", "6228480402564890019", "1234567", "62284804025648900A8", "", "9" * 31, "−12345678"],
)
def test_what_no_bank_gives_out_is_refused_without_being_quoted(written: str) -> None:
    with pytest.raises(NotAnAccount) as refused:
        account_number(written)
    assert str(refused.value) == ""


def test_of_a_number_its_ends_are_shown_and_of_a_short_one_the_last_digits_only() -> None:
    assert masked(CARD) == "6228 **** 0018"
    assert masked("12345678") == "**** 5678"


def test_ones_own_account_is_kept_encrypted_and_read_masked(county: County) -> None:
    kept = set_bank_account(county.visitor, county.doctor.id, bank=" 农业银行 云岭支行 ", number=CARD)

    assert (kept.bank, kept.number_masked, kept.version) == ("农业银行 云岭支行", "6228 **** 0018", 1)
    assert CARD.encode() not in kept.number
    assert number_of(kept) == CARD


def test_a_number_moved_to_the_row_of_another_is_not_read(county: County) -> None:
    thief = make_person(county.hospital, "别人")
    own = set_bank_account(county.visitor, county.doctor.id, bank="农业银行", number=CARD)
    others = set_bank_account(acting(thief, Role.STAFF), thief.id, bank="农业银行", number="2408013109200012345")
    others.number = own.number

    with pytest.raises(Undecipherable):
        number_of(others)


def test_who_replaces_an_account_must_have_seen_the_one_before(county: County, finance: Actor) -> None:
    set_bank_account(county.visitor, county.doctor.id, bank="农业银行", number=CARD)

    with pytest.raises(StaleVersion):
        set_bank_account(finance, county.doctor.id, bank="农业银行", number=CARD)

    changed = set_bank_account(finance, county.doctor.id, bank="信用社", number="2408013109200012345", version=1)
    assert (changed.version, changed.changed_by_person_id) == (2, finance.person_id)
    assert number_of(changed) == "2408013109200012345"


def test_only_oneself_and_finance_of_the_hospital_have_to_do_with_an_account(county: County, finance: Actor) -> None:
    colleague = acting(make_person(county.hospital, "同事"), Role.STAFF)
    elsewhere = Actor(role=Role.FINANCE, organisation_id=county.foreign_hospital.id)
    doctor = county.doctor.id
    set_bank_account(finance, doctor, bank="农业银行", number=CARD)

    for actor in (colleague, county.office):
        with pytest.raises(Forbidden):
            find_bank_account(actor, doctor)
    with pytest.raises(AccountHolderNotFound):
        find_bank_account(elsewhere, doctor)
    with pytest.raises(Forbidden):
        set_bank_account(Actor(), None, bank="农业银行", number=CARD)


def test_neither_a_wrong_number_nor_a_bank_without_a_name_is_kept(county: County) -> None:
    with pytest.raises(AccountNumberInvalid):
        set_bank_account(county.visitor, county.doctor.id, bank="农业银行", number=CARD[:-1] + "7")
    with pytest.raises(BankNameInvalid):
        set_bank_account(county.visitor, county.doctor.id, bank="  ", number=CARD)
    assert find_bank_account(county.visitor, county.doctor.id) is None


def test_the_list_tells_whose_account_another_has_entered(county: County, finance: Actor) -> None:
    set_bank_account(finance, county.doctor.id, bank="农业银行", number=CARD)

    [holder] = list_holders(finance, county.doctor.name[:2], page=1, page_size=20).items

    assert (holder.person.id, holder.changed_by) == (county.doctor.id, "董志财")
    assert list_holders(finance, missing=True, page=1, page_size=20).total == 0


def test_somebody_is_told_that_finance_entered_where_they_are_paid(county: County, finance: Actor) -> None:
    set_bank_account(county.visitor, county.doctor.id, bank="农业银行", number=CARD)
    assert db.session.scalars(select(InboxItem)).all() == []

    set_bank_account(finance, county.doctor.id, bank="工商银行", number="2408013109200012345", version=1)

    [told] = db.session.scalars(select(InboxItem).where(InboxItem.person_id == county.doctor.id))
    assert told.title == "收款账号已由财务登记"
    assert not any(part in told.body for part in ("2408", "2345", "工商"))


def test_a_phone_puts_its_account_and_gets_it_back_masked(county: County, client: FlaskClient) -> None:
    headers = phone_of(county.doctor)
    assert client.get("/api/v1/me/bank-account", headers=headers).json is None

    put = client.put("/api/v1/me/bank-account", json={"bank": "农业银行", "number": CARD}, headers=headers)
    got = client.get("/api/v1/me/bank-account", headers=headers)

    assert put.status_code == 200
    assert got.json == put.json
    assert got.json is not None
    assert got.json.keys() == {"bank", "number_masked", "changed_at", "version"}
    again = client.put("/api/v1/me/bank-account", json={"bank": "农业银行", "number": CARD}, headers=headers)
    assert (again.status_code, again.json and again.json["error"]["code"]) == (412, "stale_version")


def test_a_patient_has_no_such_account(app: Flask, client: FlaskClient) -> None:
    assert client.get("/api/v1/me/bank-account", headers=phone_of(None)).status_code == 403
    assert make_account().person_id is None


def test_the_number_is_in_no_log_no_event_no_error_and_not_in_redis(
    county: County,
    client: FlaskClient,
    redis: Redis,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(0)
    wrong = CARD[:-1] + "7"
    headers = phone_of(county.doctor)
    answers = [
        client.put(
            "/api/v1/me/bank-account", json={"bank": "农业银行", "number": number, "version": version}, headers=headers
        )
        for number, version in ((wrong, None), (CARD, None), (CARD, 7))
    ]

    assert [answer.status_code for answer in answers] == [422, 200, 412]
    told = [answer.text for answer in answers] + [caplog.text, *capsys.readouterr()]
    told += [str(event.details) for event in db.session.scalars(select(AuditEvent))]
    told += [str(redis.dump(key)) for key in redis.scan_iter()]
    told += [str(row.number) for row in db.session.scalars(select(BankAccount))]
    for text in told:
        assert CARD[4:-4] not in text
