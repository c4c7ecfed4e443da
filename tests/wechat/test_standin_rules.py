"""The stand-in keeps WeChat's rules: spoken to in WeChat's own words, without our client."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.support.standin import APP_ID, SECRET, Standin

LOG_IN = {"appid": APP_ID, "secret": SECRET, "grant_type": "authorization_code"}
TOKEN = {"appid": APP_ID, "secret": SECRET, "grant_type": "client_credential"}
MESSAGE = {
    "touser": "oDoctor",
    "template_id": "tClinic",
    "page": "pages/clinic/clinic?id=1",
    "data": {"thing1": {"value": "柳河乡卫生院"}, "time2": {"value": "15:01"}},
    "miniprogram_state": "formal",
    "lang": "zh_CN",
}
SEND = "/cgi-bin/message/subscribe/send"

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def log_in(standin: Standin) -> Call:
    def log_in(**params: str) -> dict[str, Any]:
        answer = requests.get(f"{standin.url}/sns/jscode2session", params=LOG_IN | params, timeout=5)
        return dict(answer.json())

    return log_in


@pytest.fixture
def fetch_token(standin: Standin) -> Call:
    def fetch_token(**body: Any) -> dict[str, Any]:
        answer = requests.post(f"{standin.url}/cgi-bin/stable_token", json=TOKEN | body, timeout=5)
        return dict(answer.json())

    return fetch_token


@pytest.fixture
def post(standin: Standin, fetch_token: Call) -> Call:
    def post(path: str, body: object, token: str | None = None) -> dict[str, Any]:
        params = {"access_token": fetch_token()["access_token"] if token is None else token}
        return dict(requests.post(standin.url + path, params=params, json=body, timeout=5).json())

    return post


# Logging in


def test_a_login_code_works_once(standin: Standin, log_in: Call) -> None:
    code = standin.login_code("oDoctor")

    first, second = log_in(js_code=code), log_in(js_code=code)

    assert first.keys() == {"openid", "session_key"}
    assert second["errcode"] == 40163


def test_a_login_code_lives_five_minutes(standin: Standin, log_in: Call) -> None:
    early, late = standin.login_code("oDoctor"), standin.login_code("oDoctor")
    standin.order("clock", advance_seconds=290)
    assert log_in(js_code=early)["openid"] == "oDoctor"

    standin.order("clock", advance_seconds=20)

    assert log_in(js_code=late)["errcode"] == 40029


@pytest.mark.parametrize(
    ("params", "errcode"),
    [
        ({"js_code": "never-given"}, 40029),
        ({"js_code": ""}, 41008),
        ({"appid": ""}, 41002),
        ({"appid": "wx-other"}, 40013),
        ({"secret": ""}, 41004),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "other"}, 40002),
    ],
)
def test_a_wrong_login_is_refused(log_in: Call, params: dict[str, str], errcode: int) -> None:
    assert log_in(**{"js_code": "x", **params})["errcode"] == errcode


# Tokens


def test_repeated_calls_give_the_same_token(standin: Standin, fetch_token: Call) -> None:
    first = fetch_token()
    standin.order("clock", advance_seconds=1000)
    second = fetch_token()

    assert first["expires_in"] == 7200
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] in (6199, 6200)


def test_for_five_minutes_around_renewal_both_tokens_work(standin: Standin, fetch_token: Call, post: Call) -> None:
    old = fetch_token()["access_token"]
    standin.order("clock", advance_seconds=6905)
    new = fetch_token()["access_token"]

    assert new != old
    assert post(SEND, MESSAGE, old)["errcode"] == 40003
    assert post(SEND, MESSAGE, new)["errcode"] == 40003
    standin.order("clock", advance_seconds=300)
    assert post(SEND, MESSAGE, old)["errcode"] == 42001
    assert post(SEND, MESSAGE, new)["errcode"] == 40003


def test_a_forced_refresh_ends_the_old_token_at_once(fetch_token: Call, post: Call) -> None:
    old = fetch_token()["access_token"]
    new = fetch_token(force_refresh=True)["access_token"]

    assert post(SEND, MESSAGE, old)["errcode"] == 40001
    assert post(SEND, MESSAGE, new)["errcode"] == 40003


def test_forcing_again_within_half_a_minute_changes_nothing(standin: Standin, fetch_token: Call) -> None:
    first = fetch_token(force_refresh=True)["access_token"]

    assert fetch_token(force_refresh=True)["access_token"] == first
    standin.order("clock", advance_seconds=31)
    assert fetch_token(force_refresh=True)["access_token"] != first


def test_a_day_has_twenty_forced_refreshes(standin: Standin, fetch_token: Call) -> None:
    standin.order("clock", set_to="2026-10-01T00:01:00+08:00")
    for _ in range(20):
        assert "access_token" in fetch_token(force_refresh=True)
        standin.order("clock", advance_seconds=31)

    assert fetch_token(force_refresh=True)["errcode"] == 45009
    assert "access_token" in fetch_token()
    standin.order("clock", advance_seconds=24 * 3600)
    assert "access_token" in fetch_token(force_refresh=True)


def test_a_token_is_asked_for_and_known(post: Call) -> None:
    assert post(SEND, MESSAGE, "")["errcode"] == 41001
    assert post(SEND, MESSAGE, "made-up")["errcode"] == 40001


def test_the_method_and_the_body_are_as_documented(standin: Standin, fetch_token: Call) -> None:
    token = fetch_token()["access_token"]
    url = f"{standin.url}{SEND}?access_token={token}"

    assert requests.get(url, timeout=5).json()["errcode"] == 43002
    assert requests.post(f"{standin.url}/sns/jscode2session", timeout=5).json()["errcode"] == 43001
    assert requests.post(url, data=b"touser=oDoctor", timeout=5).json()["errcode"] == 47001
    assert requests.post(url, data=b"[]", timeout=5).json()["errcode"] == 47001


# Subscribe messages


def test_a_one_time_grant_is_one_message_and_grants_accumulate(standin: Standin, post: Call) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")
    standin.order("grants", openid="oDoctor", template_id="tClinic", count=2)

    codes = [post(SEND, MESSAGE)["errcode"] for _ in range(4)]

    assert codes == [0, 0, 0, 43101]
    assert len(standin.ask("messages")) == 3


def test_a_long_term_grant_is_not_used_up_until_it_is_taken_back(standin: Standin, post: Call) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic", kind="long_term")
    assert [post(SEND, MESSAGE)["errcode"] for _ in range(3)] == [0, 0, 0]

    standin.order("grants", openid="oDoctor", template_id="tClinic", choice="reject")

    assert post(SEND, MESSAGE)["errcode"] == 43101


def test_a_grant_is_for_one_person_and_one_template(standin: Standin, post: Call) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")
    standin.order("grants", openid="oNurse", template_id="tDispatch")

    assert post(SEND, MESSAGE | {"touser": "oNurse"})["errcode"] == 43101
    assert post(SEND, MESSAGE | {"template_id": "tDispatch"})["errcode"] == 43101


def test_two_sends_to_one_person_at_once_collide(standin: Standin, post: Call, fetch_token: Call) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic", count=2)
    standin.order("options", send_seconds=0.5)
    token = fetch_token()["access_token"]
    together = threading.Barrier(2)

    def send() -> int:
        together.wait()
        return int(post(SEND, MESSAGE, token)["errcode"])

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(future.result() for future in [pool.submit(send), pool.submit(send)])

    assert codes == [0, 43108]
    standin.order("options", send_seconds=0)
    assert post(SEND, MESSAGE, token)["errcode"] == 0


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"touser": "oStranger"}, 40003),
        ({"touser": None}, 40003),
        ({"template_id": "tUnknown"}, 40037),
        ({"page": "/pages/clinic/clinic"}, 41030),
        ({"page": "pages/clinic clinic"}, 41030),
        ({"miniprogram_state": "production"}, 40097),
        ({"data": None}, 47003),
        ({"data": {"thing1": {"value": "一个字段"}}}, 47003),
        ({"data": MESSAGE["data"] | {"thing1": {"value": "柳" * 21}}}, 47003),  # type: ignore[operator]
        ({"data": MESSAGE["data"] | {"thing1": {"value": ""}}}, 47003),  # type: ignore[operator]
        ({"data": MESSAGE["data"] | {"thing1": "柳河乡"}}, 47003),  # type: ignore[operator]
        ({"data": MESSAGE["data"] | {"time2": {"value": 15}}}, 47003),  # type: ignore[operator]
    ],
)
def test_a_wrong_message_is_refused_and_costs_no_grant(
    standin: Standin, post: Call, change: dict[str, Any], errcode: int
) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")

    assert post(SEND, MESSAGE | change)["errcode"] == errcode

    assert standin.ask("messages") == []
    assert post(SEND, MESSAGE)["errcode"] == 0


def test_a_template_with_named_fields_takes_exactly_those(standin: Standin, post: Call) -> None:
    standin.order("templates", template_id="tClinic", fields=["thing1", "date2"])
    standin.order("grants", openid="oDoctor", template_id="tClinic")

    assert post(SEND, MESSAGE)["errcode"] == 47003


def test_a_page_must_exist_where_the_pages_are_listed(standin: Standin, post: Call) -> None:
    standin.order("options", pages=["pages/today/today"])
    standin.order("grants", openid="oDoctor", template_id="tClinic")

    assert post(SEND, MESSAGE)["errcode"] == 41030
    assert post(SEND, MESSAGE | {"page": "pages/today/today?id=1"})["errcode"] == 0


# Phone numbers, checks, codes


def test_a_phone_code_works_once_and_for_five_minutes(standin: Standin, post: Call) -> None:
    path = "/wxa/business/getuserphonenumber"
    code, late = standin.phone_code("13800000000"), standin.phone_code("13800000000")

    assert post(path, {"code": code})["phone_info"]["purePhoneNumber"] == "13800000000"
    assert post(path, {"code": code})["errcode"] == 40029
    assert post(path, {"code": "never-given"})["errcode"] == 40029
    standin.order("clock", advance_seconds=301)
    assert post(path, {"code": late})["errcode"] == 40029


def test_a_text_is_checked_only_for_who_was_here_within_two_hours(standin: Standin, post: Call) -> None:
    standin.login_code("oDoctor")
    body = {"version": 2, "scene": 2, "openid": "oDoctor", "content": "义诊"}
    standin.order("clock", advance_seconds=7100)
    assert post("/wxa/msg_sec_check", body)["result"] == {"suggest": "pass", "label": 100}

    standin.order("clock", advance_seconds=200)

    assert post("/wxa/msg_sec_check", body)["errcode"] == 61010
    assert post("/wxa/msg_sec_check", body | {"openid": "oStranger"})["errcode"] == 40003


@pytest.mark.parametrize(
    ("change", "errcode"),
    [({"version": 1}, 47001), ({"scene": 9}, 47001), ({"content": ""}, 40097), ({"content": "字" * 2501}, 40097)],
)
def test_a_wrong_text_check_is_refused(standin: Standin, post: Call, change: dict[str, Any], errcode: int) -> None:
    standin.login_code("oDoctor")
    body = {"version": 2, "scene": 2, "openid": "oDoctor", "content": "义诊"} | change

    assert post("/wxa/msg_sec_check", body)["errcode"] == errcode


def test_the_risky_words_are_control_s_choice(standin: Standin, post: Call) -> None:
    standin.login_code("oDoctor")
    standin.order("options", risky_words=["义诊"])

    answer = post("/wxa/msg_sec_check", {"version": 2, "scene": 2, "openid": "oDoctor", "content": "去义诊"})

    assert answer["result"]["suggest"] == "risky"


def test_a_picture_check_needs_an_address_and_somebody_active(standin: Standin, post: Call) -> None:
    path = "/wxa/media_check_async"
    body = {"version": 2, "scene": 2, "openid": "oDoctor", "media_type": 2, "media_url": "https://a.example/1"}
    assert post(path, body)["errcode"] == 40003
    standin.login_code("oDoctor")

    assert post(path, body)["errcode"] == 0
    assert post(path, body | {"media_url": "a.jpg"})["errcode"] == 40097
    assert post(path, body | {"media_type": 3})["errcode"] == 47001
    standin.order("clock", advance_seconds=7300)
    assert post(path, body)["errcode"] == 61010


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"scene": "x" * 33}, 40169),
        ({"scene": ""}, 40169),
        ({"scene": "派驻点"}, 40129),
        ({"scene": "a%20b"}, 40129),
        ({"page": "/pages/today/today"}, 41030),
        ({"env_version": "formal"}, 40097),
    ],
)
def test_a_wrong_code_is_refused(post: Call, change: dict[str, Any], errcode: int) -> None:
    body = {"scene": "site=1", "page": "pages/today/today", "env_version": "release"} | change

    assert post("/wxa/getwxacodeunlimit", body)["errcode"] == errcode
