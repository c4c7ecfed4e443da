"""What WeChat pushes: signed, up to three times, as an object or an array."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.domain.accounts.models import Account
from backend.domain.notifications.models.grants import PushedEvent, SubscriptionGrant
from backend.domain.notifications.queries.deliveries import delivery_of
from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure, Settlement
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.notifications.service import delivery
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.jobs.notifications import deliver_messages
from backend.wechat.push import signature_of
from backend.wechat.standin.pushing import change_event, picture_event, popup_event, sent_event
from tests.support.accounts import make_account
from tests.support.factories import make_organisation, make_person
from tests.support.messages import SEND, allow, message_of, owe, sent_messages, work_notice
from tests.support.standin import APP_ID, PUSH_TOKEN, Standin

URL = "/api/v1/wechat/events"
CHANGED, WORK = TemplateKey.CLINIC_CHANGED, TemplateKey.WORK_NOTICE
SIGNED = {"signature": signature_of(PUSH_TOKEN, "1700000000", "n"), "timestamp": "1700000000", "nonce": "n"}


@pytest.fixture
def hospital(app: Flask, standin: Standin) -> Organisation:
    return make_organisation()


@pytest.fixture
def patient(hospital: Organisation, standin: Standin) -> Account:
    account = make_account()
    allow(standin, account, CHANGED)
    return account


def push(client: FlaskClient, event: dict[str, Any]) -> TestResponse:
    return client.post(URL, query_string=SIGNED | {"openid": event["FromUserName"]}, json=event)


def ledger(account: Account, template: TemplateKey) -> tuple[int, int, bool] | None:
    grant = db.session.get(SubscriptionGrant, (account.id, template), populate_existing=True)
    return (grant.granted, grant.used, grant.standing) if grant else None


def test_the_address_proves_that_it_knows_the_token(client: FlaskClient) -> None:
    answer = client.get(URL, query_string=SIGNED | {"echostr": "8123"})
    assert (answer.status_code, answer.text) == (200, "8123")
    assert client.get(URL, query_string=SIGNED | {"echostr": "8123", "nonce": "other"}).status_code == 403


def test_what_is_not_signed_or_no_event_changes_nothing(client: FlaskClient, patient: Account) -> None:
    event = popup_event(patient.openid, [("dev-work_notice", "accept")])
    forged = client.post(URL, query_string=SIGNED | {"signature": "0" * 40}, json=event)
    assert (forged.status_code, forged.get_json()["error"]["code"]) == (403, "push_not_signed")
    assert client.post(URL, json=event).status_code == 422
    assert client.post(URL, query_string=SIGNED, data="<xml/>").status_code == 422
    assert client.post(URL, query_string=SIGNED, data=b"[" * 70_000).status_code in (413, 422)
    assert ledger(patient, WORK) is None


def test_each_accept_is_leave_for_one_message_or_standing_by_the_kind_of_the_template(
    client: FlaskClient, hospital: Organisation
) -> None:
    account = make_account()
    asked = [("dev-work_notice", "accept"), ("dev-clinic_changed", "accept"), ("dev-spot_check", "filter")]
    assert push(client, popup_event(account.openid, asked)).text == "success"
    assert push(client, popup_event(account.openid, [("dev-work_notice", "accept")]) | {"CreateTime": 1}).text
    assert ledger(account, WORK) == (2, 0, False)
    assert ledger(account, CHANGED) == (0, 0, True)
    assert ledger(account, TemplateKey.SPOT_CHECK) is None


def test_a_push_that_is_repeated_counts_once(client: FlaskClient, patient: Account) -> None:
    event = popup_event(patient.openid, [("dev-work_notice", "accept")])
    assert [push(client, event).text for _ in range(3)] == ["success"] * 3
    assert ledger(patient, WORK) == (1, 0, False)
    assert db.session.query(PushedEvent).count() == 1


@pytest.mark.parametrize("make", [popup_event, change_event])
def test_who_refuses_is_not_written_to_any_more(client: FlaskClient, patient: Account, make: Any) -> None:
    push(client, make(patient.openid, [("dev-clinic_changed", "reject")]))
    assert ledger(patient, CHANGED) == (0, 0, False)


def test_a_change_in_the_settings_is_no_leave_for_one_more_message(client: FlaskClient, patient: Account) -> None:
    push(client, change_event(patient.openid, [("dev-work_notice", "accept"), ("dev-visit_reminder", "accept")]))
    assert ledger(patient, WORK) is None
    assert ledger(patient, TemplateKey.VISIT_REMINDER) == (0, 0, True)


def test_a_strangers_event_another_template_and_a_picture_are_taken_and_left(
    client: FlaskClient, patient: Account
) -> None:
    for event in (
        popup_event("nobody-here", [("dev-work_notice", "accept")]),
        popup_event(patient.openid, [("of-another-system", "accept")]),
        picture_event(APP_ID, patient.openid, "trace", "pass"),
        sent_event(patient.openid, "dev-clinic_changed", "12345"),
        {"FromUserName": patient.openid, "CreateTime": 1, "Event": "weapp_audit_success"},
    ):
        assert push(client, event).text == "success"


def test_a_delivery_is_what_the_event_says(
    client: FlaskClient, hospital: Organisation, patient: Account, standin: Standin
) -> None:
    keys = [owe(patient, hospital), owe(patient, hospital)]
    deliver_messages()
    first, second = (message["msgid"] for message in sent_messages(standin))
    push(client, sent_event(patient.openid, "dev-clinic_changed", first))
    push(client, sent_event(patient.openid, "dev-clinic_changed", second, 43101))
    told = delivery_of(keys)
    assert told[keys[0]].status is DeliveryStatus.DELIVERED
    assert told[keys[0]].settled_at is not None
    assert (told[keys[1]].status, told[keys[1]].failure) == (DeliveryStatus.FAILED, Failure.REFUSED)
    assert ledger(patient, CHANGED) == (0, 0, False)


@pytest.mark.parametrize(("errcode", "status"), [(0, DeliveryStatus.DELIVERED), (20001, DeliveryStatus.FAILED)])
def test_the_event_settles_a_send_that_nobody_heard_of(
    client: FlaskClient,
    hospital: Organisation,
    patient: Account,
    standin: Standin,
    errcode: int,
    status: DeliveryStatus,
) -> None:
    standin.order("faults", path=SEND, times=1, kind="accepted_then_reset")
    key = owe(patient, hospital)
    deliver_messages()
    (message,) = sent_messages(standin)
    assert delivery_of([key])[key].status is DeliveryStatus.UNKNOWN
    push(client, sent_event(patient.openid, "dev-clinic_changed", message["msgid"], errcode))
    assert message_of(key).status is status
    assert message_of(key).message_id == str(message["msgid"])


def test_an_event_that_overtakes_the_answer_is_not_undone_by_it(
    client: FlaskClient, hospital: Organisation, patient: Account
) -> None:
    key = owe(patient, hospital)
    (claim,) = delivery.claim_messages(100)
    push(client, sent_event(patient.openid, "dev-clinic_changed", "77"))
    delivery.settle_messages([(claim, Settlement(status=DeliveryStatus.SENT, message_id="77"))])
    assert delivery_of([key])[key].status is DeliveryStatus.DELIVERED


def test_of_two_unknown_ones_the_event_means_the_one_that_was_sent_then(
    client: FlaskClient, hospital: Organisation, patient: Account
) -> None:
    keys = [owe(patient, hospital), owe(patient, hospital)]
    now = clock.now()
    for key, minutes_ago in zip(keys, (30, 0), strict=True):
        message = message_of(key)
        message.status = DeliveryStatus.UNKNOWN
        message.sent_at = now - timedelta(minutes=minutes_ago)
    db.session.commit()
    late = sent_event(patient.openid, "dev-clinic_changed", "78") | {"CreateTime": int(now.timestamp()) - 1790}
    push(client, late)
    assert [message_of(key).status for key in keys] == [DeliveryStatus.DELIVERED, DeliveryStatus.UNKNOWN]


def test_what_is_told_to_a_member_of_staff_is_found_by_their_account(
    client: FlaskClient, hospital: Organisation, standin: Standin
) -> None:
    doctor = make_person(hospital)
    account = make_account(doctor)
    allow(standin, account, WORK)
    standin.order("faults", path=SEND, times=1, kind="accepted_then_reset")
    owe_notice(doctor.id, work_notice(), dedupe_key="person")
    deliver_messages()
    push(client, sent_event(account.openid, "dev-work_notice", sent_messages(standin)[0]["msgid"]))
    assert delivery_of(["person"])["person"].status is DeliveryStatus.DELIVERED


def test_leave_that_comes_just_after_the_message_lets_it_out(
    client: FlaskClient, hospital: Organisation, standin: Standin
) -> None:
    account = make_account()
    key, old = owe(account, hospital, work_notice()), owe(account, hospital, work_notice("昨天的事"))
    deliver_messages()
    message_of(old).due_at -= timedelta(hours=1)
    db.session.commit()
    assert delivery_of([key])[key].failure is Failure.NO_GRANT
    standin.order("grants", openid=account.openid, template_id="dev-work_notice")
    push(client, popup_event(account.openid, [("dev-work_notice", "accept")]))
    deliver_messages()
    assert delivery_of([key])[key].status is DeliveryStatus.SENT
    assert delivery_of([old])[old].failure is Failure.NO_GRANT
