"""Whose address and scheme a request has: that of the socket, unless proxies are trusted by their number."""

from __future__ import annotations

import dataclasses

import pytest
from flask import request

from backend.app import create_app
from backend.config import Settings

FORGED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "address", "scheme"),
    [(0, "127.0.0.1", "http"), (1, "198.51.100.7", "https"), (2, "203.0.113.9", "http")],
)
def test_only_as_many_proxies_are_believed_as_are_there(
    settings: Settings, proxies: int, address: str, scheme: str
) -> None:
    app = create_app(dataclasses.replace(settings, trusted_proxies=proxies))
    seen: list[tuple[str | None, str]] = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme)))

    app.test_client().get("/healthz", headers=FORGED)

    assert seen == [(address, scheme)]
