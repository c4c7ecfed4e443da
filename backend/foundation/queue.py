"""The queue in Redis: jobs go in by dotted name with ids as arguments, as JSON, for a short time."""

from __future__ import annotations

import structlog
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

QUEUE_NAME = "bangfu"
_RESULT_SECONDS = 3600
_FAILURE_SECONDS = 7 * 24 * 3600
_TIMEOUT_SECONDS = 900

log = structlog.get_logger(__name__)


def connection() -> Redis:
    """Return the application's Redis connection pool."""
    client: Redis = current_app.extensions["redis"]
    return client


def work_queue() -> Queue:
    """Return the one queue: a worker that listens on several can lose a job between pop and start."""
    return Queue(
        QUEUE_NAME,
        connection=connection(),
        serializer=JSONSerializer,
        default_timeout=_TIMEOUT_SECONDS,
    )


def enqueue(job: str, *arguments: str) -> None:
    """Put a job on the queue; when Redis does not answer, the sweep finds the work in PostgreSQL later."""
    try:
        work_queue().enqueue(job, *arguments, result_ttl=_RESULT_SECONDS, failure_ttl=_FAILURE_SECONDS)
    except RedisError:
        log.warning("job_not_enqueued", job=job)
