"""Which sheets, headers and rows of a workbook are a roster, and which are not."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.findings import CellProblem
from backend.domain.imports.rules.layout import kind_by_name
from backend.domain.imports.rules.sheets import FORMATS
from backend.domain.imports.rules.words import (
    role_words_of,
)
from tests.imports.reading import codes, read
from tests.imports.workbooks import SAMPLE, book, dispatch, person, roster, table


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
    assert kind_by_name(name, FORMATS) is kind


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
