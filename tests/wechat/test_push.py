"""Pushed events: WeChat's signature, and its JSON in all its shapes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backend.wechat.push import Choice, Delivery, MalformedPush, PictureVerdict, is_signed, parse_event

HEAD = {"ToUserName": "gh_1", "FromUserName": "oDoctor", "CreateTime": 1610969440, "MsgType": "event"}


def pushed(**event: Any) -> bytes:
    return json.dumps(HEAD | event).encode()


def test_a_signature_is_the_sha1_of_the_sorted_three() -> None:
    # sha1("1610969440" + "nonce" + "token"), computed with coreutils' sha1sum
    signature = "5ff6c9860ea5970287408a19dc3755d77e5cf7c7"

    assert is_signed("token", signature=signature, timestamp="1610969440", nonce="nonce")
    assert not is_signed("other", signature=signature, timestamp="1610969440", nonce="nonce")
    assert not is_signed("token", signature=signature, timestamp="1610969441", nonce="nonce")
    assert not is_signed("token", signature="", timestamp="1610969440", nonce="nonce")
    assert not is_signed("token", signature="é", timestamp="1610969440", nonce="nonce")


@pytest.mark.parametrize("name", ["subscribe_msg_popup_event", "subscribe_msg_change_event"])
def test_choices_come_as_one_object_or_as_an_array(name: str) -> None:
    first = {"TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "0"}
    second = {"TemplateId": "t2", "SubscribeStatusString": "reject"}

    one = parse_event(pushed(Event=name, List=first))
    several = parse_event(pushed(Event=name, List=[first, second]))

    assert one.items == (Choice("t1", "accept"),)
    assert several.items == (Choice("t1", "accept"), Choice("t2", "reject"))
    assert (several.name, several.openid, several.created_at) == (name, "oDoctor", 1610969440)


@pytest.mark.parametrize(("code", "errcode"), [("0", 0), (43101, 43101)])
def test_a_sent_event_names_the_message_and_what_became_of_it(code: object, errcode: int) -> None:
    item = {"TemplateId": "t1", "MsgID": "1700827132819554304", "ErrorCode": code, "ErrorStatus": "success"}

    event = parse_event(pushed(Event="subscribe_msg_sent_event", List=item))

    assert event.items == (Delivery("t1", "1700827132819554304", errcode),)


def test_a_picture_event_carries_the_verdict() -> None:
    event = parse_event(pushed(Event="wxa_media_check", trace_id="trace", result={"suggest": "risky", "label": 20002}))

    assert event.items == (PictureVerdict("trace", "risky", 20002),)


def test_a_repeated_push_has_the_same_fingerprint_and_another_one_has_not() -> None:
    item = {"TemplateId": "t1", "MsgID": "1", "ErrorCode": "0"}
    first = parse_event(pushed(Event="subscribe_msg_sent_event", List=item))
    again = parse_event(pushed(List=item, Event="subscribe_msg_sent_event"))
    other = parse_event(pushed(Event="subscribe_msg_sent_event", List=item | {"MsgID": "2"}))

    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != other.fingerprint


def test_an_unknown_event_is_parsed_without_items() -> None:
    assert parse_event(pushed(Event="weapp_audit_success")).items == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml></xml>",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"Event": "subscribe_msg_sent_event"}',
        pushed(Event="subscribe_msg_sent_event"),
        pushed(Event="subscribe_msg_sent_event", List=None),
        pushed(Event="subscribe_msg_sent_event", List=["x"]),
        pushed(Event="subscribe_msg_sent_event", List={"TemplateId": "t", "MsgID": "1", "ErrorCode": "x"}),
        pushed(Event="wxa_media_check", trace_id="t", result=[]),
        pushed(Event="wxa_media_check", trace_id="t", result={"suggest": "pass", "label": 1e999}),
        pushed(Event="x", CreateTime="soon"),
    ],
    ids=range(14),
)
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedPush):
        parse_event(body)
