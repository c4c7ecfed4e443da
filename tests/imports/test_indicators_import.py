"""Indicators of organisations from spreadsheets: by row or by column, with their units and sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.rules.indicators import Indicator
from backend.domain.audit.models import AuditEvent
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.service import File, Report, apply_indicators, indicators_template
from backend.extensions import db
from backend.foundation.actor import SYSTEM, Actor, Role
from tests.imports.workbooks import book
from tests.support.county import County, make_county
from tests.support.factories import acting


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


def apply(*rows: Iterable[Any], actor: Actor = SYSTEM) -> Report:
    return apply_indicators(File(actor, book(业务指标=rows), "月报.xlsx"))


def counts(report: Report) -> tuple[int, int, int]:
    assert not report.refused, [finding.sentence() for finding in report.findings.errors]
    found = report.counts[SheetKind.INDICATORS]
    return found.created, found.changed, found.unchanged


def stored() -> dict[tuple[date, Indicator], tuple[int, bool, bool, str, int]]:
    db.session.expire_all()
    return {
        (one.month, one.indicator): (one.value, one.at_least, one.about, one.source, one.version)
        for one in db.session.scalars(select(InstitutionIndicator))
    }


WIDE = ("机构代码", "月份", "门诊人次", "住院人次", "业务收入（万元）", "数据来源")


def test_a_column_for_each_is_read_with_the_unit_of_its_header(county: County) -> None:
    code = county.township.code

    report = apply(("2025年业务月报",), WIDE, (code, "2025年1月", 1455, "约1,193", 123.45, "HIS"), (code, "2025-02", 0))

    assert counts(report) == (4, 0, 0)
    january, february = date(2025, 1, 1), date(2025, 2, 1)
    assert stored() == {
        (january, Indicator.OUTPATIENTS): (1455, False, False, "HIS", 1),
        (january, Indicator.INPATIENTS): (1193, False, True, "HIS", 1),
        (january, Indicator.INCOME): (123_450_000, False, False, "HIS", 1),
        (february, Indicator.OUTPATIENTS): (0, False, False, "月报.xlsx", 1),
    }


def test_one_indicator_a_row_is_read_too_and_again_changes_only_what_is_new(county: County) -> None:
    headers = ("机构名称", "年月", "指标", "数值")
    name = county.township.name
    assert counts(apply(headers, (name, "202501", "门诊人次", 1000), (name, "202501", "业务收入（元）", "5万余"))) == (
        2,
        0,
        0,
    )

    again = apply(headers, (name, "202501", "门诊人次", 1001), (name, "202501", "业务收入（元）", "5万余"))

    assert counts(again) == (0, 1, 1)
    january = date(2025, 1, 1)
    assert stored() == {
        (january, Indicator.OUTPATIENTS): (1001, False, False, "月报.xlsx", 2),
        (january, Indicator.INCOME): (5_000_000, True, False, "月报.xlsx", 1),
    }
    told = db.session.scalars(select(AuditEvent.details).where(AuditEvent.action == "set_indicator")).one()
    assert (told["before"]["value"], told["after"]["value"]) == (1000, 1001)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({2: -1}, "value_negative"),
        ({2: 1.5}, "value_invalid"),
        ({2: "很多"}, "value_invalid"),
        ({2: "145①"}, "value_invalid"),  # a footnote
        ({2: "1,45"}, "value_invalid"),
        ({2: 99_999_999}, "value_invalid"),  # more than may be entered
        ({4: "120人次"}, "unit_wrong"),
        ({1: "2025-13"}, "month_invalid"),
        ({1: "2099-01"}, "month_in_future"),
        ({0: "nowhere"}, "organisation_unknown"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(county: County, row: dict[int, Any], code: str) -> None:
    right: list[Any] = [county.township.code, "2025-01", 10, 20, 30, "HIS"]
    spoilt = [row.get(place, value) for place, value in enumerate(right)]
    spoilt[1] = row.get(1, "2025-02")

    report = apply(WIDE, right, spoilt)

    assert [finding.code for finding in report.findings.errors] == [code]
    assert stored() == {}


def test_the_same_month_twice_is_refused(county: County) -> None:
    row = (county.township.code, "2025-01", 10)
    assert [one.code for one in apply(WIDE, row, row).findings.errors] == ["row_twice"]


def test_each_reports_of_itself_and_a_bureau_of_all_below_it(county: County) -> None:
    row = (county.township.code, "2025-01", 10)
    for actor in (acting(county.medical_affairs, Role.MEDICAL_AFFAIRS), county.stranger):
        assert [one.code for one in apply(WIDE, row, actor=actor).findings.errors] == ["organisation_unknown"]
    assert counts(apply(WIDE, row, actor=county.recipient)) == (1, 0, 0)
    assert counts(apply(WIDE, row, actor=county.overseer)) == (0, 0, 1)


def test_the_command_imports_them_and_the_template_has_their_columns(
    app: Flask, county: County, tmp_path: Path
) -> None:
    file = tmp_path / "月报.xlsx"
    file.write_bytes(book(业务指标=[WIDE, (county.township.code, "2025-01", 10)]))

    result = app.test_cli_runner().invoke(args=["import", "indicators", str(file)])

    assert result.exit_code == 0, result.output
    assert "业务指标 新增1 变更0 不变0" in result.output
    assert indicators_template().startswith(b"PK")
