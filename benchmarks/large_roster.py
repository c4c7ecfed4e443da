"""A roster as large as the product promises to take: invented people of invented hospitals."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建文辉玉萍红兰云"
_TITLES = ("主治医师", "副主任医师", "主任医师", "主管护师", "主管技师", "住院医师")
_DEPARTMENTS = ("内科", "外科", "儿科", "妇产科", "骨科", "眼科", "中医科", "神经内科", "心内科", "放射科")
_WEEKDAYS = ("一", "二", "三", "四", "五", "三、五", "一、四", "周二上午", "周三下午、周五上午")
HOSPITALS = 20
RECIPIENTS = 300
_FIRST_DAY = date(2026, 1, 1)


def write_large_roster(path: Path, *, people: int = 20_000, dispatches: int = 40_000) -> None:
    """Write the roster: each person is sent twice, to different recipients, on days that do not collide."""
    chance = random.Random(20261121)  # noqa: S311  (the same file each time)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        _write(book, "机构", _organisations())
        _write(book, "派驻点", _sites())
        _write(book, "人员", _people(people, chance))
        _write(book, "派驻", _dispatches(people, dispatches, chance))


def _write(book: Any, name: str, rows: Any) -> None:
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, value)
            elif isinstance(value, str):
                sheet.write_string(number, place, value)
            else:
                sheet.write_number(number, place, value)


def _organisations() -> Any:
    yield "机构代码", "机构名称", "类型", "等级", "上级机构代码", "地址", "联系电话"
    yield "88000000", "测算州卫生健康局", "卫生健康局", "", "", "", ""
    for number in range(HOSPITALS):
        yield f"881{number:05d}", f"测算第{number}人民医院", "县级医院", "二级甲等", "88000000", f"健康路{number}号", ""
    for number in range(RECIPIENTS):
        yield f"882{number:05d}", f"测算第{number}卫生院", "乡镇卫生院", "一级", "88000000", f"第{number}镇", ""


def _sites() -> Any:
    yield "机构代码", "派驻点名称", "经度", "纬度", "坐标系", "半径(米)"
    for number in range(RECIPIENTS):
        yield f"882{number:05d}", "院本部", 103 + number / 300, 27 + number / 600, "GCJ-02", 300


def _people(people: int, chance: random.Random) -> Any:
    yield "机构代码", "工号", "姓名", "性别", "出生年月", "职称", "科室", "手机号", "身份证后四位", "角色"
    for number in range(people):
        yield (
            f"881{number % HOSPITALS:05d}",
            f"A{number:06d}",
            chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=2)),
            "男" if chance.random() < 0.5 else "女",
            date(1966, 1, 1) + timedelta(days=chance.randrange(11_000)),
            chance.choice(_TITLES),
            chance.choice(_DEPARTMENTS),
            f"139{number:08d}",
            f"{chance.randrange(10_000):04d}",
            "派驻人员",
        )


def _dispatches(people: int, dispatches: int, chance: random.Random) -> Any:
    yield (
        *("派出机构代码", "工号", "受援机构代码", "派驻点名称", "类型", "开始日期", "结束日期", "星期"),
        *("接收科室", "批次", "队长", "例外说明"),
    )
    for number, person in zip(range(dispatches), itertools.cycle(range(people)), strict=False):
        turn = number // people
        starts_on = _FIRST_DAY + timedelta(days=190 * turn)
        visits = chance.random() < 0.35
        yield (
            f"881{person % HOSPITALS:05d}",
            f"A{person:06d}",
            f"882{(person // HOSPITALS + 7 * turn) % RECIPIENTS:05d}",
            "院本部",
            "定期坐诊" if visits else "长期派驻",
            starts_on,
            starts_on + timedelta(days=180),
            chance.choice(_WEEKDAYS) if visits else "",
            chance.choice(_DEPARTMENTS),
            f"2026年第{turn + 1}批",
            "是" if person < HOSPITALS * RECIPIENTS else "否",
            "",
        )
