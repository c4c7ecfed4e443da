"""`flask scheduler`: puts the scheduled jobs on the queue when they are due; run one."""

from __future__ import annotations

import os
import time

import click
from flask.cli import with_appcontext
from rq.cron import CronJob, CronScheduler
from rq.utils import now

from backend.foundation.queue import QUEUE_NAME, connection, enqueue
from backend.jobs.schedule import SCHEDULE

_TIME_ZONE = "Asia/Shanghai"


class Scheduler(CronScheduler):
    """RQ's scheduler over the application's own queue, which speaks JSON."""

    def enqueue_jobs(self) -> list[CronJob]:
        """Put what is due on the queue.

        What was due while no scheduler ran is not made up for: the jobs find their unfinished work themselves.
        """
        due = [job for job in self.get_jobs() if job.should_run()]
        for job in due:
            enqueue(job.func_name)
            job.set_enqueue_time(now())
        return due


@click.command("scheduler")
@with_appcontext
def scheduler() -> None:
    """Put the scheduled jobs on the queue when they are due."""
    os.environ["TZ"] = _TIME_ZONE  # RQ reads cron strings as local time
    time.tzset()
    scheduling = Scheduler(connection(), logging_level="WARNING")
    for entry in SCHEDULE:
        scheduling.register(entry.job, QUEUE_NAME, cron=entry.cron)
    scheduling.start()  # type: ignore[no-untyped-call]
