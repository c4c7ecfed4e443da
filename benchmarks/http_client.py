"""A client that costs little: kept-alive connections in one thread, requests made beforehand, answers counted.

Run as a process of its own: `python -m benchmarks.http_client PORT CLIENTS FILE`; the file holds a JSON list of whole
requests, the outcome is printed as JSON.
"""

from __future__ import annotations

import select
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from dev.places import PYTHON, ROOT


@dataclass(frozen=True)
class Outcome:
    """How long it took until all was answered, and with which statuses."""

    seconds: float
    statuses: dict[str, int]
    median_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return sum(self.statuses.values()) / self.seconds


def send_all(port: int, requests: list[str], *, clients: int, folder: Path) -> Outcome:
    """Send these requests from a process of its own, each client one after the other."""
    file = folder / "requests.json"
    file.write_bytes(orjson.dumps(requests))
    done = subprocess.run(
        [str(PYTHON), "-m", "benchmarks.http_client", str(port), str(clients), str(file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Outcome(**orjson.loads(done.stdout))


class _Connection:
    """One client: it sends its next request when the last one has been answered."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._received = b""

    def send(self, request: bytes) -> None:
        self._received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> str | None:
        """Read what has come; return the status once the answer is whole."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        self._received += part
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return None
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        return head[9:12].decode() if len(body) >= length else None


def _run(port: int, clients: int, requests: list[bytes]) -> Outcome:
    waiting = iter(requests)
    connections = {one.socket.fileno(): one for one in (_Connection(port) for _ in range(clients))}
    ready = select.epoll()
    for number in connections:
        ready.register(number, select.EPOLLIN)
    statuses: Counter[str] = Counter()
    took: list[float] = []
    begun = time.perf_counter()
    for connection, request in zip(connections.values(), waiting, strict=False):
        connection.send(request)
    while len(took) < len(requests):
        for number, _event in ready.poll():
            connection = connections[number]
            status = connection.receive()
            if status is None:
                continue
            took.append(time.perf_counter() - connection.sent_at)
            statuses[status] += 1
            request = next(waiting, b"")
            if request:
                connection.send(request)
    seconds = time.perf_counter() - begun
    took.sort()
    return Outcome(seconds, dict(statuses), 1000 * took[len(took) // 2], 1000 * took[len(took) * 99 // 100])


if __name__ == "__main__":
    texts: list[str] = orjson.loads(Path(sys.argv[3]).read_bytes())
    print(orjson.dumps(asdict(_run(int(sys.argv[1]), int(sys.argv[2]), [text.encode() for text in texts]))).decode())
