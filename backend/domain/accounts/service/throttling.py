"""Counting failed attempts in Redis, so that passwords and digits cannot be tried one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from backend.foundation.errors import BangfuError, TooManyAttempts, Unavailable
from backend.foundation.queue import connection

log = structlog.get_logger(__name__)

PASSWORD_BY_PERSON: RateLimitItem = RateLimitItemPerMinute(5, 15, namespace="password-person")
PASSWORD_BY_ADDRESS: RateLimitItem = RateLimitItemPerMinute(50, 15, namespace="password-address")  # a hospital has one
CODE_BY_ADDRESS: RateLimitItem = RateLimitItemPerMinute(30, 15, namespace="verification-address")
SITE_CODE_BY_PERSON: RateLimitItem = RateLimitItemPerMinute(10, 15, namespace="site-code-person")
BINDING: RateLimitItem = RateLimitItemPerHour(6, 1, namespace="binding")


@contextmanager
def counting_failures(
    *limits: tuple[RateLimitItem, str],
    failure: type[BangfuError],
    refusal: type[TooManyAttempts] = TooManyAttempts,
) -> Iterator[None]:
    """Let an attempt pass while fewer than so many have ended in `failure` within each limit's window.

    It is counted before it is made, so that attempts at the same moment cannot pass together, and taken back if it
    ends otherwise, or is refused. Without Redis nobody passes.

    Raises:
        TooManyAttempts: as `refusal`; one of the limits has been reached.
        Unavailable: Redis does not answer.
    """
    with _redis_needed():
        passed = [FixedWindowRateLimiter(_storage()).hit(item, key) for item, key in limits]
    if not all(passed):
        _take_back(limits)  # what is refused has not failed: it must not shut others out, nor this one for longer
        log.warning("attempts_throttled", limits=[item.namespace for item, _key in limits])
        raise refusal
    try:
        yield
    except failure:
        raise
    except BaseException:
        _take_back(limits)
        raise
    _take_back(limits)


def _take_back(limits: tuple[tuple[RateLimitItem, str], ...]) -> None:
    with _redis_needed():
        storage = _storage()
        for item, key in limits:
            storage.incr(item.key_for(key), item.get_expiry(), amount=-1)


@contextmanager
def _redis_needed() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise Unavailable from error


def _storage() -> RedisStorage:
    return RedisStorage("redis://", connection_pool=connection().connection_pool)
