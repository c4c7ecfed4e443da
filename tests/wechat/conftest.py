"""A client of ours before a stand-in of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from redis import Redis

from backend.wechat.client import MiniProgramClient
from tests.support.standin import APP_ID, SECRET, Standin


@pytest.fixture
def new_client(standin: Standin, redis: Redis) -> Iterator[Callable[..., MiniProgramClient]]:
    """Return what makes clients of the stand-in that give up soon."""
    clients: list[MiniProgramClient] = []

    def new(api_url: str = standin.url) -> MiniProgramClient:
        client = MiniProgramClient(
            app_id=APP_ID,
            secret=SECRET,
            redis=redis,
            api_url=api_url,
            miniprogram_state="developer",
            timeout=(2, 1),
        )
        clients.append(client)
        return client

    yield new
    for client in clients:
        client._http.close()


@pytest.fixture
def wechat(new_client: Callable[..., MiniProgramClient]) -> MiniProgramClient:
    """Return a client of the stand-in."""
    return new_client()
