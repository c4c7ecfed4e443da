"""A small HTTP/1.1 server for the stand-in: keeps connections alive as WeChat does, and can reset one."""

from __future__ import annotations

import io
import logging
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_to_bytes

from backend.wechat.standin.app import RESET, create_app
from backend.wechat.standin.world import World

HOST = "127.0.0.1"  # whoever reaches it controls it: never another one
_log = logging.getLogger(__name__)
_RST_ON_CLOSE = struct.pack("ii", 1, 0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet
    disable_nagle_algorithm = True
    timeout = 75
    server: StandinServer

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environ = self._environ(body)
        content = b"".join(self.server.app(environ, self._start))
        if environ.get(RESET):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST_ON_CLOSE)
            self.server.to_reset.add(self.connection)
            self.close_connection = True
            return
        status, headers = self._started
        self.send_response(int(status.split()[0]))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_DELETE = do_GET

    def _start(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], Any]:
        self._started = (status, headers)
        return io.BytesIO().write

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        return {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": HOST,
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "HTTP_HOST": self.headers.get("Host", HOST),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of the query: it has the secret."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        _log.info("%s %s %s", self.command, self.path.partition("?")[0], code)


class StandinServer(ThreadingHTTPServer):
    """The stand-in, listening. As a context manager it serves from a thread until the end of the block."""

    daemon_threads = True
    request_queue_size = 128
    app: Callable[..., Iterable[bytes]]

    def __init__(self, *, app_id: str, secret: str, port: int = 0, **known: Any) -> None:
        self.world = World(app_id=app_id, secret=secret, **known)
        self.app = create_app(self.world)
        self.to_reset: set[Any] = set()
        super().__init__((HOST, port), _Handler)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"

    def __enter__(self) -> StandinServer:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.server_close()

    def shutdown_request(self, request: Any) -> None:
        """Close a connection; one to be reset without the polite end."""
        if request in self.to_reset:
            self.to_reset.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # the other side hung up
            super().handle_error(request, client_address)
