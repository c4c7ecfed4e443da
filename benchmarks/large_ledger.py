"""An old ledger as large as the product promises to take: what invented people did at invented hospitals."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from benchmarks.large_roster import HOSPITALS, RECIPIENTS

_HEADERS = ("日期", "支援医院机构代码", "工号", "受援机构代码", "类别", "主题或内容", "数量", "单位", "人次", "备注")
_TOPICS = ("高血压规范管理", "新生儿复苏", "抗生素合理使用", "病历书写规范", "心电图判读", "院感防控")
_DIAGNOSES = ("重症肺炎", "脑干梗死", "消化道大出血", "急性左心衰", "创伤性休克")
_FIRST_DAY = date(2019, 1, 1)


def write_large_ledger(path: Path, *, rows: int, people: int) -> None:
    """Write the ledger: about half of it outpatients and rounds, one row in ten with a remark."""
    chance = random.Random(20261122)  # noqa: S311  (the same file each time)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("工作日志")
        sheet.write_row(0, 0, _HEADERS)
        for number, row in enumerate(_rows(rows, people, chance), start=1):
            sheet.write_datetime(number, 0, row[0])
            sheet.write_row(number, 1, row[1:])


def _rows(rows: int, people: int, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for _ in range(rows):
        person = chance.randrange(people)
        yield (
            _FIRST_DAY + timedelta(days=chance.randrange(2000)),
            f"881{person % HOSPITALS:05d}",
            f"A{person:06d}",
            f"882{(person // HOSPITALS) % RECIPIENTS:05d}",
            *_what(chance),
            f"第{chance.randrange(10_000)}号" if chance.random() < 0.1 else None,
        )


def _what(chance: random.Random) -> tuple[Any, ...]:
    roll = chance.random()
    if roll < 0.5:
        return (
            chance.choice(("门诊", "查房")),
            None,
            chance.choice((chance.randrange(60), "20余", "约30")),
            "人次",
            None,
        )
    if roll < 0.75:
        return "讲座", chance.choice(_TOPICS), 1, "次", chance.randrange(80)
    return chance.choice(("危重病例讨论", "抢救")), chance.choice(_DIAGNOSES), 1, "例", None
