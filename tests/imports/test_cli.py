"""`flask import roster`: counts, places of errors, and an exit code that a script can use."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from backend.domain.accounts.models import Person
from backend.extensions import db
from tests.imports.workbooks import SAMPLE, person, roster


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "花名册.xlsx"


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["import", "roster", *arguments])


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def test_the_sample_is_imported_and_the_counts_are_printed(app: Flask, file: Path) -> None:
    file.write_bytes(SAMPLE)

    result = run(app, str(file))

    assert result.exit_code == 0
    assert "人员 新增58 变更0 不变0" in result.output
    assert "派驻 新增24 变更0 不变0" in result.output
    assert people() == 58


def test_a_dry_run_writes_nothing(app: Flask, file: Path) -> None:
    file.write_bytes(SAMPLE)

    result = run(app, str(file), "--dry-run")

    assert result.exit_code == 0
    assert "尚未导入" in result.output
    assert people() == 0


def test_errors_are_printed_with_their_places_and_fail_the_command(app: Flask, file: Path) -> None:
    file.write_bytes(roster(people=[person(手机号="123")]))

    result = run(app, str(file))

    assert result.exit_code == 1
    assert "错误 [telephone_invalid] 工作表“人员”第2行H列（手机号）" in result.output
    assert people() == 0


def test_what_is_no_workbook_is_told_in_a_sentence(app: Flask, file: Path) -> None:
    file.write_text("机构代码,工号")

    result = run(app, str(file))

    assert result.exit_code == 1
    assert "workbook_is_text" in result.output
    assert "Traceback" not in result.output
