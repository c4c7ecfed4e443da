"""The timetable of the jobs."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from rq.cron import CronJob

from backend.foundation.queue import QUEUE_NAME
from backend.jobs.schedule import SCHEDULE, Scheduled


@pytest.mark.parametrize("entry", SCHEDULE, ids=lambda entry: entry.job.__name__)
def test_every_job_can_be_found_by_its_dotted_name_and_its_time_is_proper(entry: Scheduled) -> None:
    module, _, name = f"{entry.job.__module__}.{entry.job.__qualname__}".rpartition(".")
    assert getattr(import_module(module), name) is entry.job
    CronJob(queue_name=QUEUE_NAME, func=entry.job, cron=entry.cron)


def test_the_page_for_operators_names_every_job_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    jobs = page[page.index("## Jobs") : page.index("## Watching")]
    assert set(re.findall(r"^\| `(\w+)` \|", jobs, re.MULTILINE)) == {entry.job.__name__ for entry in SCHEDULE}


def test_no_job_is_scheduled_twice() -> None:
    assert len({entry.job for entry in SCHEDULE}) == len(SCHEDULE)


def test_raw_places_are_dropped_every_night_and_the_trail_is_sealed_within_the_hour() -> None:
    due = {entry.job.__name__: entry.cron for entry in SCHEDULE}
    assert due["drop_old_locations"].split()[2:] == ["*", "*", "*"]
    assert due["seal_audit_events"].startswith("*/")


def test_spot_checks_are_looked_after_each_minute_and_the_week_is_drawn_before_work_begins() -> None:
    due = {entry.job.__name__: entry.cron for entry in SCHEDULE}
    assert due["run_spot_checks"] == "* * * * *"
    assert due["plan_spot_checks"] == "5 6 * * *"


def test_incomplete_weeks_are_told_on_thursday_afternoons() -> None:
    due = {entry.job.__name__: entry.cron for entry in SCHEDULE}
    assert due["remind_of_weeks"] == "30 16 * * 4"


def test_signers_of_records_are_told_in_the_afternoon_what_waits() -> None:
    due = {entry.job.__name__: entry.cron for entry in SCHEDULE}
    assert due["remind_signers"] == "0 16 * * *"
