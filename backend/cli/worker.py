"""`flask worker`: does the jobs of the queue, each in a process of its own."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from backend.extensions import db
from backend.foundation.queue import connection, work_queue

# A worker that was killed with its job is missed after this long, and the job done by another.
_WORKER_TTL_SECONDS = 60
_MAINTENANCE_EVERY_SECONDS = 30


class ApplicationWorker(Worker):
    """A forking worker whose jobs run inside the application.

    It never touches the database itself, so that no connection crosses the fork.
    """

    app: Flask

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
