"""One access token for all threads and processes, renewed once when WeChat rejects it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
import requests
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.wechat.client import SEND_PATH, MiniProgramClient
from backend.wechat.errors import Remedy, WeChatUnavailable
from backend.wechat.shared_token import TOKEN_PATH
from tests.support.standin import APP_ID, SECRET, Standin

CACHE_KEY = f"wechat:{APP_ID}:access_token"

ONE_PROCESS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from redis import Redis
from backend.wechat.client import MiniProgramClient
app_id, secret, url, redis_url = sys.argv[1:]
with Redis.from_url(redis_url) as redis:
    client = MiniProgramClient(app_id=app_id, secret=secret, redis=redis, api_url=url)
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(10) as pool:
        print(*{pool.submit(lambda: client.access_token).result() for _ in range(10)})
"""


def send(wechat: MiniProgramClient) -> str:
    fields = {"thing1": "柳河乡卫生院", "time2": "15:01"}
    return wechat.send_subscribe_message(openid="oDoctor", template_id="tClinic", fields=fields)


def tokens_of(standin: Standin) -> list[str]:
    return [call["query"]["access_token"] for call in standin.received(SEND_PATH)]


def revoke(standin: Standin) -> None:
    """Let another system of the hospital force a new token."""
    body = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET, "force_refresh": True}
    requests.post(standin.url + TOKEN_PATH, json=body, timeout=5).raise_for_status()


def test_ten_threads_fetch_one_token(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("faults", kind="slow", path=TOKEN_PATH, seconds=0.3)

    with ThreadPoolExecutor(10) as pool:
        tokens = set(pool.map(lambda _: wechat.access_token, range(10)))

    assert len(tokens) == 1
    assert len(standin.received(TOKEN_PATH)) == 1


def test_two_processes_fetch_one_token(standin: Standin, redis: Redis, redis_url: str) -> None:
    standin.order("faults", kind="slow", path=TOKEN_PATH, seconds=0.3)
    command = [sys.executable, "-c", ONE_PROCESS, APP_ID, SECRET, standin.url, redis_url]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()

    printed = [process.communicate(timeout=30)[0] for process in processes]

    assert printed[0] == printed[1]
    assert len(printed[0].split()) == 1
    assert len(standin.received(TOKEN_PATH)) == 1


def test_a_token_is_kept_until_two_minutes_before_its_end(wechat: MiniProgramClient, redis: Redis) -> None:
    token = wechat.access_token

    assert redis.get(CACHE_KEY) == token.encode()
    assert 7000 < cast(int, redis.ttl(CACHE_KEY)) <= 7200 - 120


def test_an_expired_token_is_renewed_and_the_call_repeated(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")
    first = wechat.access_token
    standin.order("clock", advance_seconds=7300)

    send(wechat)

    assert [call["answer"]["errcode"] for call in standin.received(SEND_PATH)] == [42001, 0]
    assert tokens_of(standin) == [first, wechat.access_token]


def test_a_token_that_another_system_replaced_is_renewed_without_force(
    wechat: MiniProgramClient, standin: Standin
) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")
    first = wechat.access_token
    revoke(standin)

    send(wechat)

    assert tokens_of(standin) == [first, wechat.access_token]
    ours = [call["body"]["force_refresh"] for call in standin.received(TOKEN_PATH)]
    assert ours == [False, True, False]  # the middle one is the other system's


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_token_that_wechat_goes_on_rejecting_is_refreshed_once_and_the_call_repeated_once(
    wechat: MiniProgramClient, standin: Standin, errcode: int
) -> None:
    first = wechat.access_token
    standin.order("faults", kind="errcode", errcode=errcode, path=SEND_PATH)

    with pytest.raises(WeChatUnavailable) as failure:
        send(wechat)

    assert failure.value.rule.remedy is Remedy.REFRESH_TOKEN
    assert tokens_of(standin) == [first, wechat.access_token]
    assert first != wechat.access_token
    assert [call["body"]["force_refresh"] for call in standin.received(TOKEN_PATH)] == [False, False, True]


def test_many_rejected_calls_do_not_use_up_the_forced_refreshes_of_a_day(
    wechat: MiniProgramClient, standin: Standin
) -> None:
    standin.order("faults", kind="errcode", errcode=40001, path=SEND_PATH)

    for _ in range(5):
        with pytest.raises(WeChatUnavailable):
            send(wechat)
        standin.order("clock", advance_seconds=31)

    forced = [call for call in standin.received(TOKEN_PATH) if call["body"]["force_refresh"]]
    assert len(forced) == 1


def test_threads_whose_token_is_rejected_together_renew_it_once(wechat: MiniProgramClient, standin: Standin) -> None:
    for number in range(10):
        standin.order("grants", openid=f"o{number}", template_id="tClinic")
    first = wechat.access_token
    revoke(standin)
    before = len(standin.received(TOKEN_PATH))
    fields = {"thing1": "柳河乡卫生院", "time2": "15:01"}

    with ThreadPoolExecutor(10) as pool:
        list(
            pool.map(
                lambda n: wechat.send_subscribe_message(openid=f"o{n}", template_id="tClinic", fields=fields),
                range(10),
            )
        )

    assert len(standin.ask("messages")) == 10
    assert len(standin.received(TOKEN_PATH)) == before + 1
    assert set(tokens_of(standin)) == {first, wechat.access_token}


def test_a_refused_secret_is_an_error_and_nothing_is_kept(
    wechat: MiniProgramClient, standin: Standin, redis: Redis
) -> None:
    standin.order("faults", kind="errcode", errcode=40125, path=TOKEN_PATH)

    with pytest.raises(Exception, match="app_secret_invalid"):
        send(wechat)

    assert redis.get(CACHE_KEY) is None
    assert standin.received(SEND_PATH) == []


@pytest.mark.parametrize("kind", ["html", "reset"])
def test_a_token_that_cannot_be_fetched_leaves_no_lock_behind(
    wechat: MiniProgramClient, standin: Standin, kind: str
) -> None:
    standin.order("faults", kind=kind, path=TOKEN_PATH, times=1)

    with pytest.raises(WeChatUnavailable):
        _ = wechat.access_token

    assert wechat.access_token


def test_without_redis_nothing_reaches_wechat(standin: Standin) -> None:
    with Redis(host="127.0.0.1", port=9, retry=Retry(NoBackoff(), 0)) as nowhere:
        client = MiniProgramClient(app_id=APP_ID, secret=SECRET, redis=nowhere, api_url=standin.url)

        with pytest.raises(WeChatUnavailable) as failure:
            send(client)

    assert failure.value.rule.remedy is Remedy.RETRY
    assert standin.received(SEND_PATH) == []


def test_a_hung_fetch_does_not_hold_the_others_for_ever(
    new_client: Callable[..., MiniProgramClient], standin: Standin
) -> None:
    standin.order("faults", kind="slow", path=TOKEN_PATH, seconds=3.0, times=1)

    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(lambda client: client.access_token, new_client()) for _ in range(2)]
        errors = [result.exception() for result in results]

    assert [type(error) for error in errors if error] == [WeChatUnavailable]
