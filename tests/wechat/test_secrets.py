"""Secrets appear in no exception and no log line, whatever goes wrong."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Callable

import pytest
import requests
from redis import Redis

from backend.wechat.client import MiniProgramClient
from backend.wechat.errors import WeChatError
from backend.wechat.scrubbing import scrub
from backend.wechat.shared_token import TOKEN_PATH
from tests.support.standin import APP_ID, SECRET, Standin

LOGIN_CODE = "a-login-code-of-somebody"
TOKEN = "an-access-token-that-must-not-leak"
FIELDS = {"thing1": "柳河乡卫生院", "time2": "15:01"}

CALLS: dict[str, Callable[[MiniProgramClient], object]] = {
    "login": lambda wechat: wechat.exchange_login_code(LOGIN_CODE),
    "token": lambda wechat: wechat._fetch_token(False),
    "send": lambda wechat: wechat.send_subscribe_message(openid="o", template_id="t", fields=FIELDS),
    "phone": lambda wechat: wechat.get_phone_number("a-phone-code"),
    "code": lambda wechat: wechat.get_unlimited_code(scene="1", page="pages/today/today"),
}
FAULTS = ("errcode", "http", "html", "reset", "slow", "accepted_then_timeout")


@pytest.fixture
def every_log_line(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def client_for(new_client: Callable[..., MiniProgramClient], redis: Redis) -> Callable[[str], MiniProgramClient]:
    """Return what makes impatient clients that hold the token already."""

    def client_for(api_url: str) -> MiniProgramClient:
        redis.set(f"wechat:{APP_ID}:access_token", TOKEN)
        client = new_client(api_url)
        client.timeout = (2, 0.2)
        return client

    return client_for


def everything_about(error: BaseException) -> str:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None:
        chain.append(link)
        link = link.__cause__ or link.__context__
    texts = [text for link in chain for text in (str(link), repr(link), repr(link.args), repr(vars(link)))]
    return "\n".join([*texts, *traceback.format_exception(error)])


def leaks_in(text: str) -> list[str]:
    return [secret for secret in (SECRET, LOGIN_CODE, TOKEN) if secret in text]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_call_tells_no_secret(
    client_for: Callable[[str], MiniProgramClient],
    standin: Standin,
    every_log_line: pytest.LogCaptureFixture,
    fault: str,
    call: str,
) -> None:
    standin.order("faults", kind=fault, errcode=48001, seconds=0.5)

    with pytest.raises(WeChatError) as failure:
        CALLS[call](client_for(standin.url))

    assert leaks_in(everything_about(failure.value)) == []
    assert leaks_in(every_log_line.text) == []


@pytest.mark.parametrize("call", CALLS)
def test_a_connection_that_fails_tells_no_secret(
    client_for: Callable[[str], MiniProgramClient], every_log_line: pytest.LogCaptureFixture, call: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(WeChatError) as failure:
        CALLS[call](client_for(f"http://127.0.0.1:{port}"))

    assert leaks_in(everything_about(failure.value)) == []
    assert leaks_in(every_log_line.text) == []


def test_the_library_alone_would_have_told() -> None:
    with pytest.raises(requests.ConnectionError) as failure:
        requests.get("http://127.0.0.1:9/sns/jscode2session", params={"secret": SECRET}, timeout=1)

    assert leaks_in(everything_about(failure.value)) == [SECRET]


def test_a_successful_call_logs_no_secret_either(
    wechat: MiniProgramClient, standin: Standin, every_log_line: pytest.LogCaptureFixture
) -> None:
    code = standin.login_code("oDoctor")

    wechat.exchange_login_code(code)
    token = wechat.access_token

    assert "GET /sns/jscode2session?" in every_log_line.text
    assert "secret=***" in every_log_line.text
    assert [secret for secret in (SECRET, code, token) if secret in every_log_line.text] == []


def test_wechats_own_words_are_scrubbed_and_kept(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("faults", kind="errcode", errcode=40013, path=TOKEN_PATH)

    with pytest.raises(WeChatError, match=r"app_id_invalid \(errcode 40013\) invalid appid rid: \w+"):
        _ = wechat.access_token


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        (
            "/sns/jscode2session?appid=wx1&secret=abc&js_code=def&x=1",
            "/sns/jscode2session?appid=wx1&secret=***&js_code=***&x=1",
        ),
        ("/x?access_token=abc HTTP/1.1", "/x?access_token=*** HTTP/1.1"),
        ('{"session_key": "abc==", "openid": "o"}', '{"session_key": "***", "openid": "o"}'),
        ("{'access_token': 'abc'}", "{'access_token': '***'}"),
        ("access_token is invalid or not latest", "access_token is invalid or not latest"),
    ],
)
def test_scrubbing_strikes_out_values_and_leaves_words(text: str, scrubbed: str) -> None:
    assert scrub(text) == scrubbed
