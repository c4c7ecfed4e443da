"""The client against a WeChat that answers, refuses and fails, over real HTTP and through wechatpy's code."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from backend.config import ConfigurationError, Settings
from backend.wechat.client import SEND_PATH, MiniProgramClient, create_client
from backend.wechat.errors import Remedy, WeChatError, WeChatRefused, WeChatUnavailable
from tests.support.standin import Standin

FIELDS = {"thing1": "柳河乡卫生院专家门诊", "time2": "2026年10月1日 15:01"}


def send(wechat: MiniProgramClient) -> str:
    return wechat.send_subscribe_message(
        openid="oDoctor", template_id="tClinic", fields=FIELDS, page="pages/clinic/clinic?id=1"
    )


def test_a_login_code_gives_the_identity_without_fetching_a_token(wechat: MiniProgramClient, standin: Standin) -> None:
    identity = wechat.exchange_login_code(standin.login_code("oDoctor", unionid="uDoctor"))

    assert (identity.openid, identity.unionid) == ("oDoctor", "uDoctor")
    assert standin.received("/cgi-bin/stable_token") == []
    assert "access_token" not in standin.received("/sns/jscode2session")[0]["query"]


def test_the_session_key_stays_at_the_door(wechat: MiniProgramClient, standin: Standin) -> None:
    identity = wechat.exchange_login_code(standin.login_code("oDoctor"))

    key = standin.received("/sns/jscode2session")[0]["answer"]["session_key"]
    assert key
    assert key not in repr(dataclasses.asdict(identity))


def test_a_used_login_code_is_refused_with_a_sentence(wechat: MiniProgramClient, standin: Standin) -> None:
    code = standin.login_code("oDoctor")
    wechat.exchange_login_code(code)

    with pytest.raises(WeChatRefused) as refusal:
        wechat.exchange_login_code(code)

    assert refusal.value.rule.reason == "code_used"
    assert refusal.value.text == "微信登录已失效，请重新打开小程序后再试。"


def test_a_phone_code_gives_the_number(wechat: MiniProgramClient, standin: Standin) -> None:
    phone = wechat.get_phone_number(standin.phone_code("13800000000"))

    assert (phone.country_code, phone.number) == ("86", "13800000000")
    assert "13800000000" not in repr(phone)


def test_a_text_is_judged(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.login_code("oDoctor")

    assert wechat.check_text(openid="oDoctor", content="今天义诊三十人").suggest == "pass"
    assert wechat.check_text(openid="oDoctor", content="网上赌博").suggest == "risky"


def test_a_picture_gets_a_trace_for_its_later_verdict(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.login_code("oDoctor")

    trace = wechat.check_picture(openid="oDoctor", media_url="https://bangfu.example/a.jpg")

    assert trace == standin.received("/wxa/media_check_async")[0]["answer"]["trace_id"]


def test_a_message_arrives_as_it_was_written(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")

    message_id = send(wechat)

    (message,) = standin.ask("messages")
    assert message_id == str(message["msgid"])
    assert message["data"] == {name: {"value": value} for name, value in FIELDS.items()}
    assert message["miniprogram_state"] == "developer"
    assert message["page"] == "pages/clinic/clinic?id=1"


def test_wechatpys_own_methods_pass_the_same_hardening(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")
    standin.order("faults", kind="html", path=SEND_PATH, times=1)

    with pytest.raises(WeChatUnavailable):
        wechat.wxa.send_subscribe_message("oDoctor", "tClinic", FIELDS)


def test_a_code_is_a_picture(wechat: MiniProgramClient) -> None:
    picture = wechat.get_unlimited_code(scene="site=12", page="pages/today/today")

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert picture != wechat.get_unlimited_code(scene="site=13", page="pages/today/today")


def test_a_refused_code_is_an_error_and_no_picture(wechat: MiniProgramClient) -> None:
    with pytest.raises(WeChatRefused) as refusal:
        wechat.get_unlimited_code(scene="x" * 33, page="pages/today/today")

    assert refusal.value.errcode == 40169


def test_a_web_page_is_no_picture(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("faults", kind="html", path="/wxa/getwxacodeunlimit")

    with pytest.raises(WeChatUnavailable):
        wechat.get_unlimited_code(scene="site=12", page="pages/today/today")


def test_json_is_no_picture(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("faults", kind="errcode", errcode=0, path="/wxa/getwxacodeunlimit")

    with pytest.raises(WeChatUnavailable):
        wechat.get_unlimited_code(scene="site=12", page="pages/today/today")


def test_an_answer_that_lacks_its_substance_is_an_error(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("faults", kind="errcode", errcode=0, path="/sns/jscode2session")

    with pytest.raises(WeChatUnavailable):
        wechat.exchange_login_code("any")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "http", "status": 500},
        {"kind": "http", "status": 502},
        {"kind": "http", "status": 302},
        {"kind": "html"},
        {"kind": "reset"},
        {"kind": "slow", "seconds": 2.0},
        {"kind": "accepted_then_timeout", "seconds": 2.0},
        {"kind": "accepted_then_reset"},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
def test_a_send_without_an_answer_is_ambiguous_and_not_repeated(
    wechat: MiniProgramClient, standin: Standin, fault: dict[str, Any]
) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic", count=2)
    standin.order("faults", path=SEND_PATH, times=1, **fault)

    with pytest.raises(WeChatUnavailable) as failure:
        send(wechat)

    assert failure.value.rule.remedy is Remedy.AMBIGUOUS
    assert failure.value.errcode is None
    assert len(standin.received(SEND_PATH)) == 1


def test_an_ambiguous_send_may_have_arrived(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")
    standin.order("faults", path=SEND_PATH, kind="accepted_then_timeout", seconds=2.0)

    with pytest.raises(WeChatUnavailable):
        send(wechat)

    assert len(standin.ask("messages")) == 1


@pytest.mark.parametrize(
    ("errcode", "remedy"),
    [
        (-1, Remedy.RETRY),
        (45011, Remedy.RETRY),
        (45009, Remedy.RETRY_MUCH_LATER),
        (43108, Remedy.DELAY),
        (40003, Remedy.FINAL),
        (40037, Remedy.FINAL),
        (41030, Remedy.FINAL),
        (43101, Remedy.FINAL),
        (43107, Remedy.FINAL),
        (45168, Remedy.FINAL),
        (47003, Remedy.FINAL),
        (99999, Remedy.FINAL),
    ],
)
def test_each_error_code_has_its_remedy(
    wechat: MiniProgramClient, standin: Standin, errcode: int, remedy: Remedy
) -> None:
    standin.order("faults", kind="errcode", errcode=errcode, path=SEND_PATH)

    with pytest.raises(WeChatError) as failure:
        send(wechat)

    assert (failure.value.errcode, failure.value.rule.remedy) == (errcode, remedy)
    assert isinstance(failure.value, WeChatRefused) == (remedy is Remedy.FINAL)
    assert len(standin.received(SEND_PATH)) == 1


def test_where_nobody_listens_nothing_was_sent(new_client: Callable[..., MiniProgramClient], redis: Redis) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    redis.set("wechat:wx1234567890abcdef:access_token", "a-token")

    with pytest.raises(WeChatUnavailable) as failure:
        send(new_client(f"http://127.0.0.1:{port}"))

    assert failure.value.rule.remedy is Remedy.RETRY


def test_a_redirection_is_not_followed_with_a_secret(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("faults", kind="http", status=302, path="/sns/jscode2session")

    with pytest.raises(WeChatUnavailable):
        wechat.exchange_login_code("any")

    assert [call["path"] for call in standin.ask("received")] == ["/sns/jscode2session"]


def test_proxies_meant_for_wechat_are_not_asked_for_the_stand_in(
    wechat: MiniProgramClient, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = standin.login_code("oDoctor")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")

    assert wechat.exchange_login_code(code).openid == "oDoctor"


def test_production_refuses_the_stand_in(standin: Standin, redis: Redis) -> None:
    settings = Settings.from_environment({"BANGFU_ENV": "test", "WECHAT_API_URL": standin.url})
    production = dataclasses.replace(settings, environment="production")

    with pytest.raises(ConfigurationError):
        create_client(production, redis)


def test_production_takes_tencents_host_and_sends_to_the_released_program(redis: Redis) -> None:
    settings = Settings.from_environment({"BANGFU_ENV": "test", "WECHAT_API_URL": "https://api.weixin.qq.com"})

    client = create_client(dataclasses.replace(settings, environment="production"), redis)

    body = client.subscribe_message(openid="o", template_id="t", fields=FIELDS)
    assert body["miniprogram_state"] == "formal"


def test_development_talks_to_the_stand_in_of_its_settings(standin: Standin, redis: Redis) -> None:
    settings = Settings.from_environment({"BANGFU_ENV": "test", "WECHAT_API_URL": standin.url})
    client = create_client(settings, redis)

    with pytest.raises(WeChatRefused) as refusal:  # of another mini-program than the stand-in's
        client.exchange_login_code("any")

    client._http.close()
    assert refusal.value.errcode == 40013
