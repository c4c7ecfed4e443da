"""What a sheet is made of: columns with their usual headers, and the words that many headers share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class SheetKind(StrEnum):
    """What a sheet lists."""

    ORGANISATIONS = "organisations"
    SITES = "sites"
    PEOPLE = "people"
    DISPATCHES = "dispatches"
    ACTIVITIES = "activities"
    INDICATORS = "indicators"


@dataclass(frozen=True)
class Column:
    """A column: the first header is the template's, earlier ones win when a sheet has two of them."""

    field: str
    headers: tuple[str, ...]
    parse: Callable[[object], object]
    required: bool = False  # the column must be there, and no cell of it blank
    hint: str = ""  # what the template says of it
    asked: bool = True  # in the template; others are only read where a file has them


@dataclass(frozen=True)
class SheetFormat:
    """A sheet: the first name is the template's."""

    kind: SheetKind
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    one_of: tuple[str, ...] = ()  # fields of which a sheet must have one, and no row none
    telling: tuple[str, ...] = ()  # fields by which a sheet of any name is meant to be one, whatever it lacks

    @property
    def title(self) -> str:
        return self.names[0]


def names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def coded(*owners: str) -> str:
    """Return 受援机构代码, 受援单位编码 … for each owner (受援, 派驻 …); names, which may stand in, come last."""
    codes = [
        f"{owner}{unit}{code}" for code in ("代码", "编码", "编号", "机构代码") for owner in owners for unit in UNITS
    ]
    names = [f"{owner}{unit}{name}" for name in ("", "名称") for owner in owners for unit in UNITS if owner]
    return " ".join(codes + names)


def dated(*words: str) -> str:
    """Return 开始日期, 派驻开始时间 … for each word (开始, 起始 …)."""
    return " ".join(
        f"{prefix}{word}{suffix}"
        for prefix in ("", "派驻", "下乡", "支援", "帮扶", "服务", "坐诊")
        for suffix in ("日期", "时间", "年月日", "日", "")
        for word in words
    )


UNITS = ("机构", "单位", "医院", "卫生院")
STAFF_NUMBERS = names(
    "工号 员工号 职工号 人员工号 员工工号 职工工号 派驻人员工号 医生工号 医师工号 人员编号 员工编号 职工编号 人员编码"
    " 员工编码 职工编码 人员代码 职工代码 编号"
)
PERSON_NAMES = names("姓名 名字 人员姓名 员工姓名 职工姓名 医生姓名 医师姓名 派驻人员姓名 派驻医师姓名 派驻人员")

Formats = Mapping[SheetKind, SheetFormat]
"""The sheets that a file may hold."""
SILENTLY_IGNORED_HEADERS = frozenset({"序号", "编号序号", "no", "备注"})
