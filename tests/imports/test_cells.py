"""What a cell means: days, numbers, words, weekdays, claims."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from backend.domain.accounts.rules import Sex
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern
from backend.domain.imports.rules.cells import (
    birth_of,
    code_of,
    day_of,
    degrees_of,
    flag_of,
    identity_tail_of,
    metres_of,
    mobile_of,
    name_of,
    plain_text,
    text_of,
)
from backend.domain.imports.rules.claims import Claim, colliding_claims, halves_of, label_of_first
from backend.domain.imports.rules.findings import CellProblem
from backend.domain.imports.rules.weekdays import weekly_pattern_of
from backend.domain.imports.rules.words import (
    coordinate_system_of,
    dispatch_kind_of,
    organisation_kind_of,
    role_of,
    role_words_of,
    sex_of,
    title_of,
)
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.places import CoordinateSystem
from backend.foundation.actor import Role

MORNING, AFTERNOON, NIGHT = Shift.MORNING, Shift.AFTERNOON, Shift.NIGHT


@pytest.mark.parametrize(
    ("parse", "cell", "meaning"),
    [
        (text_of, "　内科\u00a0\n", "内科"),
        (text_of, "内\u200b科\x00", "内科"),
        (plain_text(20), "Ａ栋１楼（东）", "A栋1楼（东）"),
        (code_of, 53019901.0, "53019901"),
        (code_of, "'053019901 ", "053019901"),
        (code_of, "Ａ０００１", "A0001"),
        (name_of, "张　三", "张三"),
        (name_of, "阿依古丽•买买提", "阿依古丽·买买提"),
        (name_of, "Anna-Maria O'Neil", "Anna-Maria O'Neil"),
        (name_of, "𠮷〇\ue863", "𠮷〇\ue863"),
        (metres_of, "３００米", 300.0),
        (metres_of, "0.3 公里", 300.0),
        (metres_of, "500 M", 500.0),
        (degrees_of, "103.2612", 103.2612),
        (degrees_of, "103.2612°E", 103.2612),
        (degrees_of, "东经103.2612度", 103.2612),
        (degrees_of, "103°15′36″", 103.26),
        (degrees_of, "E103度15分36秒", 103.26),
        (degrees_of, "27°18'", 27.3),
        (flag_of, True, True),
        (flag_of, "√", True),
        (flag_of, "✔\ufe0f", True),
        (flag_of, "Ｖ", True),
        (flag_of, "❌", False),
        (flag_of, "否", False),
        (mobile_of, 13807784483.0, "13807784483"),
        (mobile_of, "+86 138-0778-4483", "13807784483"),
        (mobile_of, "１３８０７７８４４８３", "13807784483"),
        (identity_tail_of, 308.0, "0308"),
        (identity_tail_of, "123x", "123X"),
        (identity_tail_of, "11010519491231002X", "002X"),
        (day_of, datetime(2026, 9, 1, 8, 30), date(2026, 9, 1)),  # noqa: DTZ001  (a cell has no zone)
        (day_of, "2026-9-1", date(2026, 9, 1)),
        (day_of, "2026.9.1", date(2026, 9, 1)),
        (day_of, "2026/09/01", date(2026, 9, 1)),
        (day_of, "2026年9月1日", date(2026, 9, 1)),
        (day_of, "２０２６年９月１日", date(2026, 9, 1)),
        (day_of, "2026 年 9 月 1 日", date(2026, 9, 1)),
        (day_of, "2026-09-01 00:00:00", date(2026, 9, 1)),
        (day_of, "20260901", date(2026, 9, 1)),
        (day_of, 20260901.0, date(2026, 9, 1)),
        (day_of, 46266.0, date(2026, 9, 1)),
        (day_of, "2026年9月1号", date(2026, 9, 1)),
        (day_of, "2026、9、1", date(2026, 9, 1)),
        (day_of, "2026.09.01.", date(2026, 9, 1)),
        (day_of, "2026—9—1", date(2026, 9, 1)),
        (day_of, "2026/9/1（星期二）", date(2026, 9, 1)),
        (day_of, "46266", date(2026, 9, 1)),
        (sex_of, 1.0, Sex.MALE),
        (sex_of, "2", Sex.FEMALE),
        (birth_of, "1982.03", date(1982, 3, 1)),
        (birth_of, 1982.03, date(1982, 3, 1)),
        (birth_of, "1982年3月", date(1982, 3, 1)),
        (birth_of, 198203.0, date(1982, 3, 1)),
        (birth_of, "1982-03-13", date(1982, 3, 13)),
        (title_of, "主治医生", "主治医师"),
        (dispatch_kind_of, "坐诊", DispatchKind.VISITING),
        (organisation_kind_of, "卫健局", OrganisationKind.BUREAU),
        (coordinate_system_of, "高德", CoordinateSystem.GCJ_02),
        (coordinate_system_of, "wgs 84", CoordinateSystem.WGS_84),
        (coordinate_system_of, "百度地图坐标", CoordinateSystem.BD_09),
        (role_words_of, "派驻人员、医务科", ("派驻人员", "医务科")),
    ],
)
def test_a_cell_is_understood_as_it_is_meant(parse: Callable[[Any], Any], cell: Any, meaning: Any) -> None:
    parsed = parse(cell)

    assert (round(parsed, 9) if isinstance(parsed, float) else parsed) == meaning


@pytest.mark.parametrize(
    ("parse", "cell", "code"),
    [
        (code_of, 1.2345678901234567e17, "number_inexact"),
        (code_of, date(2026, 9, 1), "code_is_date"),
        (code_of, "A 00&1", "code_invalid"),
        (name_of, "13807784483", "name_invalid"),
        (name_of, "吕芬春（主任）", "name_invalid"),
        (name_of, "吕芬春、沈雪远", "name_invalid"),
        (name_of, "吕芬春*", "name_invalid"),
        (name_of, "吕芬春😀", "name_invalid"),
        (plain_text(5), "一二三四五六", "text_too_long"),
        (plain_text(50), date(2026, 9, 1), "text_is_date"),
        (degrees_of, "103°75′00″", "number_invalid"),
        (degrees_of, "103.2,27.3", "number_invalid"),
        (degrees_of, date(2026, 9, 1), "number_invalid"),
        (degrees_of, True, "number_invalid"),
        (metres_of, "约300", "number_invalid"),
        (flag_of, "也许", "flag_invalid"),
        (mobile_of, "0870-5550100", "telephone_invalid"),
        (mobile_of, "13807784483/13907784483", "telephone_invalid"),
        (mobile_of, "1.38E+10", "telephone_invalid"),
        (identity_tail_of, 5.30199198203138e17, "identity_inexact"),
        (identity_tail_of, "110105194912310021", "identity_invalid"),
        (identity_tail_of, "308", "identity_invalid"),
        (day_of, "2026-02-30", "day_invalid"),
        (day_of, "长期", "day_invalid"),
        (day_of, "26-9-1", "day_invalid"),
        (day_of, "9/1/2026", "day_invalid"),
        (day_of, "19820", "day_invalid"),
        (day_of, "2026年9月", "day_invalid"),
        (birth_of, 1982.1, "month_ambiguous"),
        (birth_of, 1982.0, "month_missing"),
        (birth_of, "1982年", "month_missing"),
        (name_of, True, "name_invalid"),
        (title_of, date(2026, 9, 1), "text_is_date"),
        (birth_of, "1882-10-05", "day_out_of_range"),
        (dispatch_kind_of, "出差", "dispatch_kind_unknown"),
        (coordinate_system_of, "北京54", "coordinate_system_unknown"),
    ],
)
def test_a_cell_that_cannot_be_told_for_sure_is_refused(parse: Callable[[Any], Any], cell: Any, code: str) -> None:
    with pytest.raises(CellProblem) as refused:
        parse(cell)

    assert refused.value.code == code


def test_a_refused_telephone_is_not_quoted() -> None:
    with pytest.raises(CellProblem) as refused:
        mobile_of("138077844831")

    assert "13807" not in refused.value.message


FULL = (MORNING, AFTERNOON)


WED_FRI = WeeklyPattern.of([3, 5])


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("三、五", WED_FRI),
        ("周三,周五", WED_FRI),
        ("周三，周五", WED_FRI),
        ("星期三 星期五", WED_FRI),
        ("每周三、五", WED_FRI),
        ("礼拜三和礼拜五", WED_FRI),
        ("3,5", WED_FRI),
        ("35", WED_FRI),
        (35.0, WED_FRI),
        (3.0, WeeklyPattern.of([3])),
        ("一三五", WeeklyPattern.of([1, 3, 5])),
        ("每天", WeeklyPattern.every_day()),
        ("周一至周五", WeeklyPattern.of(range(1, 6))),
        ("周一到五", WeeklyPattern.of(range(1, 6))),
        ("1-5", WeeklyPattern.of(range(1, 6))),
        ("工作日", WeeklyPattern.of(range(1, 6))),
        ("周末", WeeklyPattern.of([6, 7])),
        ("双休日", WeeklyPattern.of([6, 7])),
        ("周六日", WeeklyPattern.of([6, 7])),
        ("每星期三、五 全日", WED_FRI),
        ("一周七天", WeeklyPattern.every_day()),
        ("星期日", WeeklyPattern.of([7])),
        ("周三上午、周五下午", WeeklyPattern(frozenset({(3, MORNING), (5, AFTERNOON)}))),
        ("周三、周五 上午", WeeklyPattern.of([3, 5], [MORNING])),
        ("周三（上午）", WeeklyPattern.of([3], [MORNING])),
        ("周三上午、周五", WeeklyPattern(frozenset({(3, MORNING), (5, MORNING), (5, AFTERNOON)}))),
        ("周三上午下午", WeeklyPattern.of([3])),
        ("周三；周五 上午", WeeklyPattern(frozenset({(3, MORNING), (3, AFTERNOON), (5, MORNING)}))),
        ("周一至周五上午；周三夜班", WeeklyPattern.of(range(1, 6), [MORNING]).claims | {(3, NIGHT)}),
    ],
)
def test_weekdays_are_understood_in_the_usual_forms(text: Any, pattern: Any) -> None:
    claims = pattern.claims if isinstance(pattern, WeeklyPattern) else pattern

    assert weekly_pattern_of(text).claims == claims


@pytest.mark.parametrize("days", [[1], [3, 5], range(1, 8)])
@pytest.mark.parametrize("shifts", [FULL, (MORNING,), (AFTERNOON, NIGHT)])
def test_a_pattern_is_read_back_from_its_own_label(days: list[int], shifts: tuple[Shift, ...]) -> None:
    pattern = WeeklyPattern.of(days, shifts)

    assert weekly_pattern_of(pattern.label()) == pattern


@pytest.mark.parametrize("text", ["单周三", "逢集", "每月第一周", 3.5, "上午", "周五至周一", "、", "三、八"])
def test_weekdays_that_are_none_are_refused(text: Any) -> None:
    with pytest.raises(CellProblem, match="weekdays_invalid"):
        weekly_pattern_of(text)


@pytest.mark.parametrize("text", ["每周三天", "每周3天", "1-5天", "一周五日", "3日、5日", "每周1、15日"])
def test_a_number_of_days_and_a_day_of_the_month_are_not_taken_for_weekdays(text: str) -> None:
    with pytest.raises(CellProblem, match="weekdays_invalid") as refused:
        weekly_pattern_of(text)

    assert "请写明是星期几" in refused.value.message


@pytest.mark.parametrize(
    ("text", "said"), [("周三上午门诊", "看不懂“门诊”"), ("周三11:15", "请不要写几点"), ("每周三8点", "请不要写几点")]
)
def test_what_is_not_understood_of_weekdays_is_said(text: str, said: str) -> None:
    with pytest.raises(CellProblem) as refused:
        weekly_pattern_of(text)

    assert said in refused.value.message


def test_a_director_is_one_of_a_recipient_and_a_dean_one_of_a_hospital_that_sends() -> None:
    assert role_of("院长", OrganisationKind.TOWNSHIP_HOSPITAL) is Role.DIRECTOR
    assert role_of("院长", OrganisationKind.COUNTY_HOSPITAL) is Role.DEAN
    assert role_of("受援院长", OrganisationKind.COUNTY_HOSPITAL) is Role.DIRECTOR
    with pytest.raises(CellProblem, match="role_unknown"):
        role_of("清洁工", OrganisationKind.COUNTY_HOSPITAL)


def test_claims_collide_on_the_same_half_in_the_same_days_only() -> None:
    wednesday, morning = WeeklyPattern.of([3]), WeeklyPattern.of([3], [MORNING])

    def claim(name: str, first: int, last: int, pattern: WeeklyPattern, *, is_new: bool = True) -> Claim:
        return Claim(
            who="吕",
            dispatch=name,
            starts_on=date(2026, 9, first),
            ends_before=date(2026, 9, last),
            halves=halves_of(pattern),
            is_new=is_new,
        )

    def collide(*claims: Claim) -> bool:
        return any(colliding_claims(claims))

    assert collide(claim("a", 1, 10, wednesday), claim("b", 9, 20, morning))
    assert not collide(claim("a", 1, 10, wednesday), claim("b", 10, 20, morning))
    assert not collide(claim("a", 1, 10, WeeklyPattern.of([3], [AFTERNOON])), claim("b", 1, 20, morning))
    assert not collide(claim("a", 1, 10, wednesday), claim("a", 1, 10, wednesday))
    assert not collide(claim("a", 1, 10, wednesday, is_new=False), claim("b", 1, 10, wednesday, is_new=False))
    assert label_of_first(halves_of(WeeklyPattern.of([3], [AFTERNOON]))) == "周三下午"
