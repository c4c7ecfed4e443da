"""What the stand-in can be told and asked, how it pushes events, and how it starts and ends."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from backend.wechat.client import SEND_PATH, MiniProgramClient
from backend.wechat.push import Choice, Delivery, PictureVerdict, is_signed, parse_event
from backend.wechat.standin import StandinServer
from tests.support.standin import APP_ID, PUSH_TOKEN, SECRET, Standin, StandinProcess

FIELDS = {"thing1": "柳河乡卫生院", "time2": "15:01"}


class OurServer(ThreadingHTTPServer):
    """Takes pushes, after refusing the first few."""

    refuses = 0

    def __init__(self) -> None:
        self.pushed: Queue[tuple[dict[str, str], bytes]] = Queue()
        super().__init__(("127.0.0.1", 0), OurHandler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api/v1/wechat/events"


class OurHandler(BaseHTTPRequestHandler):
    server: OurServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        refused, self.server.refuses = self.server.refuses > 0, self.server.refuses - 1
        self.send_response(503 if refused else 200)
        self.end_headers()
        self.wfile.write(b"success")
        self.server.pushed.put((query, body))

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def our_server(standin: Standin) -> Iterator[OurServer]:
    with OurServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        standin.order("options", push_url=server.url, push_token=PUSH_TOKEN, push_pause=0.05)
        yield server
        server.shutdown()
        thread.join()


def next_push(server: OurServer) -> tuple[dict[str, str], bytes]:
    return server.pushed.get(timeout=10)


def send(wechat: MiniProgramClient) -> str:
    return wechat.send_subscribe_message(openid="oDoctor", template_id="tClinic", fields=FIELDS)


def test_a_delivered_message_is_followed_by_a_signed_sent_event(
    wechat: MiniProgramClient, standin: Standin, our_server: OurServer
) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")
    next_push(our_server)  # of the pop-up

    message_id = send(wechat)

    query, body = next_push(our_server)
    event = parse_event(body)
    assert is_signed(PUSH_TOKEN, **{name: query[name] for name in ("signature", "timestamp", "nonce")})
    assert (event.name, event.openid) == ("subscribe_msg_sent_event", "oDoctor")
    assert event.items == (Delivery("tClinic", message_id, 0),)


def test_a_message_whose_answer_was_lost_is_settled_by_its_sent_event(
    wechat: MiniProgramClient, standin: Standin, our_server: OurServer
) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic")
    next_push(our_server)
    standin.order("faults", kind="accepted_then_reset", path=SEND_PATH)

    with pytest.raises(Exception, match="no_answer"):
        send(wechat)

    assert parse_event(next_push(our_server)[1]).name == "subscribe_msg_sent_event"


def test_a_push_that_is_refused_comes_three_times_and_is_the_same(standin: Standin, our_server: OurServer) -> None:
    our_server.refuses = 5

    standin.order("grants", openid="oDoctor", template_id="tClinic")

    fingerprints = {parse_event(next_push(our_server)[1]).fingerprint for _ in range(3)}
    assert len(fingerprints) == 1
    assert our_server.refuses == 2


def test_a_picture_s_verdict_is_pushed_later(
    wechat: MiniProgramClient, standin: Standin, our_server: OurServer
) -> None:
    standin.login_code("oDoctor")
    standin.order("options", verdict="risky", verdict_seconds=0)

    trace = wechat.check_picture(openid="oDoctor", media_url="https://bangfu.example/a.jpg")

    assert parse_event(next_push(our_server)[1]).items == (PictureVerdict(trace, "risky", 20002),)


def test_a_change_in_the_settings_takes_the_grant_back(
    wechat: MiniProgramClient, standin: Standin, our_server: OurServer
) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic", count=3)
    next_push(our_server)
    choices = [
        {"template_id": "tClinic", "choice": "reject"},
        {"template_id": "tClinic", "choice": "accept"},
    ]

    answers = standin.order("push", event="change", openid="oDoctor", choices=choices, repeat=2)

    assert [answer["status"] for answer in answers] == [200, 200]
    assert parse_event(next_push(our_server)[1]).items == (Choice("tClinic", "reject"), Choice("tClinic", "accept"))
    with pytest.raises(Exception, match="not_granted"):
        send(wechat)


def test_an_event_can_be_pushed_by_hand(wechat: MiniProgramClient, standin: Standin, our_server: OurServer) -> None:
    standin.login_code("oDoctor")
    trace = wechat.check_picture(openid="oDoctor", media_url="https://bangfu.example/a.jpg")
    standin.order("push", event="picture", trace_id=trace, suggest="review")
    choice = {"template_id": "tClinic", "choice": "accept"}
    standin.order("push", event="popup", openid="oDoctor", choices=[choice])
    standin.order("push", event="sent", openid="oDoctor", template_id="tClinic", msgid=7, errcode=43101)
    standin.order("push", event="raw", body={"FromUserName": "oDoctor", "Event": "anything"})

    pushed = [json.loads(next_push(our_server)[1]) for _ in range(5)]

    by_event = {(event["Event"], json.dumps(event.get("List", event.get("result")))) for event in pushed}
    assert len(by_event) == 5
    assert "anything" in [event["Event"] for event in pushed]


def test_a_fault_lasts_so_many_calls_or_until_it_is_cleared(standin: Standin) -> None:
    def errcode() -> int:
        return int(requests.get(f"{standin.url}/sns/jscode2session", timeout=5).json()["errcode"])

    standin.order("faults", kind="errcode", errcode=45011, path="/sns/jscode2session", times=2)
    assert [errcode() for _ in range(3)] == [45011, 45011, 41002]

    standin.order("faults", kind="errcode", errcode=-1)
    assert [errcode() for _ in range(3)] == [-1, -1, -1]
    requests.delete(f"{standin.url}/standin/faults", timeout=5).raise_for_status()
    assert errcode() == 41002


def test_a_reset_is_a_reset_on_the_wire(standin: Standin) -> None:
    standin.order("faults", kind="reset")
    port = urlsplit(standin.url).port

    with socket.create_connection(("127.0.0.1", port or 0), timeout=5) as connection:
        connection.sendall(b"GET /sns/jscode2session HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            connection.recv(100)


def test_a_connection_is_kept_alive(standin: Standin) -> None:
    port = urlsplit(standin.url).port

    with socket.create_connection(("127.0.0.1", port or 0), timeout=5) as connection:
        for _ in range(2):
            connection.sendall(b"GET /standin/messages HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_what_was_received_shows_call_answer_and_fault_but_no_secret(
    wechat: MiniProgramClient, standin: Standin
) -> None:
    standin.order("faults", kind="http", status=502, path="/sns/jscode2session")
    with pytest.raises(Exception, match="HTTP 502"):
        wechat.exchange_login_code("a-code")
    _ = wechat.access_token

    login, token = standin.ask("received")

    assert (login["query"]["js_code"], login["fault"], login["status"]) == ("a-code", "http", 502)
    assert token["answer"]["access_token"] == wechat.access_token
    assert SECRET not in json.dumps([login, token])


def test_the_ledger_of_grants_can_be_read(wechat: MiniProgramClient, standin: Standin) -> None:
    standin.order("grants", openid="oDoctor", template_id="tClinic", count=2)
    send(wechat)

    assert standin.ask("grants") == [{"openid": "oDoctor", "template_id": "tClinic", "left": 1}]


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("login-codes", {}),
        ("login-codes", {"openid": "o", "typo": 1}),
        ("grants", {"openid": "o", "template_id": "t", "choice": "maybe"}),
        ("templates", {"template_id": "t", "kind": "eternal"}),
        ("faults", {"kind": "earthquake"}),
        ("faults", {"kind": "reset", "typo": 1}),
        ("faults", {"kind": "reset", "times": 0}),
        ("options", {"typo": 1}),
        ("clock", {"advance_seconds": "x"}),
        ("push", {"event": "sent"}),
    ],
)
def test_an_order_that_it_does_not_understand_is_refused(standin: Standin, path: str, order: dict[str, Any]) -> None:
    assert requests.post(f"{standin.url}/standin/{path}", json=order, timeout=5).status_code == 400


def test_an_unknown_path_is_not_found(standin: Standin) -> None:
    assert requests.get(f"{standin.url}/cgi-bin/token", timeout=5).status_code == 404


def test_it_runs_inside_a_process_too() -> None:
    with StandinServer(app_id=APP_ID, secret=SECRET) as server:
        assert Standin(server.url).login_code("oDoctor")


def test_it_ends_when_the_supervisor_says_so() -> None:
    process = StandinProcess()
    process.standin.login_code("oDoctor")

    assert process.stop() == 0


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "backend.wechat.standin", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_busy_port_is_said_in_one_sentence(standin: Standin) -> None:
    port = str(urlsplit(standin.url).port)

    result = run("--port", port, BANGFU_ENV="test")

    assert result.returncode == 1
    assert result.stderr == f"Error: port {port} is busy\n"


def test_it_does_not_run_in_production() -> None:
    key = base64.b64encode(bytes(32)).decode()
    complete = {
        "DATABASE_URL": "postgresql://db.example/bangfu",
        "REDIS_URL": "redis://redis.example/0",
        "SECRET_KEY": "a-real-one",
        "ENCRYPTION_KEYS": f"k1:{key}",
        "INDEX_KEY": key,
        "WECHAT_APP_ID": APP_ID,
        "WECHAT_APP_SECRET": SECRET,
        "WECHAT_PUSH_TOKEN": PUSH_TOKEN,
        "WECHAT_API_URL": "https://api.weixin.qq.com",
        "PUBLIC_URL": "https://bangfu.example",
        "ATTACHMENT_STORE": "file:///srv/attachments",
    }

    result = run("--port", "0", BANGFU_ENV="production", **complete)

    assert result.returncode == 1
    assert result.stderr == "Error: the stand-in does not run in production\n"
