"""Old ledgers, also those of other counties: what of them becomes a record, and what is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask

from backend.domain.activities.queries.showing import lines_of, values_of
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.service import File, apply_ledger, check_ledger, ledger_template
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.foundation import clock
from backend.foundation.actor import SYSTEM
from backend.foundation.encryption import decrypt_bytes
from tests.imports.ledgers import apply, day, ledger, problems, records
from tests.imports.workbooks import Values, book, saved
from tests.support.factories import make_organisation, make_person


@pytest.fixture
def recipient(app: Flask) -> Organisation:
    """A recipient of the code of the sample, and one doctor A0001."""
    hospital = make_organisation("云岭县人民医院", code="53019901", kind=OrganisationKind.COUNTY_HOSPITAL)
    make_person(hospital, "吕芬春", staff_number="A0001")
    make_person(hospital, "沈雪远", staff_number="A0002")
    return make_organisation("青石镇中心卫生院", code="53019910")


def lecture(**more: Any) -> Values:
    return day(**{"类别": "讲座", "主题或内容": "高血压规范管理", "数量": 1, "单位": "次", "人次": "40余人", **more})


pytestmark = pytest.mark.usefixtures("recipient")


def test_amounts_stay_as_they_were_said() -> None:
    said = ["20余", "约30", 0, None]

    apply(ledger([day(数量=amount) for amount in said]))

    assert [record.amount.label("人次") for record in records()] == ["20余人次", "约30人次", "0人次", "未报"]


def test_a_lecture_counts_once_and_whom_it_reached() -> None:
    apply(ledger([lecture(备注="在村卫生室")]))

    [record] = records()
    assert (record.kind, record.title, record.details) == (
        ActivityKind.LECTURE,
        "高血压规范管理",
        {"topic": "高血压规范管理"},
    )
    assert (record.amount.label("次"), record.reached.label("人次")) == ("1次", "40余人次")
    assert record.source == "台账.xlsx·工作日志·第2行"
    assert record.clinical is not None
    opened = decrypt_bytes(record.clinical, table="activity_records", column="clinical", row_id=record.id)
    assert json.loads(opened) == {"note": "在村卫生室"}
    assert lines_of(record, values_of(record)) == [
        ("数量", "1次"),
        ("听课人次", "40余人次"),
        ("题目", "高血压规范管理"),
        ("备注", "在村卫生室"),
    ]


def test_a_number_of_outpatients_may_stand_in_either_column() -> None:
    apply(ledger([day(数量=None, 人次=35), day(数量=36, 人次=36), day(数量="37人次", 单位=None)]))

    assert [(record.quantity, record.person_times) for record in records()] == [(35, None), (36, None), (37, None)]


def test_without_a_column_of_quantities_what_is_done_one_by_one_counts_once() -> None:
    rows = [lecture(), day(人次=9)]
    for row in rows:
        del row["数量"], row["单位"]

    apply(ledger(rows))

    assert [(record.quantity, record.person_times) for record in records()] == [(1, 40), (9, None)]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (day(单位="台次"), "unit_wrong", "G"),
        (lecture(数量="26人次", 单位=None), "unit_wrong", "F"),
        (lecture(人次="3例"), "unit_wrong", "H"),
        (day(人次=13), "amounts_differ", "H"),
        (lecture(人次=2001), "amount_too_large", "H"),
        (lecture(人次="1万"), "amount_too_large", "H"),
        (day(数量=-1), "amount_negative", "F"),
        (day(数量="近百"), "amount_vague", "F"),
        (day(日期=clock.today() + timedelta(days=2)), "day_in_future", "A"),
        (day(日期="2025年1月"), "day_is_month", "A"),
        (day(类别="门珍"), "activity_kind_unknown", "D"),
        (day(类别=None), "value_missing", "D"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_place_and_nothing_is_written(
    row: Values, code: str, column: str
) -> None:
    assert problems(ledger([day(), row])) == [(code, 3, column)]


def test_a_second_column_of_topics_or_quantities_is_not_lost() -> None:
    headers = ["日期", "工号", "受援机构代码", "活动类别", "题目", "病种", "例数", "台次", "人次"]
    who = ["2025-01-02", "A0001", "53019910"]
    cases = [*who, "抢救", None, "重症肺炎", 1, None, None]
    taught = [*who, "手术带教", "阑尾切除术", None, None, 2, None]

    apply(book(台账=[headers, cases, taught]))

    assert [(record.title, record.quantity) for record in records()] == [("重症肺炎", 1), ("阑尾切除术", 2)]
    both = check_ledger(File(SYSTEM, book(台账=[headers, [*who, "抢救", None, None, 1, 2, None]])))
    assert [finding.code for finding in both.findings.errors] == ["amounts_differ"]


def test_a_formula_and_merged_cells_are_refused() -> None:
    def spoil(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["工作日志"]
        sheet["F2"] = "=1+1"
        sheet.merge_cells("A3:A4")

    content = book(spoil, 工作日志=[list(day()), *[list(day().values()) for _ in range(3)]])

    assert {code for code, *_ in problems(content)} >= {"formula_cell", "merged_cells"}


def test_empty_rows_without_end_are_no_rows() -> None:
    def stretch(workbook: openpyxl.Workbook) -> None:
        workbook["工作日志"].cell(1_048_576, 1).number_format = "yyyy-mm-dd"

    report = apply(book(stretch, 工作日志=[list(day()), list(day().values())]))

    assert report.findings.warnings == []
    assert len(records()) == 1


def test_the_template_is_read_back() -> None:

    template = openpyxl.load_workbook(io.BytesIO(ledger_template()))
    sheet = template["工作日志"]
    assert [str(cell.value).rstrip("*") for cell in sheet[1]] == list(day())
    for place, value in enumerate(lecture().values(), start=1):
        sheet.cell(2, place).value = value

    apply(saved(template))

    assert records()[0].kind is ActivityKind.LECTURE


def test_a_file_without_the_columns_says_which_it_needs() -> None:
    report = check_ledger(File(SYSTEM, book(一月=[["日期", "工号", "事由", "数量"], ["2025-1-2", "A0001", "门诊", 1]])))
    assert [finding.code for finding in report.findings.errors] == ["columns_missing"]
    assert "类别" in report.findings.errors[0].message
    report = check_ledger(File(SYSTEM, book(汇总=[["项目", "合计"], ["门诊", 1455]])))
    assert [finding.code for finding in report.findings.errors] == ["sheets_missing"]


def _by_month() -> bytes:
    """A county that keeps a sheet a month, writes names and days without a year, and sums up each sheet."""
    headers = [
        "序号",
        "活动时间",
        "专家姓名",
        "受援医院名称",
        "工作项目",
        "题目/病种",
        "例数",
        "计量单位",
        "受益人次",
        "说明",
    ]

    def sheet(month: int) -> list[list[Any]]:
        return [
            ["云岭县2024年对口支援工作台账"],
            ["填报单位：县医院", None, None, f"{month}月"],
            headers,
            [1, f"{month}月3日", "吕芬春", "青石镇 中心卫生院", "专家门诊", None, "二十余", "人次", None, None],
            [2, f"{month}.4", "沈雪远", "青石镇中心卫生院", "健康讲座（院内）", "合理用药", 1, "场", "约五十", "下午"],
            [None] * 10,
            [3, f"{month}月5日", "沈雪远", "青石镇中心卫生院", "手术带教", "阑尾切除术", "2台", None, None, None],
            [f"{month}月小计", None, None, None, None, None, 23, None, 50, None],
            ["制表人：某某", None, None, None, None, None, None, None, None, None],
        ]

    def finish(workbook: openpyxl.Workbook) -> None:
        for name in ("1月", "2月"):
            workbook[name].merge_cells("A1:J1")
        workbook["旧表"].sheet_state = "hidden"

    summary: list[list[Any]] = [["项目", "数量"], ["门诊", 40]]
    return book(finish, **{"1月": sheet(1), "2月": sheet(2), "旧表": sheet(3), "汇总": summary})


def _by_code() -> bytes:
    """A county that writes codes as numbers, days as 20240103, kinds in words of its own, and repeats its header."""
    headers = [
        *("开展日期", "人员编号", "支援医院机构代码", "受援单位", "活动类别", "内容", "次数（例/次）", "参加人数"),
        "培训地点",
    ]
    rows: list[list[Any]] = [
        ["附件2"],
        ["对口支援工作登记表（2024年）"],
        headers,
        [20240103, "A0001", 53019901, 53019910, "普通门诊", None, "约30人次", None, None],
        ["2024年1月4日", "A0001", 53019901, 53019910, "抢救病人", "重症肺炎", 1, None, None],
        headers,
        [45295, "a0002", 53019901, 53019910, "新技术、新项目", "无痛胃镜", "3例", None, None],
        ["2024.1.6", "A0002 ", 53019901, 53019910, "下乡义诊", "赶集日", 1, "100余人", "集市"],
        ["合计", None, None, None, None, None, 35, 100, None],
    ]
    return book(登记表=rows)


@pytest.mark.parametrize(
    ("content", "shown", "warned"),
    [
        (
            _by_month,
            [
                (month, *what)
                for month in (1, 2)
                for what in (
                    (3, "outpatient_clinic", "", "20余", "未报"),
                    (4, "lecture", "合理用药", "1", "约50"),
                    (5, "surgery_taught", "阑尾切除术", "2", "未报"),
                )
            ],
            {"row_ignored": 2, "year_from_title": 2, "sheet_hidden": 1, "sheet_ignored": 1},
        ),
        (
            _by_code,
            [
                (1, 3, "outpatient_clinic", "", "约30", "未报"),
                (1, 4, "rescue", "重症肺炎", "1", "未报"),
                (1, 4, "new_technique", "无痛胃镜", "3", "未报"),
                (1, 6, "free_clinic", "赶集日", "1", "100余"),
            ],
            {"row_ignored": 2, "columns_ignored": 1},
        ),
    ],
    ids=["by month", "by code"],
)
def test_other_counties_ledgers_are_read(
    content: Callable[[], bytes], shown: list[tuple[Any, ...]], warned: dict[str, int]
) -> None:
    report = apply(content())

    assert [
        (
            record.occurred_on.month,
            record.occurred_on.day,
            record.kind,
            record.title,
            record.amount.label(""),
            record.reached.label(""),
        )
        for record in records()
    ] == shown
    assert {record.occurred_on.year for record in records()} == {2024}
    codes = [finding.code for finding in report.findings.warnings]
    assert {code: codes.count(code) for code in codes} == warned
    assert apply_ledger(File(SYSTEM, content())).counts[SheetKind.ACTIVITIES].created == 0
