"""Weekday patterns as people write them: 三、五 · 周三上午、周五下午 · 周一至周五 · 一三五 · 3,5 · 每天."""

from __future__ import annotations

import re
import unicodedata

from backend.domain.dispatch.rules import Shift, WeekdayShift, WeeklyPattern
from backend.domain.imports.rules.cells import text_of
from backend.domain.imports.rules.findings import CellProblem

_WEEKDAYS = {character: number for number, character in enumerate("一二三四五六日", start=1)}
_WEEKDAYS |= {"天": 7, "末": 0} | {str(number): number for number in range(1, 8)}
_FULL = (Shift.MORNING, Shift.AFTERNOON)
_SHIFTS: dict[str, tuple[Shift, ...]] = {
    "上下午": _FULL,
    "上午": (Shift.MORNING,),
    "下午": (Shift.AFTERNOON,),
    "全天": _FULL,
    "整天": _FULL,
    "全日": _FULL,
    "白天": _FULL,
    "夜班": (Shift.NIGHT,),
    "夜间": (Shift.NIGHT,),
    "晚上": (Shift.NIGHT,),
}
_COUNTED = re.compile(  # 每周三天, 3日: days counted or of a month, not weekdays
    r"[1-7一二三四五六]天|[1-7]日|(?:每周|一周|每星期|一星期)[一二三四五]日"
)
_TOKEN = re.compile(
    r"(?P<all>每天|每日|天天|全周|整周|一周七天)|(?P<work>工作日)"
    r"|(?P<shift>上下午|上午|下午|全天|整天|全日|白天|夜班|夜间|晚上)"
    r"|(?P<range>[一二三四五六日天1-7][至到\-~—–](?:每?周|星期|礼拜)?[一二三四五六日天1-7])"
    r"|(?P<day>双休日|[一二三四五六日天末1-7])|(?P<filler>每(?=周|星期|礼拜)|周|星期|礼拜|[、,.和及与/|+&()\[\]:]|坐诊|派驻|出诊)"
)


def weekly_pattern_of(value: object) -> WeeklyPattern:
    """Return the weekday halves that a cell names.

    A half stands for the days named just before it that have none of their own: 周三、周五上午 are two mornings,
    周三上午、周五 a morning and a whole day. Groups parted by ; do not mix.
    """
    if isinstance(value, float) and not value.is_integer():
        raise _problem("“3.5”分不清是数字还是周三、周五，请写成“三、五”。")
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text_of(value)))
    if re.search(r"\d:\d|\d[点时]", text):
        raise _problem("请不要写几点，只写星期和上午、下午，如“周三上午、周五下午”。")
    counted = _COUNTED.search(text.replace("一周七天", ""))
    if counted is not None:
        raise _problem(f"“{counted.group()}”分不清是几天还是星期几，请写明是星期几，如“三、五”。")
    claims: set[WeekdayShift] = set()
    for group in re.split(r"[;。]", text):
        claims |= _claims_of_group(group)
    if not claims:
        raise _problem("没有写出星期几。请写成“三、五”“周三上午、周五下午”或“每天”。")
    return WeeklyPattern(frozenset(claims))


def _claims_of_group(group: str) -> set[WeekdayShift]:
    claims: set[WeekdayShift] = set()
    waiting: list[int] = []  # days that have no half yet
    halved: list[int] = []  # the days that the last half stood for: 周三上午下午
    place = 0
    while place < len(group):
        match = _TOKEN.match(group, place)
        if match is None:
            raise _problem(f"看不懂“{group[place : place + 8]}”。请写成“三、五”“周三上午、周五下午”或“每天”。")
        place = match.end()
        if match.lastgroup == "shift":
            halved = waiting or halved
            if not halved:
                raise _problem("上午、下午前面请写明是星期几。")
            claims |= {(day, shift) for day in halved for shift in _SHIFTS[match.group()]}
            waiting = []
        elif match.lastgroup != "filler":
            waiting = [*waiting, *_days_of(match)]
            halved = []
    return claims | {(day, shift) for day in waiting for shift in _FULL}


def _days_of(match: re.Match[str]) -> list[int]:
    if match.lastgroup == "all":
        return list(range(1, 8))
    if match.lastgroup == "work":
        return [1, 2, 3, 4, 5]
    if match.lastgroup == "day":
        return [6, 7] if match.group() in ("末", "双休日") else [_WEEKDAYS[match.group()]]
    first, last = _WEEKDAYS[match.group()[0]], _WEEKDAYS[match.group()[-1]]
    if first >= last:
        raise _problem("星期的起止写反了，请写成“周一至周五”的形式。")
    return list(range(first, last + 1))


def _problem(message: str) -> CellProblem:
    return CellProblem("weekdays_invalid", message)
