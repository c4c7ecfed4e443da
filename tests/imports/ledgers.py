"""Small ledgers to spoil: rows as {header: value}, made into workbooks by openpyxl."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

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
