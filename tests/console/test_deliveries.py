"""What became of messages, at the console: found, told why, sent again by hand, never twice."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.accounts.models import Account
from backend.domain.audit.models import AuditEvent
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.organisations.models import Organisation
from backend.domain.patients.rules import Relation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.clinics import link_patient, make_account, make_patient
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_person


@pytest.fixture
def desk(app: Flask, county: County) -> Office:
    return Office(app, make_person(county.township, "何春燕", roles=[Role.DESK]), Role.DESK)


def message(at: Organisation, account: Account | None = None, **state: Any) -> OutboxMessage:
    key = f"visit_soon:{clock.now().timestamp()}"
    notice = Notice(
        NoticeKind.VISIT_SOON,
        "今天就诊提醒",
        "请按时到院。",
        slots={"what": "吕芬春", "where": "院本部", "when": "2026年11月23日 09:00", "number": "1号"},
    )
    account = account or make_account()
    owe_notices([Owed(notice=notice, dedupe_key=key, account_id=account.id, organisation_id=at.id)])
    made = db.session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key == key)).one()
    for column, value in state.items():
        setattr(made, column, value)
    db.session.commit()
    return made


def failed(at: Organisation, failure: Failure = Failure.NO_GRANT, **state: Any) -> OutboxMessage:
    return message(at, status=DeliveryStatus.FAILED, failure=failure, **state)


def unknown(at: Organisation, minutes: int) -> OutboxMessage:
    return message(at, status=DeliveryStatus.UNKNOWN, sent_at=clock.now() - timedelta(minutes=minutes), attempts=1)


def test_an_office_without_messages_is_told_what_comes_here(desk: Office) -> None:
    assert "最近三十天没有消息" in words_of(desk.open("/deliveries"))


def test_messages_are_counted_by_where_they_stand_with_why_and_to_whom_masked(desk: Office, county: County) -> None:
    account = make_account()
    link_patient(account, make_patient("罗桂兰"), Relation.PARENT)
    message(county.township, account, status=DeliveryStatus.DELIVERED, settled_at=clock.now())
    failed(county.township)
    failed(county.township, Failure.REFUSED, errcode=43101)
    unknown(county.township, 3)
    words = words_of(desk.open("/deliveries"))
    for said in (
        "已送达 1",
        "未送达 2",
        "是否送达不明 1",
        "待发送 0",
        "罗*兰的家属",
        "拒收订阅消息（43101）",
        "未订阅",
    ):
        assert said in words
    assert "罗桂兰" not in words
    words = words_of(desk.open("/deliveries", status="failed", failure="refused"))
    assert "共 1 条" in words


def test_the_office_is_alarmed_when_what_is_owed_stands_still(desk: Office, county: County) -> None:
    message(county.township, due_at=clock.now() + timedelta(hours=3))
    assert "最早的一条" not in words_of(desk.open("/deliveries"))
    message(county.township, due_at=clock.now() - timedelta(minutes=2))
    assert "最早的一条待发送消息已等了 2分钟" in words_of(desk.open("/deliveries"))
    assert "请联系系统管理员" not in words_of(desk.open("/deliveries"))
    message(county.township, due_at=clock.now() - timedelta(minutes=95))
    assert "已等了 95分钟 。正常情况下" in words_of(desk.open("/deliveries"))


def test_what_failed_is_owed_again_once_in_its_own_row(desk: Office, county: County) -> None:
    lost = failed(county.township, errcode=43101, attempts=2)
    sent = desk.send("/deliveries/send-again", chosen=str(lost.id), status="failed")
    assert sent.headers["Location"].endswith("/deliveries?status=failed")
    assert "1 条消息已重新排队" in words_of(desk.open("/deliveries"))
    assert (lost.status, lost.failure, lost.errcode, lost.attempts) == (DeliveryStatus.OWED, None, None, 2)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "send_message_again")).one()
    assert (event.subject_id, event.details) == (lost.id, {"was": "failed", "failure": "no_grant"})
    desk.send("/deliveries/send-again", chosen=str(lost.id))
    assert "1 条没有重新发送：状态已变化" in words_of(desk.open("/deliveries"))


@pytest.mark.parametrize(
    "status", [one for one in DeliveryStatus if one not in (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)]
)
def test_nothing_else_is_sent_again(desk: Office, county: County, status: DeliveryStatus) -> None:
    claimed_until = clock.now() if status is DeliveryStatus.SENDING else None
    other = message(county.township, status=status, claimed_until=claimed_until)
    assert 'name="chosen"' not in desk.open("/deliveries").text
    desk.send("/deliveries/send-again", chosen=str(other.id))
    assert other.status is status


def test_what_may_have_arrived_waits_for_wechat_s_word_before_it_is_sent_again(desk: Office, county: County) -> None:
    fresh, old = unknown(county.township, 9), unknown(county.township, 11)
    page = desk.open("/deliveries").text
    assert re.findall(r'name="chosen" value="([^"]+)"', page) == [str(old.id)]
    desk.send("/deliveries/send-again", chosen=[str(fresh.id), str(old.id)])
    assert (fresh.status, old.status) == (DeliveryStatus.UNKNOWN, DeliveryStatus.OWED)
    assert "1 条没有重新发送：刚刚发出" in words_of(desk.open("/deliveries"))


def test_what_has_lapsed_is_not_sent_again(desk: Office, county: County) -> None:
    late = failed(county.township, lapses_at=clock.now() - timedelta(minutes=1))
    desk.send("/deliveries/send-again", chosen=str(late.id))
    assert late.status is DeliveryStatus.FAILED


def test_each_office_has_its_own_messages_and_the_bureau_reads_all(
    desk: Office, office: Office, bureau: Office, stranger: Office, county: County
) -> None:
    lost = failed(county.township)
    assert "未送达 1" in words_of(bureau.open("/deliveries"))
    for other in (office, stranger):
        assert "未送达 0" in words_of(other.open("/deliveries"))
        assert other.send("/deliveries/send-again", chosen=str(lost.id)).status_code == 404
    assert bureau.send("/deliveries/send-again", chosen=str(lost.id)).status_code == 403
    assert lost.status is DeliveryStatus.FAILED


def test_staff_have_no_such_page(visitor: Office) -> None:
    assert visitor.open("/deliveries").status_code == 403


def test_a_form_that_is_not_the_page_s_is_refused(desk: Office) -> None:
    assert desk.send("/deliveries/send-again", chosen="x").status_code == 422
    assert "没有选择消息" in words_of(desk.client.get(desk.send("/deliveries/send-again").headers["Location"]))
