"""What became of messages, in a real browser on the office's screen: none, many, and some sent again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from backend.domain.accounts.models import Person
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.patients.rules import Relation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.browser import log_in_as
from tests.support.clinics import link_patient, make_account, make_patient
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_person
from tests.support.legibility import look

ENDS = [(status, None) for status in DeliveryStatus if status is not DeliveryStatus.FAILED]
FAILED = [(DeliveryStatus.FAILED, failure) for failure in Failure]
SLOTS = {"what": "内科 欧阳文静主任医师", "where": "院本部", "when": "2026年11月23日 09:00", "number": "1号"}


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        yield make_county()


@pytest.fixture
def desk(county: County) -> Person:
    person = make_person(county.township, "何春燕", roles=[Role.DESK])
    give_password(person)
    return person


def owe_many(county: County, prefix: str) -> None:
    """Owe a hundred patients a reminder, of every end."""
    notice = Notice(NoticeKind.VISIT_SOON, "今天就诊提醒", "请按时到院。", slots=SLOTS)
    accounts = [make_account(openid=f"{prefix}-{number}") for number in range(102)]
    for account in accounts[::3]:
        link_patient(account, make_patient("欧阳文静"), Relation.PARENT)
    owe_notices(
        [
            Owed(notice=notice, dedupe_key=f"{prefix}:{one.id}", account_id=one.id, organisation_id=county.township.id)
            for one in accounts
        ]
    )
    now = clock.now()
    rows = db.session.query(OutboxMessage).filter(OutboxMessage.dedupe_key.startswith(prefix)).all()
    for number, row in enumerate(rows):
        row.status, row.failure = (ENDS + FAILED)[number % len(ENDS + FAILED)]
        row.created_at = row.due_at = now - timedelta(minutes=number * 7)
        if row.status is DeliveryStatus.SENDING:
            row.claimed_until = now + timedelta(minutes=1)
        if row.status not in (DeliveryStatus.OWED, DeliveryStatus.LAPSED):
            row.sent_at, row.attempts = row.created_at + timedelta(seconds=20), 1
        if row.status is DeliveryStatus.DELIVERED:
            row.settled_at = row.created_at + timedelta(seconds=22)
        if row.failure in (Failure.REFUSED, Failure.BAD_ACCOUNT):
            row.errcode = 43101
    db.session.commit()


def test_an_office_finds_what_did_not_arrive_and_sends_it_again(
    office_server: Deployment, page: Page, county: County, desk: Person
) -> None:
    log_in_as(page, office_server.url, county.township, desk)
    page.get_by_role("link", name="消息送达").click()
    expect(page.get_by_text("最近三十天没有消息")).to_be_visible()
    look(page, "deliveries-none")
    owe_many(county, "many")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("最早的一条待发送消息已等了")
    look(page, "deliveries-many")
    page.get_by_role("link", name="未送达").click()
    page.get_by_label("未送达原因").select_option("no_grant")
    expect(page.get_by_role("button", name="重新发送所选 6 条")).to_be_visible()
    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="重新发送所选 5 条").click()
    expect(page.get_by_role("status")).to_contain_text("5 条消息已重新排队")
    expect(page.get_by_text("共 1 条")).to_be_visible()
    look(page, "deliveries-again")
