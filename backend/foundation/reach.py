"""The errors by which the database and the queue say that they are out of reach, for the doors to tell people."""

from __future__ import annotations

import psycopg
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError

OUT_OF_REACH: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    RedisError,
)
