"""How cells, headers and sheets are understood, and which files are refused."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from backend.domain.accounts.rules import Sex
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern
from backend.domain.imports.errors import WorkbookUnreadable
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
from backend.domain.imports.rules.container import column_letter, examine_sheets, look_into_container
from backend.domain.imports.rules.findings import CellProblem, Findings
from backend.domain.imports.rules.layout import kind_by_name
from backend.domain.imports.rules.rows import Roster
from backend.domain.imports.rules.sheets import SheetKind
from backend.domain.imports.rules.weekdays import weekly_pattern_of
from backend.domain.imports.rules.words import (
    CoordinateSystem,
    coordinate_system_of,
    dispatch_kind_of,
    organisation_kind_of,
    role_of,
    role_words_of,
    sex_of,
    title_of,
)
from backend.domain.imports.rules.workbook import read_roster
from backend.domain.organisations.rules import OrganisationKind
from backend.foundation.actor import Role
from tests.imports.workbooks import SAMPLE, book, dispatch, person, roster, saved, table, with_member

MORNING, AFTERNOON, NIGHT = Shift.MORNING, Shift.AFTERNOON, Shift.NIGHT


def read(content: bytes) -> tuple[Roster, Findings]:
    findings = Findings()
    return read_roster(content, findings), findings


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings.errors]


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
        (coordinate_system_of, "高德", CoordinateSystem.GCJ02),
        (coordinate_system_of, "wgs 84", CoordinateSystem.WGS84),
        (coordinate_system_of, "百度地图坐标", CoordinateSystem.BD09),
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


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("机构", SheetKind.ORGANISATIONS),
        ("1.单位信息", SheetKind.ORGANISATIONS),
        ("签到点", SheetKind.SITES),
        ("2026年人员花名册", SheetKind.PEOPLE),
        ("派驻（下半年）", SheetKind.DISPATCHES),
        ("Sheet1", None),
    ],
)
def test_sheets_are_known_by_the_usual_names(name: str, kind: SheetKind | None) -> None:
    assert kind_by_name(name) is kind


def test_the_sample_is_read_whole() -> None:
    roster_read, findings = read(SAMPLE)

    assert (findings.error_count, findings.warning_count) == (0, 0)
    sizes = [len(roster_read.organisations), len(roster_read.sites), len(roster_read.people)]
    assert (sizes, len(roster_read.dispatches)) == ([8, 7, 58], 24)


def test_headers_are_found_below_titles_in_any_order_and_usual_variants() -> None:
    rows = [
        ["云岭县人民医院职工花名册", "", ""],
        ["填表人：", "", ""],
        ["备注", "联系方式", "身份证号\n（后四位）", "名 字 *", "职工号：", "单位代码（8位）"],
        ["", "13807784483", "8313", "吕芬春", "A1", "53019901"],
    ]

    roster_read, findings = read(book(人员信息=rows))

    assert codes(findings) == []
    (row,) = roster_read.people
    assert (row.organisation_code, row.staff_number, row.name, row.telephone, row.identity_tail, row.number) == (
        *("53019901", "A1", "吕芬春", "13807784483", "8313"),
        4,
    )


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("派出机构代码", "派出单位名称"),
        ("受援机构代码", "受援卫生院"),
        ("工号", "工号/编号"),
        ("工号", "派驻人员工号*"),
        ("开始日期", "下乡开始时间"),
        ("开始日期", "派驻起始日"),
        ("结束日期", "截止年月日（含）"),
        ("结束日期", "派驻止"),
        ("类型", "派驻性质"),
    ],
)
def test_columns_of_the_dispatches_are_known_by_other_usual_headers(usual: str, other: str) -> None:
    row = {(other if header == usual else header): value for header, value in dispatch().items()}

    roster_read, findings = read(roster(dispatches=[row]))

    assert codes(findings) == []
    assert len(roster_read.dispatches) == 1
    assert findings.warnings == []


def test_a_header_of_two_things_is_not_taken_for_one_of_them() -> None:
    roster_read, findings = read(roster(people=[{**person(), "科室/职务": "内科主任", "科室": ""}]))

    assert roster_read.people[0].department is None
    assert [warning.code for warning in findings.warnings] == ["columns_ignored"]


def test_a_sheet_of_any_name_is_known_by_its_headers_and_its_left_margin_does_not_shift_columns() -> None:
    rows = [[None, None], *([None, None, *row] for row in table([{**person(), "姓名": "13807784483"}]))]

    roster_read, findings = read(book(Sheet1=rows))

    assert len(roster_read.people) == 1
    (finding,) = findings.errors
    assert (finding.code, finding.sheet, finding.row, finding.column, finding.header) == (
        *("name_invalid", "Sheet1", 3),
        *("E", "姓名"),
    )


def test_columns_that_are_not_read_are_named() -> None:
    _, findings = read(roster(people=[person(民族="彝族", 序号=1)]))

    (warning,) = findings.warnings
    assert warning.code == "columns_ignored"
    assert "民族" in warning.message
    assert "序号" not in warning.message


def test_a_code_column_wins_over_a_name_column() -> None:
    roster_read, findings = read(roster(people=[person(单位="云岭县人民医院")]))

    assert roster_read.people[0].organisation_code == "9901"
    assert [warning.code for warning in findings.warnings] == ["columns_ignored"]


def test_two_columns_of_one_name_are_refused() -> None:
    rows = table([person()])
    rows = [[*row, row[7]] for row in rows]

    _, findings = read(book(人员=rows))

    assert codes(findings) == ["column_twice"]


def test_a_missing_column_is_named() -> None:
    without_number = [{key: value for key, value in person().items() if key != "工号"}]

    _, findings = read(roster(people=without_number))

    assert codes(findings) == ["columns_missing"]
    assert "工号" in findings.errors[0].message
    assert findings.errors[0].sheet == "人员"


def test_a_workbook_without_any_of_the_sheets_is_refused() -> None:
    _, findings = read(book(工资=[["姓名", "金额"], ["吕芬春", 1]]))

    assert codes(findings) == ["sheets_missing"]


def test_headers_without_rows_are_refused() -> None:
    _, findings = read(book(人员=table([person()])[:1]))

    assert codes(findings) == ["rows_missing"]


def test_a_hidden_sheet_is_not_read_and_named() -> None:
    def hide(workbook: openpyxl.Workbook) -> None:
        workbook["派驻"].sheet_state = "hidden"

    roster_read, findings = read(roster(change=hide))

    assert roster_read.dispatches == []
    assert [(warning.code, warning.sheet) for warning in findings.warnings] == [("sheet_hidden", "派驻")]


def test_merged_cells_among_the_rows_are_named_and_those_of_a_title_are_not() -> None:
    rows = [["花名册"], *table([person("A1"), person("A2")])]

    def merge(workbook: openpyxl.Workbook) -> None:
        workbook["人员"].merge_cells("A1:J1")
        workbook["人员"].merge_cells("A3:A4")

    _, findings = read(book(merge, 人员=rows))

    assert findings.errors[0].code == "merged_cells"
    assert "A3:A4" in findings.errors[0].message
    assert not any("A1:J1" in finding.message for finding in findings.errors)


def test_totals_signatures_notes_and_a_repeated_header_are_left_out_and_named() -> None:
    def end_as_paper_does(workbook: openpyxl.Workbook) -> None:
        people, dispatches = workbook["人员"], workbook["派驻"]
        people.append([cell.value for cell in people[1]])
        people.append(list(person("A2").values()))
        people.append(["合  计", "", "2人"])
        people.append([])
        people.append(["制表人：张三", "", "", "审核人：李四", "", "", "2026年9月1日"])
        dispatches.append(["注：以上名单经院办公会研究。"])
        dispatches.merge_cells("A3:L4")

    roster_read, findings = read(roster(change=end_as_paper_does))

    assert codes(findings) == []
    assert [row.staff_number for row in roster_read.people] == ["A1", "A2"]
    assert len(roster_read.dispatches) == 1
    assert [(warning.code, warning.sheet, warning.row) for warning in findings.warnings] == [
        *(("row_ignored", "人员", row) for row in (3, 5, 7)),
        ("row_ignored", "派驻", 3),
    ]


def test_formulas_of_a_total_do_not_matter_and_those_of_rows_without_values_do() -> None:
    def add_formulas(workbook: openpyxl.Workbook) -> None:
        workbook["人员"].append(["合计", "=COUNTA(B2:B2)"])
        workbook["派驻"].append(["=A2", "=B2", "=C2", "", "=E2", "=F2", "=G2"])

    _, findings = read(roster(change=add_formulas))

    assert {finding.code for finding in findings.errors} == {"formula_cell"}
    assert {(finding.sheet, finding.row) for finding in findings.errors} == {("派驻", 3)}


def test_a_row_that_is_only_half_filled_in_is_not_left_out() -> None:
    _, findings = read(roster(people=[person(), person("", 姓名="沈雪远")]))

    assert [(finding.code, finding.row) for finding in findings.errors] == [("value_missing", 3)]


def test_formulas_are_named_by_cell_and_not_taken_for_their_last_value() -> None:
    _, findings = read(roster(dispatches=[dispatch(结束日期="=DATE(2027,2,28)")]))

    (finding,) = findings.errors
    assert (finding.code, finding.sheet, finding.row, finding.column) == ("formula_cell", "派驻", 2, "G")


def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days_with_and_without_a_date_format() -> None:
    def count_from_1904(workbook: openpyxl.Workbook) -> None:
        workbook.epoch = CALENDAR_MAC_1904
        workbook["派驻"]["G2"] = 46446 - 1462
        workbook["派驻"]["G2"].number_format = "General"

    roster_read, findings = read(roster(change=count_from_1904))

    assert codes(findings) == []
    (row,) = roster_read.dispatches
    assert (row.starts_on, row.ends_on) == (date(2026, 9, 1), date(2027, 2, 28))


def test_formulas_in_columns_that_are_not_read_do_not_matter() -> None:
    _, findings = read(roster(people=[person(年龄="=2026-1982")]))

    assert codes(findings) == []


def test_a_failed_formula_whose_value_was_pasted_is_named() -> None:
    def paste(workbook: openpyxl.Workbook) -> None:
        workbook["人员"]["F2"] = "#N/A"
        workbook["人员"]["F2"].data_type = "e"

    _, findings = read(roster(change=paste))

    assert [(finding.code, finding.column) for finding in findings.errors] == [("failed_cell", "F")]


def test_every_error_is_counted_and_the_first_five_hundred_kept() -> None:
    _, findings = read(roster(people=[person(f"A{number}", 姓名="") for number in range(600)], dispatches=[]))

    assert (findings.error_count, len(findings.errors)) == (600, 500)


def test_blank_rows_are_skipped_and_rows_counted_as_excel_does() -> None:
    header, row = table([person()])
    bad = [*row]
    bad[2] = "9"

    roster_read, findings = read(book(人员=[header, row, [], ["  "], bad]))

    assert len(roster_read.people) == 2
    assert [finding.row for finding in findings.errors] == [5]


@pytest.mark.parametrize("filler", ["/", "—", " - ", "无", "暂无", "\\"])
def test_a_cell_filled_with_a_stroke_or_the_word_for_nothing_is_blank(filler: str) -> None:
    someone = person(职称=filler, 科室=filler, 手机号=filler, 角色=filler)

    roster_read, findings = read(roster(people=[someone], dispatches=[dispatch(例外说明=filler, 派驻点名称=filler)]))

    assert codes(findings) == []
    (row,) = roster_read.people
    assert (row.title, row.department, row.telephone, row.roles) == (None, None, None, None)
    assert (roster_read.dispatches[0].exception_reason, roster_read.dispatches[0].sites) == (None, None)


def test_a_required_cell_filled_with_a_stroke_is_missing() -> None:
    _, findings = read(roster(people=[person(姓名="/"), person("无")], dispatches=[]))

    assert [(finding.code, finding.row) for finding in findings.errors] == [("value_missing", 2), ("value_missing", 3)]


def test_a_role_cell_of_separators_does_not_end_every_role() -> None:
    with pytest.raises(CellProblem, match="role_unknown"):
        role_words_of("、")


def ole(marker: bytes = b"") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + marker


def zipped(**members: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook_empty"),
        (ole(), "workbook_old_format"),
        (ole("EncryptedPackage".encode("utf-16-le")), "workbook_password"),
        ("机构代码,工号,姓名\n9901,A1,吕芬春\n".encode(), "workbook_is_text"),
        ("机构代码,工号,姓名\n9901,A1,吕芬春\n".encode("gb18030"), "workbook_is_text"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "workbook_is_text"),
        (bytes(range(256)) * 20, "workbook_unreadable"),
        (SAMPLE[:3000], "workbook_damaged"),
        (zipped(**{"word/document.xml": b"<w/>"}), "workbook_unreadable"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "workbook_old_format"),
        (SAMPLE + bytes(21 * 1024 * 1024), "workbook_too_large"),
    ],
    ids=["empty", "xls", "password", "csv", "csv-gbk", "html", "noise", "cut", "docx", "ods", "large"],
)
def test_what_is_no_xlsx_is_told_by_what_it_is(content: bytes, code: str) -> None:
    with pytest.raises(WorkbookUnreadable) as refused:
        look_into_container(content)

    assert refused.value.code == code


def test_a_workbook_cut_inside_is_damaged() -> None:
    broken = bytearray(SAMPLE)
    start = SAMPLE.index(b"xl/worksheets/sheet3.xml") + 100
    broken[start : start + 200] = bytes(200)

    with pytest.raises(WorkbookUnreadable, match="workbook_damaged"):
        examine_sheets(bytes(broken))


def test_a_bomb_is_refused_by_its_directory() -> None:
    bomb = zipped(**{"xl/workbook.xml": b"<workbook/>"})
    with_size = bomb.replace(struct.pack("<I", 11), struct.pack("<I", 2_000_000_000))

    with pytest.raises(WorkbookUnreadable, match="workbook_too_large"):
        look_into_container(with_size)


def test_a_bomb_that_lies_about_its_size_is_refused_before_it_is_unpacked() -> None:
    honest = with_member(SAMPLE, "xl/styles.xml", lambda body: bytes(50_000_000))
    info = zipfile.ZipFile(io.BytesIO(honest)).getinfo("xl/styles.xml")
    lying = honest.replace(
        struct.pack("<II", info.compress_size, 50_000_000), struct.pack("<II", info.compress_size, 9)
    )
    assert lying != honest

    with pytest.raises(WorkbookUnreadable, match="workbook_damaged"):
        examine_sheets(lying)


def test_entities_are_refused() -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    bomb = with_member(
        SAMPLE, "xl/worksheets/sheet1.xml", lambda body: body.replace(b"<worksheet", declared + b"<worksheet")
    )

    with pytest.raises(WorkbookUnreadable, match="workbook_damaged"):
        examine_sheets(bomb)


def test_a_stray_cell_at_the_far_corner_is_named_instead_of_filling_the_memory() -> None:
    def stray(workbook: openpyxl.Workbook) -> None:
        workbook["人员"]["XFD1048576"] = "."

    _, findings = read(roster(change=stray))

    assert [(finding.code, finding.sheet) for finding in findings.errors] == [("sheet_too_large", "人员")]
    assert "1048576" in findings.errors[0].message


def test_formatted_cells_without_values_far_down_do_not_matter() -> None:
    def dress(workbook: openpyxl.Workbook) -> None:
        workbook["人员"].cell(200_000, 3).number_format = "@"

    _, findings = read(roster(change=dress))

    assert codes(findings) == []


@pytest.mark.parametrize(("number", "format_of_cell"), [(-1e300, "yyyy-mm-dd"), (13807784483, "[h]:mm")])
def test_a_number_that_no_date_or_time_can_be_is_refused(number: float, format_of_cell: str) -> None:
    def far(workbook: openpyxl.Workbook) -> None:
        workbook["人员"]["E2"] = number
        workbook["人员"]["E2"].number_format = format_of_cell

    with pytest.raises(WorkbookUnreadable, match="workbook_number_unreadable"):
        read(roster(change=far))


def test_columns_are_called_as_excel_calls_them() -> None:
    assert [column_letter(number) for number in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


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


def test_a_workbook_of_ordinary_origin_passes() -> None:
    assert set(examine_sheets(saved(openpyxl.load_workbook(io.BytesIO(SAMPLE))))) == {"机构", "派驻点", "人员", "派驻"}
