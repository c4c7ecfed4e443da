"""The invented county: a bureau, a county hospital that supports six township hospitals, and its people.

It goes in as a roster would, through the importer; dates are relative to the day of loading, so that somebody is on
duty whenever it is loaded.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import xlsxwriter
from sqlalchemy import select

from backend.cli.demo.phones import UNBOUND_STAFF_NUMBER, UNBOUND_TAIL, UNBOUND_TELEPHONE, bind_phones
from backend.cli.demo.promotion import settle_promotion
from backend.cli.demo.subsidies import settle_subsidies
from backend.domain.accounts.models import Person
from backend.domain.accounts.service import store_password
from backend.domain.imports.service import apply_roster
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.service import create_agreement, set_setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Actor, Role
from backend.foundation.errors import Invalid
from backend.foundation.transaction import transaction

PASSWORD = "Bangfu-demo-2026"  # noqa: S105  (of invented people only; production refuses them)
BUREAU, HOSPITAL = "53980000", "53980001"
HOME = "53980010"  # the recipient with the largest team, whose director's log-in is shown
TOWNSHIPS = {
    "53980010": ("白鹭镇中心卫生院", 103.8120, 26.9040),
    "53980011": ("杉坪镇中心卫生院", 103.8730, 26.9510),
    "53980012": ("碧溪乡卫生院", 103.9250, 26.8870),
    "53980013": ("老营镇中心卫生院", 103.7440, 26.8420),
    "53980014": ("雾山乡卫生院", 103.9810, 27.0130),
    "53980015": ("渡口镇中心卫生院", 103.6980, 26.9760),
}
_DOCTORS = 52
_HOME_TEAM = {  # more who are posted there, and on which weekdays
    **dict.fromkeys(range(41, 51), ""),
    46: "周一至周五",
    47: "周一至周五",
    51: "周一、周二、周四、周五；周三夜班",
    52: "",
}
RELIEVED_LATE = 36  # of the last rotation
_TITLES = ("副主任医师", "主治医师", "主治医师", "主管护师", "主任医师", "主管技师", "主治医师", "主管药师")
_DEPARTMENTS = ("内科", "外科", "儿科", "妇产科", "骨科", "中医科", "神经内科", "心内科", "放射科", "康复科")
_OFFICES = (
    ("M0001", "医务科"),
    ("M0002", "医务科"),
    ("F0001", "财务科"),
    ("D0001", "院长"),
    ("U0001", "行政总值班"),
    ("P0001", "人事科"),
    ("E0001", "科教科"),
    ("admin", "管理员"),
)
_SETTINGS = {
    "dispatch.minimum_title": "主治医师",
    "dispatch.maximum_age": 58,
    "attendance.late_upload_days": 3,
    "attendance.corrections_a_month": 3,
    "attendance.correction_days": 45,
    "attendance.leave_days_of_recipient": 3,
    "attendance.long_leave_days": 15,
    "attendance.spot_check_share_percent": 20,
    "attendance.residence_check_percent": 5,
}
_SURNAMES = "林苏叶沐温穆尹池卓岳宁闻顾乔简纪沙祝柏竺"
_GIVEN = "清远安和若溪知行景明书宁嘉禾思远云舒望舒怀瑾予安"
_WITH_PASSWORD = (*(number for number, _ in _OFFICES), "B0001", "T0001", "T0002")


def load_county(wechat_app_id: str) -> bool:
    """Load the county unless it is there, into the present transaction; return whether it was not.

    Raises:
        Invalid: the roster is refused, which a test would have found.
    """
    if db.session.scalar(select(Organisation.id).where(Organisation.code == BUREAU)) is not None:
        return False
    with transaction():
        _import(("机构", _organisations()), ("派驻点", _sites()))
        _settle()
        _import(("人员", _people()), ("派驻", _dispatches(clock.today())))
        for person in db.session.scalars(
            select(Person)
            .join(Person.organisation)
            .where(Person.staff_number.in_(_WITH_PASSWORD), Organisation.code.startswith("5398"))
        ):
            store_password(person.id, PASSWORD, must_change=False)
        bind_phones(wechat_app_id, HOSPITAL)
        settle_subsidies(HOSPITAL, far_code="53980014", wide_code="53980013")
        settle_promotion(HOSPITAL)
    return True


def _import(*sheets: tuple[str, Iterable[tuple[Any, ...]]]) -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    report = apply_roster(SYSTEM, output.getvalue())
    if report.refused:
        raise Invalid(report.findings.errors[0].sentence())


def _settle() -> None:
    """Sign the agreements, and set what the bureau's (invented) documents say."""
    ids = {place.code: place.id for place in db.session.scalars(select(Organisation))}
    bureau = Actor(role=Role.BUREAU, organisation_id=ids[BUREAU], channel="command")
    year = clock.today().year
    for code in TOWNSHIPS:
        create_agreement(
            bureau,
            supporting_id=ids[HOSPITAL],
            recipient_id=ids[code],
            starts_on=date(year - 1, 1, 1),
            ends_on=date(year + 2, 12, 31),
        )
    document = {
        "document_title": "青禾县医院对口支援乡镇卫生院实施方案（演示）",
        "document_number": f"青禾卫发〔{year - 1}〕12号",
    }
    first = date(year - 1, 1, 1)
    for key, value in _SETTINGS.items():
        set_setting(bureau, ids[BUREAU], key, value, effective_on=first, **document)


def _organisations() -> Iterator[tuple[Any, ...]]:
    yield "机构代码", "机构名称", "类型", "等级", "上级机构代码", "地址", "联系电话"
    yield BUREAU, "青禾县卫生健康局", "卫生健康局", "", "", "青禾县城关镇新民路2号", "0870-5550300"
    yield HOSPITAL, "青禾县人民医院", "县级医院", "二级甲等", BUREAU, "青禾县城关镇健康路16号", "0870-5550301"
    for number, (code, (name, *_)) in enumerate(TOWNSHIPS.items()):
        yield code, name, "乡镇卫生院", "一级", BUREAU, f"青禾县{name[:3]}", f"0870-55504{number:02d}"


def _sites() -> Iterator[tuple[Any, ...]]:
    yield "机构代码", "派驻点名称", "经度", "纬度", "坐标系", "半径(米)"
    for code, (_, longitude, latitude) in TOWNSHIPS.items():
        yield code, "院本部", longitude, latitude, "GCJ-02", 300
    yield next(iter(TOWNSHIPS)), "河西分院", 103.8345, 26.9182, "GCJ-02", 200


def _people() -> Iterator[tuple[Any, ...]]:
    chance = random.Random(12)  # noqa: S311  (the same people each time)
    names = set[str]()
    telephones = iter(range(13_900_100_000, 13_900_200_000, 37))

    def somebody(code: str, number: str, title: str, department: str, role: str) -> tuple[Any, ...]:
        name = ""
        while not name or name in names:
            name = chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, 2))
        names.add(name)
        born = date(clock.today().year - 50, 1, 1) + timedelta(days=chance.randrange(6500))
        telephone, tail = str(next(telephones)), f"{chance.randrange(10_000):04d}"
        if number == UNBOUND_STAFF_NUMBER:
            name, telephone, tail = "林知远", UNBOUND_TELEPHONE, UNBOUND_TAIL
        sex = chance.choice("男女")
        return code, number, name, sex, born, title, department, telephone, tail, role

    yield "机构代码", "工号", "姓名", "性别", "出生年月", "职称", "科室", "手机号", "身份证后四位", "角色"
    for number in range(1, _DOCTORS + 1):
        title = "医师" if number == 18 else _TITLES[number % len(_TITLES)]
        department = _DEPARTMENTS[number % len(_DEPARTMENTS)]
        yield somebody(HOSPITAL, f"A{number:04d}", title, department, "派驻人员")
    for staff_number, role in _OFFICES:
        yield somebody(HOSPITAL, staff_number, "", "", role)
    yield somebody(BUREAU, "B0001", "", "", "卫健局督查")
    for place, code in enumerate(TOWNSHIPS, start=0):
        yield somebody(code, f"T{place * 1000 + 1:04d}", "", "", "受援院长")
        yield somebody(code, f"T{place * 1000 + 2:04d}", "", "", "分诊台")


def _dispatches(today: date) -> Iterator[tuple[Any, ...]]:
    """Three rotations of half a year: the last, the present, which began with last month, and the next."""
    yield (
        *("派出机构代码", "工号", "受援机构代码", "派驻点名称", "类型", "开始日期", "结束日期", "星期"),
        *("接收科室", "批次", "队长", "例外说明"),
    )
    codes = list(TOWNSHIPS)
    begins = [_month(today, months) for months in (-7, -1, 5, 11)]
    rotations = ((begins[0], begins[1], range(25, 37)), (begins[1], begins[2], range(1, 19)))
    for first, after, numbers in (*rotations, (begins[2], begins[3], (*range(35, 41), *range(25, 31)))):
        for place, number in enumerate(numbers):
            # The last recipient of the next rotation is relieved five days late: an uncovered gap to be seen.
            late = timedelta(days=5 if first > today and place % 6 == 5 else 0)
            # One of the last rotation was relieved two weeks late, and so has a short sheet of last month.
            last = after + timedelta(days=14 if first == begins[0] and number == RELIEVED_LATE else 0)
            reason = "急需康复专业，经卫健局同意" if number == 18 else ""
            yield _dispatch(number, codes[place % 6], first, (first + late, last), ("长期派驻", ""), place < 6, reason)
    for number, pattern in _HOME_TEAM.items():
        yield _dispatch(number, HOME, begins[1], (begins[1], begins[2]), ("长期派驻", pattern), False, "")
    today_too = f"周{'一二三四五六日'[today.weekday()]}"
    weekdays = ("三、五", "周一上午、周四上午", "二、四", today_too, f"{today_too}上午", "周一至周五上午")
    for place, pattern in enumerate(weekdays):
        dates = (begins[1], begins[2])
        yield _dispatch(19 + place, codes[place], begins[1], dates, ("定期坐诊", pattern), False, "")


def _dispatch(
    number: int,
    code: str,
    rotation: date,
    dates: tuple[date, date],
    duty: tuple[str, str],
    leads: bool,
    reason: str,
) -> tuple[Any, ...]:
    first, after = dates
    return (
        *(HOSPITAL, f"A{number:04d}", code, "" if number == 1 else "院本部", duty[0], first, after - timedelta(days=1)),
        *(duty[1], _DEPARTMENTS[number % len(_DEPARTMENTS)], f"{rotation.year}年{rotation.month}月批次"),
        *("是" if leads else "否", reason),
    )


def _month(day: date, months: int) -> date:
    """Return the first of the month so many months away."""
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
