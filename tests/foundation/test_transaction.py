"""One transaction a use case, and jobs only after it has committed."""

from __future__ import annotations

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import func, select

from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation.errors import Conflict
from backend.foundation.queue import work_queue
from backend.foundation.transaction import enqueue_after_commit, refusals, transaction

JOB = "backend.jobs.audit.seal_audit_events"


class CodeTaken(Conflict):
    """The code of another organisation."""


def add(code: str = "53019901") -> None:
    db.session.add(Organisation(code=code, name="云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL))


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Organisation)) or 0


def waiting() -> list[str | None]:
    return [job.func_name for job in work_queue().jobs]


def test_what_a_use_case_writes_is_kept_and_its_job_enqueued_after_the_commit(app: Flask) -> None:
    with transaction():
        add()
        enqueue_after_commit(JOB)
        assert waiting() == []
    assert kept() == 1
    assert waiting() == [JOB]


def test_an_error_leaves_neither_rows_nor_jobs(app: Flask) -> None:
    def fail() -> None:
        with transaction():
            add()
            enqueue_after_commit(JOB)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert kept() == 0
    assert waiting() == []


def test_an_inner_use_case_joins_and_fails_with_the_outer_one(app: Flask) -> None:
    def fail() -> None:
        with transaction():
            with transaction():
                add()
                enqueue_after_commit(JOB)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert kept() == 0
    assert waiting() == []


def test_a_job_outside_of_a_transaction_is_a_mistake_of_ours(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outside"):
        enqueue_after_commit(JOB)


def test_work_is_kept_when_redis_does_not_answer(app: Flask) -> None:
    redis = app.extensions["redis"]
    app.extensions["redis"] = Redis(port=1, retry=redis.get_retry())
    try:
        with transaction():
            add()
            enqueue_after_commit(JOB)
    finally:
        app.extensions["redis"] = redis
    assert kept() == 1


def test_a_named_constraint_becomes_the_situation(app: Flask) -> None:
    with transaction():
        add()
    with pytest.raises(CodeTaken), transaction(), refusals({"organisations_code_key": CodeTaken}):
        add()
    assert kept() == 1
