"""`flask worker`: does the jobs of the queue, each in a process of its own."""

from __future__ import annotations

import gc
from typing import Any

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from backend.extensions import db
from backend.foundation.logging import where_raised
from backend.foundation.queue import connection, work_queue

log = structlog.get_logger(__name__)

# A worker that was killed with its job is missed after this long, and the job done by another.
_WORKER_TTL_SECONDS = 60
_MAINTENANCE_EVERY_SECONDS = 30


class ApplicationWorker(Worker):
    """A forking worker whose jobs run inside the application.

    It never touches the database itself, so that no connection crosses the fork.
    """

    app: Flask

    def work(self, *arguments: Any, **named: Any) -> bool:
        """Work, with all that the application consists of out of the garbage collector's sight, here and after a fork.

        A job that makes many objects would have it looked through again and again.
        """
        gc.collect()
        gc.freeze()
        worked: bool = super().work(*arguments, **named)
        return worked

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Tell the log of a job that failed, without the text of the error, which may quote a row."""
        log.error("job_failed", job=job.func_name, kind=exc_info[0].__name__, where=where_raised(exc_info[1]))

    def handle_job_failure(self, *arguments: Any, **named: Any) -> None:
        """Keep nothing of an error in Redis but that there was one."""
        super().handle_job_failure(*arguments, **named | {"exc_string": "see the log"})

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run the job in an application context of its own and leave no connection behind."""
        with self.app.app_context():
            try:
                done: bool = super().perform_job(job, queue, execution)
            finally:
                db.session.remove()
                db.engine.dispose()
            return done


@click.command("worker")
@click.option("--burst", is_flag=True, help="Stop when the queue is empty.")
@with_appcontext
def worker(burst: bool) -> None:
    """Do the jobs of the queue."""
    # One queue: a worker that listens on several loses a job if it dies between pop and start.
    working = ApplicationWorker(
        [work_queue()],
        connection=connection(),
        serializer=JSONSerializer,
        worker_ttl=_WORKER_TTL_SECONDS,
        maintenance_interval=_MAINTENANCE_EVERY_SECONDS,
        log_job_description=False,
    )
    working.app = current_app._get_current_object()  # type: ignore[attr-defined]
    working.work(burst=burst, logging_level="WARNING")
