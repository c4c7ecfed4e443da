"""A job that fails tells where, and quotes nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from rq import Worker
from rq.serializers import JSONSerializer

from backend.cli.worker import ApplicationWorker
from backend.foundation.queue import connection, work_queue


def test_a_failed_job_leaves_no_text_of_its_error_in_redis_or_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    job = work_queue().enqueue("backend.jobs.imports.check_import", "no-id")
    worker = ApplicationWorker([work_queue()], connection=connection(), serializer=JSONSerializer)
    worker.register_birth()  # type: ignore[no-untyped-call]

    # RQ's own part of it: ours leaves the database's connections, which this test is not to lose.
    done = Worker.perform_job(worker, job, work_queue(), worker.prepare_execution(job))

    assert not done
    result = job.latest_result()
    assert result is not None
    assert result.exc_string == "see the log"
    assert "hexadecimal" not in repr(connection().hgetall(job.key))  # what UUID says of "no-id"
    assert "hexadecimal" not in caplog.text
    assert "job_failed" in caplog.text
