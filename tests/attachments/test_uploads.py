"""Uploads over real sockets: what is too large is said, what breaks off leaves nothing."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import requests

from backend.domain.attachments.models import Attachment
from backend.extensions import db
from tests.support.county import make_county
from tests.support.deployment import Deployment
from tests.support.phone import make_phone
from tests.support.pictures import photograph

HEAD = b'--part\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
TAIL = b"\r\n--part--\r\n"
KIND = "multipart/form-data; boundary=part"


def test_what_is_too_large_or_breaks_off_leaves_nothing_and_the_next_upload_works(server: Deployment) -> None:
    with server.app.app_context():
        phone = make_phone(make_county().doctor) | {"Content-Type": KIND}
        db.session.remove()
    address = f"{server.url}/api/v1/attachments"
    refused = requests.post(address, data=large_photo(20), headers=phone, timeout=30)
    assert refused.status_code == 413
    assert refused.json()["error"]["message"] == "文件不能超过8 MB，请压缩后重新选择。"
    for sent in (100, 3_000_000):
        assert break_off(address, phone, large_photo(6)[:sent]) != 201
    assert kept_by(server) == (0, 0)
    made = requests.post(address, data=HEAD + photograph() + TAIL, headers=phone, timeout=30)
    assert made.status_code == 201
    assert kept_by(server) == (1, 1)


def large_photo(megabytes: int) -> bytes:
    return HEAD + photograph() + os.urandom(megabytes * 1024 * 1024) + TAIL


def break_off(address: str, headers: dict[str, str], begun: bytes) -> int:
    """Send the beginning of a body of six megabytes and no more; return the status of an answer, 0 for none."""
    parts = urlsplit(address)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}Content-Length: {6 * 1024 * 1024}\r\n\r\n"
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as line:
        line.sendall(request.encode() + begun)
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(1000)
    return int(answer.split()[1]) if answer else 0


def kept_by(server: Deployment) -> tuple[int, int]:
    """Return how many rows and how many objects there are."""
    folder = Path(urlsplit(server.settings.attachment_store).path)
    with server.app.app_context():
        rows = db.session.query(Attachment).count()
        db.session.remove()
    return rows, len([path for path in folder.rglob("*") if path.is_file()])
