"""The access token that all threads and processes share, kept in Redis and fetched under a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import cast

from redis import Redis, RedisError
from redis.exceptions import LockError

from backend.wechat.errors import NOT_CONNECTED, error_from

TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105  (a path)
_MARGIN = 120  # seconds before the end at which a cached token is no longer used
_LOCK_LIFE = 30  # seconds: longer than two token calls can take
_LOCK_WAIT = 15
_FORCED_PAUSE = 75 * 60  # WeChat allows 20 forced refreshes a day


class SharedToken:
    """One mini-program's token. `fetch(force)` asks WeChat for it: the token and its life in seconds."""

    def __init__(self, redis: Redis, *, app_id: str, fetch: Callable[[bool], tuple[str, int]]) -> None:
        self._redis = redis
        self._prefix = f"wechat:{app_id}"
        self._fetch = fetch

    def get(self) -> str:
        """Return the token; the first of all who find none fetches it."""
        cached = self._cached()
        if cached is not None:
            return cached
        with self._lock():
            return self._cached() or self._fetch_and_keep()

    def renew(self, rejected: str) -> str | None:
        """Return another token than the one that WeChat rejected; None if there is none to be had now.

        Somebody else may have renewed it meanwhile. Only if WeChat still gives out the very token that it
        rejects is it told to make a new one, and that rarely, since a day has twenty of those.
        """
        with self._lock():
            token = self._cached()
            if token is None or token == rejected:
                token = self._fetch_and_keep()
            if token == rejected and self._may_force():
                token = self._fetch_and_keep(force=True)
        return token if token != rejected else None

    def _fetch_and_keep(self, *, force: bool = False) -> str:
        token, life = self._fetch(force)
        with _redis_errors():
            self._redis.set(f"{self._prefix}:access_token", token, ex=max(life - _MARGIN, 10))
        return token

    def _cached(self) -> str | None:
        with _redis_errors():
            cached = cast("bytes | str | None", self._redis.get(f"{self._prefix}:access_token"))
        return cached.decode() if isinstance(cached, bytes) else cached

    def _may_force(self) -> bool:
        with _redis_errors():
            return bool(self._redis.set(f"{self._prefix}:forced_refresh", 1, nx=True, ex=_FORCED_PAUSE))

    @contextmanager
    def _lock(self) -> Iterator[None]:
        lock = self._redis.lock(
            f"{self._prefix}:token_lock", timeout=_LOCK_LIFE, blocking_timeout=_LOCK_WAIT, sleep=0.02
        )
        with _redis_errors():
            taken = lock.acquire()
        if not taken:
            raise error_from(NOT_CONNECTED, path=TOKEN_PATH, detail="others wait for a token too")
        try:
            yield
        finally:
            with suppress(LockError), _redis_errors():  # it may have outlived its life
                lock.release()


@contextmanager
def _redis_errors() -> Iterator[None]:
    """Without Redis there is no token, so nothing reached WeChat."""
    failed = ""
    try:
        yield
    except LockError:
        raise
    except RedisError as error:
        failed = type(error).__name__
    if failed:
        raise error_from(NOT_CONNECTED, path=TOKEN_PATH, detail=f"Redis: {failed}")
