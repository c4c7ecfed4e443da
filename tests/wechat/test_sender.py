"""The bulk sender before the stand-in: kept-alive connections, one token, one error table."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from backend.wechat.client import SEND_PATH, MiniProgramClient
from backend.wechat.errors import NO_ANSWER, NOT_CONNECTED
from backend.wechat.sender import BulkSender, Letter, Outcome
from backend.wechat.shared_token import TOKEN_PATH
from tests.support.standin import Standin

FIELDS = {"thing1": "内科专家门诊", "time2": "2026年3月15日 08:30"}


def letter(number: int, **changes: str) -> Letter:
    given = {"openid": f"o{number}", "template_id": "t1", "page": ""} | changes
    return Letter(fields=FIELDS, **given)


@pytest.fixture
def letters(standin: Standin) -> list[Letter]:
    """Return letters for people who allow them for ever."""
    for number in range(30):
        standin.order("grants", openid=f"o{number}", template_id="t1", kind="long_term")
    return [letter(number) for number in range(30)]


def test_each_letter_is_sent_once_and_its_outcome_stands_in_its_place(
    wechat: MiniProgramClient, standin: Standin, letters: list[Letter]
) -> None:
    letters[7] = letter(7, template_id="no-such-template")
    with BulkSender(wechat) as sender:
        outcomes = sender.send(letters)
    sent = {str(message["msgid"]): message["touser"] for message in standin.ask("messages")}
    assert [sent.get(outcome.message_id) for outcome in outcomes[:7]] == [f"o{number}" for number in range(7)]
    assert (outcomes[7].errcode, outcomes[7].message_id) == (40037, "")
    assert len(sent) == 29
    assert len(standin.received(TOKEN_PATH)) == 1


def test_a_letter_is_what_the_client_itself_would_send(
    wechat: MiniProgramClient, standin: Standin, letters: list[Letter]
) -> None:
    wechat.send_subscribe_message(openid="o1", template_id="t1", fields=FIELDS, page="pages/home/index")
    with BulkSender(wechat) as sender:
        sender.send([letter(1, page="pages/home/index")])
    first, second = (call["body"] for call in standin.received(SEND_PATH))
    assert first == second


def test_connections_are_kept_from_one_batch_to_the_next(
    wechat: MiniProgramClient, standin: Standin, letters: list[Letter]
) -> None:
    def kept(sender: BulkSender) -> set[int]:
        connector = sender._session.connector if sender._session else None
        pools = connector._conns.values() if connector else ()
        return {id(protocol) for pool in pools for protocol, _since in pool}

    with BulkSender(wechat) as sender:
        sender.send(letters[:1])
        first = kept(sender)
        sender.send(letters[1:2])
        assert kept(sender) == first != set()


def test_a_token_that_is_rejected_is_renewed_once_for_all(
    wechat: MiniProgramClient, standin: Standin, letters: list[Letter]
) -> None:
    standin.order("faults", kind="errcode", errcode=42001, path=SEND_PATH, times=30)
    with BulkSender(wechat) as sender:
        outcomes = sender.send(letters)
    assert all(outcome.rule is None for outcome in outcomes)
    assert len(standin.received(SEND_PATH)) == 60
    assert len(standin.received(TOKEN_PATH)) <= 3  # the first, the same again, a forced one


def test_a_token_that_goes_on_being_rejected_is_not_fetched_without_end(
    wechat: MiniProgramClient, standin: Standin, letters: list[Letter]
) -> None:
    standin.order("faults", kind="errcode", errcode=40001, path=SEND_PATH)
    with BulkSender(wechat) as sender:
        outcomes = sender.send(letters)
    assert {outcome.errcode for outcome in outcomes} == {40001}
    assert len(standin.received(SEND_PATH)) == 60
    assert len(standin.received(TOKEN_PATH)) <= 3


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "http", "status": 500},
        {"kind": "http", "status": 302},
        {"kind": "html"},
        {"kind": "reset"},
        {"kind": "accepted_then_reset"},
        {"kind": "accepted_then_timeout", "seconds": 0.2},
    ],
    ids=lambda fault: f"{fault['kind']}-{fault.get('status', '')}",
)
def test_whatever_is_no_answer_of_wechats_may_have_been_a_send(
    wechat: MiniProgramClient, standin: Standin, letters: list[Letter], fault: dict[str, object]
) -> None:
    standin.order("faults", path=SEND_PATH, times=1, **fault)
    with BulkSender(wechat) as sender:
        assert sender.send(letters[:1]) == [Outcome(rule=NO_ANSWER)]
    assert len(standin.received(SEND_PATH)) == 1


def test_without_a_token_or_a_connection_nothing_was_sent(
    new_client: Callable[..., MiniProgramClient], wechat: MiniProgramClient, standin: Standin, letters: list[Letter]
) -> None:
    standin.order("faults", path=TOKEN_PATH, kind="http", times=1)
    with BulkSender(wechat) as sender:
        assert sender.send(letters[:2]) == [Outcome(rule=NOT_CONNECTED)] * 2
    assert wechat.access_token  # kept for the client that finds nobody where WeChat should be
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = new_client(f"http://127.0.0.1:{closed.getsockname()[1]}")
        with BulkSender(nobody) as sender:
            assert sender.send(letters[:2]) == [Outcome(rule=NOT_CONNECTED)] * 2
    assert standin.received(SEND_PATH) == []
