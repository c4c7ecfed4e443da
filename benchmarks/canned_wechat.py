"""A WeChat that takes every message at once and counts them, so that a sender is measured and not who answers it.

Run as a process of its own: `python -m benchmarks.canned_wechat PORT`. GET /count tells how many messages it has taken.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import requests

from dev.places import PYTHON, ROOT
from dev.ports import pick

_SEND, _TOKEN = b"POST /cgi-bin/message/subscribe/send", b"POST /cgi-bin/stable_token"


class CannedWeChat(asyncio.Protocol):
    """One kept-alive connection."""

    taken = 0

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (request := self._next_request()) is not None:
            body = orjson.dumps(self._answer(request))
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(head.encode() + body)

    def _next_request(self) -> bytes | None:
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            return None
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"),
            0,
        )
        if len(rest) < length:
            return None
        self._received = rest[length:]
        return head

    def _answer(self, head: bytes) -> object:
        if head.startswith(_SEND):
            CannedWeChat.taken += 1
            return {"errcode": 0, "errmsg": "ok", "msgid": CannedWeChat.taken}
        if head.startswith(_TOKEN):
            return {"access_token": "canned", "expires_in": 7200}
        return {"taken": CannedWeChat.taken}


@contextmanager
def canned_wechat() -> Iterator[str]:
    """Run one; yield its address."""
    port = pick()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([str(PYTHON), "-m", "benchmarks.canned_wechat", str(port)], cwd=ROOT)
    try:
        while not _answers(url):
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def messages_taken(url: str) -> int:
    """Return how many messages it has taken."""
    return int(requests.get(f"{url}/count", timeout=5).json()["taken"])


def _answers(url: str) -> bool:
    try:
        messages_taken(url)
    except requests.ConnectionError:
        return False
    return True


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(CannedWeChat, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
