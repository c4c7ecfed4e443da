"""The pages of payments: finance prepares, a dean releases, the bank answers; nobody sees a whole account."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.audit.models import AuditEvent
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.subsidies.models.payments import PaymentRun
from backend.domain.subsidies.rules.statuses import RunStatus
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.subsidies.paying_world import CARD, HEADER, PayingWorld, answered, as_csv, make_paying_world
from tests.support.console import Office, words_of


@pytest.fixture
def world(app: Flask) -> PayingWorld:
    return make_paying_world()


def office(app: Flask, person_id: object, role: Role) -> Office:
    person = db.session.get(Person, person_id)
    assert person is not None
    return Office(app, person, role)


@pytest.fixture
def finance(app: Flask, world: PayingWorld) -> Office:
    return office(app, world.finance.person_id, Role.FINANCE)


@pytest.fixture
def dean(app: Flask, world: PayingWorld) -> Office:
    return office(app, world.dean.person_id, Role.DEAN)


def test_a_run_goes_from_the_choice_over_the_dean_to_the_bank_and_back(
    world: PayingWorld, finance: Office, dean: Office
) -> None:
    claims = [world.claim(0), world.claim(1, yuan_a_day=20)]
    world.claim(2)
    for doctor in (0, 1):
        world.give_account(doctor)
    assert "没有登记收款账号" in words_of(finance.open("/payments/new"))

    chosen = [f"{claim.id}:{claim.version}" for claim in claims]
    prepared = finance.send("/payments/new", chosen=chosen)
    run = db.session.scalars(select(PaymentRun)).one()
    address = f"/payments/{run.id}"
    assert prepared.headers["Location"].endswith(address)
    page = words_of(dean.open(address))
    assert "2 人 合计 300.00 元" in page
    assert "首次付到这个账号" in page
    assert dean.send(f"{address}/release", version="1").status_code == 302

    file = finance.open(f"{address}/full.csv")
    rows = list(csv.reader(io.StringIO(file.get_data().decode("utf-8-sig"))))
    assert (rows[1][4], rows[-1][5]) == (CARD, "300.00")
    answer = as_csv([answered(run.payments[0]), answered(run.payments[1], "失败", reason="户名不符")])
    told = words_of(finance.client.get(finance.upload(f"{address}/answer", answer, "回盘.csv").headers["Location"]))

    assert "回盘已登记：成功1笔、100.00元；失败1笔、200.00元" in told
    assert "户名不符" in told
    assert run.status is RunStatus.SETTLED
    again = finance.upload(f"{address}/answer", answer, "回盘.csv")
    assert "没有任何变化" in words_of(finance.client.get(again.headers["Location"]))


def test_a_wrong_answer_is_told_line_by_line_on_the_page_of_the_run(world: PayingWorld, finance: Office) -> None:
    run = world.released()
    answer = as_csv([answered(run.payments[0]), ["BF2026999-0001", "1.00", "成功", "", str(clock.today())]])

    response = finance.upload(f"/payments/{run.id}/answer", answer, "回盘.csv")

    assert response.status_code == 422
    assert "第 3 行 流水号不属于本批次。" in words_of(response)


def test_what_is_no_answer_is_refused_in_words(world: PayingWorld, finance: Office) -> None:
    run = world.released(1)
    for content, told in ((b"", "文件是空的"), (b"a,b\n1,2\n", "没有找到表头"), (b"<html>", "文本或网页")):
        response = finance.upload(f"/payments/{run.id}/answer", content, "回盘.csv")
        assert response.status_code == 422
        assert told in words_of(response)


def test_a_choice_that_changed_meanwhile_is_refused_and_the_page_shows_how_it_is(
    world: PayingWorld, finance: Office
) -> None:
    claim = world.claim(0)
    world.give_account(0)
    assert finance.send("/payments/new", chosen=f"{claim.id}:9").status_code == 409
    assert finance.send("/payments/new", chosen="nonsense").status_code == 422
    assert finance.send("/payments/new").status_code == 422


def test_by_hand_a_payment_is_marked_with_its_day_or_its_reason(world: PayingWorld, finance: Office) -> None:
    run = world.released()
    first, second = (f"/payments/{run.id}/payments/{payment.id}" for payment in run.payments)
    assert finance.send(f"{first}/paid", paid_on="2020-01-01").status_code == 422
    assert finance.send(f"{first}/paid", paid_on=str(clock.today())).status_code == 302
    assert finance.send(f"{second}/failed").status_code == 422
    assert finance.send(f"{second}/failed", reason="户名不符").status_code == 302
    assert "已办结" in words_of(finance.open(f"/payments/{run.id}"))


def test_finance_enters_an_account_and_no_page_or_address_ever_shows_it(world: PayingWorld, finance: Office) -> None:
    world.claim(0)
    address = f"/payments/accounts/{world.doctors[0].id}"
    wrong = finance.send(address, bank="农业银行", number=CARD[:-1] + "7", version="")
    right = finance.send(address, bank="农业银行", number=CARD, version="")

    assert (wrong.status_code, right.status_code) == (422, 302)
    pages = [wrong, right, finance.open("/payments/accounts"), finance.open(address), finance.open("/payments/new")]
    assert "6228 **** 0018" in words_of(pages[2])
    for page in pages:
        assert CARD[4:-4] not in page.text
        assert CARD[4:-4] not in str(page.headers)


def test_no_whole_account_gets_beyond_the_file_for_the_bank(
    world: PayingWorld,
    finance: Office,
    dean: Office,
    redis: Redis,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(0)
    run = world.released()
    address = f"/payments/{run.id}"
    whole = finance.open(f"{address}/full.csv")
    header = (*HEADER, "账号")
    wrong = [[*answered(payment, CARD, reason=CARD), CARD] for payment in run.payments]
    right = [[*answered(payment, "失败", reason=f"账号{CARD}已销户"), CARD] for payment in run.payments]
    pages = [finance.upload(f"{address}/answer", as_csv(lines, header), "回盘.csv") for lines in (wrong, right)]
    assert [page.status_code for page in pages] == [422, 302]
    pages += [someone.open(path) for someone in (finance, dean) for path in (address, "/payments", "/notices")]
    pages += [finance.open("/payments/new"), dean.open(f"{address}/masked.csv")]

    told = [page.text + str(page.headers) for page in pages] + [str(whole.headers), caplog.text, *capsys.readouterr()]
    told += [str(event.details) for event in db.session.scalars(select(AuditEvent))]
    told += [f"{item.title} {item.body}" for item in db.session.scalars(select(InboxItem))]
    told += [str(redis.dump(key)) for key in redis.scan_iter()]
    told += [f"{payment.account!r} {payment.failure_reason}" for payment in run.payments]
    assert CARD in whole.text
    assert "上次发放失败" in pages[-2].text
    for text in told:
        assert CARD[4:-4] not in text


def test_a_dean_finds_neither_the_whole_file_nor_the_accounts(world: PayingWorld, dean: Office) -> None:
    run = world.released(1)
    assert dean.open(f"/payments/{run.id}/full.xlsx").status_code == 403
    assert dean.open("/payments/accounts").status_code == 403
    assert dean.open(f"/payments/{run.id}/masked.xlsx").status_code == 200
    assert dean.open(f"/payments/{run.id}/masked.pdf").status_code == 404
