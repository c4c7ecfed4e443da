"""The sample ledger: its figures are those that the county published, however often it is imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.service import File, apply_ledger, apply_roster
from backend.extensions import db
from backend.foundation.actor import SYSTEM
from tests.imports.ledgers import day, ledger
from tests.imports.workbooks import SAMPLE

LEDGER = Path(__file__).parent / "data" / "ledger.xlsx"


@pytest.fixture
def county(app: Flask) -> Flask:
    """The county of the sample roster."""
    assert not apply_roster(SYSTEM, SAMPLE).refused
    return app


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["import", "activities", str(LEDGER), *arguments])


def figures() -> dict[str, tuple[int, int | None, int | None]]:
    """Return records, quantity and person-times by kind."""
    sums = select(
        ActivityRecord.kind, func.count(), func.sum(ActivityRecord.quantity), func.sum(ActivityRecord.person_times)
    ).group_by(ActivityRecord.kind)
    return {kind: (records, quantity, reached) for kind, records, quantity, reached in db.session.execute(sums)}


PUBLISHED = {
    ActivityKind.OUTPATIENT_CLINIC: (210, 1455, None),
    ActivityKind.WARD_ROUND: (180, 1193, None),
    ActivityKind.RESCUE: (14, 14, None),
    ActivityKind.SURGERY_TAUGHT: (42, 42, None),
    ActivityKind.CRITICAL_CASE: (53, 53, None),
    ActivityKind.LECTURE: (36, 36, 440),
    ActivityKind.FREE_CLINIC: (17, 17, None),
    ActivityKind.NEW_TECHNIQUE: (2, 5, None),
}


def test_the_sample_ledger_comes_to_the_published_figures(county: Flask) -> None:
    result = run(county)

    assert result.exit_code == 0, result.output
    assert "讲座 36行：36次，440人次" in result.output
    assert "工作日志 新增554 变更0 不变0" in result.output
    assert figures() == PUBLISHED
    techniques = select(ActivityRecord.title, ActivityRecord.quantity).where(
        ActivityRecord.kind == ActivityKind.NEW_TECHNIQUE
    )
    assert {str(row[0]): row[1] for row in db.session.execute(techniques)} == {
        "室上速的心脏电复律治疗": 3,
        "食管癌合并冠心病综合治疗": 2,
    }


def test_its_records_keep_their_source_and_are_not_countersigned(county: Flask) -> None:
    run(county)

    statuses = select(ActivityRecord.status, ActivityRecord.countersigned_at, ActivityRecord.dispatch_id).distinct()
    assert [tuple(row) for row in db.session.execute(statuses)] == [(RecordStatus.IMPORTED, None, None)]
    first = select(ActivityRecord.source).order_by(ActivityRecord.id).limit(1)
    assert db.session.scalar(first) == "ledger.xlsx·工作日志·第2行"


def test_importing_it_again_changes_nothing(county: Flask) -> None:
    run(county)

    again = run(county)

    assert "工作日志 新增0 变更0 不变554" in again.output
    assert figures() == PUBLISHED


def test_a_dry_run_counts_and_writes_nothing(county: Flask) -> None:
    result = run(county, "--dry-run")

    assert result.exit_code == 0
    assert "门诊 210行：1455人次" in result.output
    assert "尚未导入" in result.output
    assert figures() == {}


def test_an_unknown_organisation_is_refused(county: Flask) -> None:
    result = run(county, "--organisation", "1")

    assert result.exit_code == 1
    assert "organisation_unknown" in result.output
    assert figures() == {}


def test_a_ledger_that_grew_adds_what_is_new(county: Flask) -> None:
    once, twice = ledger([day(), day()]), ledger([day(), day(), day()])
    assert apply_ledger(File(SYSTEM, once)).counts[SheetKind.ACTIVITIES].created == 2

    report = apply_ledger(File(SYSTEM, twice))

    counts = report.counts[SheetKind.ACTIVITIES]
    assert (counts.created, counts.unchanged) == (1, 2)
