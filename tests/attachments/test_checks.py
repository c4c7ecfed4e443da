"""Pictures are checked by WeChat before others see them: asked once, asked again in silence, settled by its event."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from backend.domain.accounts.models import Account
from backend.domain.attachments.models import Attachment, PictureVerdict
from backend.domain.attachments.rules import PictureCheck
from backend.domain.attachments.service.checks import (
    ASK_AGAIN_AFTER,
    ask_for_check,
    drop_stray_verdicts,
    heed_verdict,
    keep_question,
)
from backend.domain.attachments.service.files import store_file
from backend.domain.attachments.service.sweeping import drop_loose_files
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction
from backend.jobs.attachments import check_pictures
from backend.wechat.push import signature_of
from backend.wechat.standin.pushing import picture_event
from tests.support.accounts import make_account
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.pictures import PNG
from tests.support.standin import APP_ID, PUSH_TOKEN, Standin

ASK = "/wxa/media_check_async"
SIGNED = {"signature": signature_of(PUSH_TOKEN, "1700000000", "n"), "timestamp": "1700000000", "nonce": "n"}


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def account(county: County, standin: Standin) -> Account:
    account = make_account(county.doctor)
    standin.login_code(account.openid)
    return account


def picture_to_check(account: Account, *, channel: str = "phone") -> Attachment:
    """Return a picture of the account's that others are to see."""
    actor = Actor(account_id=account.id, person_id=account.person_id, channel=channel)
    picture = store_file(actor, "现场.png", PNG)
    with transaction():
        ask_for_check(picture)
    return picture


def check_of(picture: Attachment) -> PictureCheck:
    db.session.refresh(picture)
    return picture.picture_check


def push(client: FlaskClient, account: Account, trace_id: str, suggest: str, **more: Any) -> int:
    event = picture_event(APP_ID, account.openid, trace_id, suggest, **more)
    query = SIGNED | {"openid": account.openid}
    return client.post("/api/v1/wechat/events", query_string=query, json=event).status_code


def trace_of(standin: Standin, number: int = -1) -> str:
    return str(standin.received(ASK)[number]["answer"]["trace_id"])


@pytest.mark.parametrize(
    ("suggest", "check"),
    [("pass", PictureCheck.PASSED), ("review", PictureCheck.PASSED), ("risky", PictureCheck.REFUSED)],
)
def test_a_picture_is_asked_about_once_and_stands_as_the_event_says_however_often_it_comes(
    client: FlaskClient, account: Account, standin: Standin, suggest: str, check: PictureCheck
) -> None:
    picture = picture_to_check(account)
    check_pictures()
    check_pictures()
    assert len(standin.received(ASK)) == 1
    assert check_of(picture) is PictureCheck.WAITING
    for _ in range(3):
        assert push(client, account, trace_of(standin), suggest) == 200
    assert check_of(picture) is check
    assert picture.check_due_at is None


def test_the_copy_is_shown_to_wechat_by_a_token_that_ends_with_the_verdict_and_with_time(
    client: FlaskClient, account: Account, standin: Standin
) -> None:
    picture_to_check(account)
    check_pictures()
    address = urlsplit(standin.received(ASK)[0]["body"]["media_url"])
    assert address.netloc == "127.0.0.1:8000"  # PUBLIC_URL of development
    shown = client.get(address.path)
    assert (shown.data, shown.mimetype) == (PNG, "image/png")
    for forged in (address.path[:-1] + "x", address.path.replace("-", "-9", 1), address.path[:-64] + "0" * 64):
        assert client.get(forged).status_code == 404
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        assert client.get(address.path).status_code == 404
    push(client, account, trace_of(standin), "pass")
    assert client.get(address.path).status_code == 404


def test_without_a_verdict_it_is_asked_again_after_forty_minutes_and_either_answer_counts(
    client: FlaskClient, account: Account, standin: Standin
) -> None:
    picture = picture_to_check(account)
    check_pictures()
    assert push(client, account, trace_of(standin), "pass", errcode=-1008) == 200  # WeChat could not fetch it
    with time_machine.travel(clock.now() + ASK_AGAIN_AFTER - timedelta(minutes=1), tick=False):
        check_pictures()
        assert len(standin.received(ASK)) == 1
    with time_machine.travel(clock.now() + ASK_AGAIN_AFTER + timedelta(minutes=1), tick=False):
        check_pictures()
        assert len(standin.received(ASK)) == 2
    assert check_of(picture) is PictureCheck.WAITING
    push(client, account, trace_of(standin, 0), "pass")
    push(client, account, trace_of(standin, 1), "risky")
    assert check_of(picture) is PictureCheck.PASSED


def test_while_wechat_fails_it_is_tried_again_soon(client: FlaskClient, account: Account, standin: Standin) -> None:
    picture = picture_to_check(account)
    standin.order("faults", kind="errcode", path=ASK, errcode=-1, times=1)
    check_pictures()
    assert check_of(picture) is PictureCheck.WAITING
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        check_pictures()
    assert [call["answer"]["errcode"] for call in standin.received(ASK)] == [-1, 0]


def test_a_verdict_that_comes_before_the_question_is_written_down_counts(account: Account) -> None:
    picture = picture_to_check(account)
    assert heed_verdict("early", "risky") is None
    assert keep_question(picture.id, "early") == picture.id
    assert check_of(picture) is PictureCheck.REFUSED
    assert heed_verdict("early", "risky") is None  # told once


def test_what_comes_by_the_console_or_has_no_wechat_any_more_is_exempt(account: Account, standin: Standin) -> None:
    by_console = picture_to_check(account, channel="console")
    orphaned = picture_to_check(account)
    account.person_id = None
    db.session.commit()
    check_pictures()
    assert (check_of(by_console), check_of(orphaned)) == (PictureCheck.EXEMPT, PictureCheck.EXEMPT)
    assert standin.received(ASK) == []


def test_a_picture_that_nobody_else_is_to_see_is_never_sent_to_wechat(account: Account, standin: Standin) -> None:
    actor = Actor(account_id=account.id, person_id=account.person_id, channel="phone")
    paper = store_file(actor, "诊断证明.png", PNG)
    check_pictures()
    assert (check_of(paper), standin.received(ASK)) == (PictureCheck.UNASKED, [])


def test_a_picture_that_was_taken_off_goes_with_its_verdict(account: Account) -> None:
    picture = picture_to_check(account)
    keep_question(picture.id, "ours")
    heed_verdict("ours", "pass")
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert drop_loose_files() == 1
    assert db.session.query(PictureVerdict).count() == 0


def test_verdicts_on_no_picture_of_ours_are_forgotten(account: Account) -> None:
    picture = picture_to_check(account)
    keep_question(picture.id, "ours")
    heed_verdict("stray", "pass")
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert drop_stray_verdicts() == 1
    assert [row.trace_id for row in db.session.query(PictureVerdict)] == ["ours"]


@pytest.fixture
def served(deployment: Deployment) -> Iterator[Deployment]:
    deployment.start_web()
    deployment.settings = dataclasses.replace(deployment.settings, public_url=deployment.url)
    with deployment.app.app_context():
        yield deployment
        db.session.remove()


def test_wechat_fetches_the_picture_and_pushes_its_verdict(served: Deployment, standin: Standin) -> None:
    standin.order("options", push_url=f"{served.url}/api/v1/wechat/events", verdict_seconds=0)
    account = make_account(make_county().doctor)
    standin.login_code(account.openid)
    picture = picture_to_check(account)
    check_pictures()
    deadline = time.monotonic() + 30
    while check_of(picture) is PictureCheck.WAITING and time.monotonic() < deadline:
        db.session.rollback()
        time.sleep(0.05)
    assert check_of(picture) is PictureCheck.PASSED
    assert [asked["bytes"] for asked in standin.ask("pictures")] == [len(PNG)]
