"""Small ledgers to spoil: rows as {header: value}, made into workbooks by openpyxl."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.imports.service import File, Report, apply_ledger
from backend.extensions import db
from backend.foundation.actor import SYSTEM, Actor
from tests.imports.workbooks import Values, book, table


def day(**more: Any) -> Values:
    """Return a row of the sample's county that is right, but for what a test gives."""
    defaults = {
        "日期": date(2025, 1, 2),
        "工号": "A0001",
        "受援机构代码": "53019910",
        "类别": "门诊",
        "主题或内容": None,
        "数量": 12,
        "单位": "人次",
        "人次": None,
        "备注": None,
    }
    return {**defaults, **more}


def ledger(rows: Iterable[Values]) -> bytes:
    """Return a ledger of these rows."""
    return book(工作日志=table(rows))


def apply(content: bytes, actor: Actor = SYSTEM, **more: Any) -> Report:
    """Import a ledger and insist that it passes."""
    report = apply_ledger(File(actor, content, "台账.xlsx", **more))
    assert not report.refused, [finding.sentence() for finding in report.findings.errors]
    return report


def problems(content: bytes, actor: Actor = SYSTEM, **more: Any) -> list[tuple[str, int | None, str]]:
    """Import a ledger, insist that it is refused whole, and return code, row and column of each error."""
    report = apply_ledger(File(actor, content, "台账.xlsx", **more))
    assert report.refused
    assert records() == []
    return [(finding.code, finding.row, finding.column) for finding in report.findings.errors]


def records() -> list[ActivityRecord]:
    """Return all records, in the order of their rows."""
    db.session.expire_all()
    return list(db.session.scalars(select(ActivityRecord).order_by(ActivityRecord.id)))
