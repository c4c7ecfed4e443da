"""The printed 考勤表: the same in PDF and spreadsheet, whole however long, and marked while it is not valid."""

from __future__ import annotations

import io
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from backend.domain.attendance.printing.month import write_month
from backend.domain.attendance.printing.pdf import write_pdf
from backend.domain.attendance.printing.sheet import MonthRow, PrintedTimesheet
from backend.domain.attendance.printing.xlsx import write_xlsx
from backend.domain.dispatch.rules import SHIFTS, Shift
from backend.foundation.qr import QUIET, qr_code
from backend.foundation.typesetting import width_of
from tests.support.printed import PrintedPage, pages_of

MORNING, AFTERNOON, NIGHT = SHIFTS
SHEET = PrintedTimesheet(
    recipient_name="青石乡卫生院",
    supporting_name="临江县人民医院",
    department="内科",
    year=2026,
    month=11,
    person_name="王小萌",
    staff_number="LJ0372",
    title="主治医师",
    cells={(3, MORNING): "√", (3, AFTERNOON): "补", (5, NIGHT): "夜", (30, AFTERNOON): "事"},
    legend=(("√", "在岗"), ("补", "补签"), ("事", "事假")),
    figures=(("应出勤", "21"), ("实出勤", "18.5"), ("夜班", "1"), ("事假", "0.5"), ("旷工", "0")),
    remarks=("11月3日下午补签，已由受援单位确认。",),
    keeper="李敏",
    department_head="赵建国",
    director_name="周慧",
    countersigned_on=date(2026, 12, 2),
    verification_code="7KQ4-M2XD-91",
    verification_url="https://bangfu.example.org/v/7KQ4M2XD91",
)
BESIDE_THE_LABEL = 78  # where the text of remarks begins
UNSIGNED = replace(SHEET, countersigned_on=None, verification_code=None, verification_url=None, director_name="")
ROW = MonthRow(
    organisation="青石乡卫生院",
    department="内科",
    person_name="王小萌",
    staff_number="LJ0372",
    title="主治医师",
    status_label="已会签",
    days={3: "√补", 30: "事"},
    figures=(("应出勤", "21"), ("实出勤", "18.5")),
)


def only_page(sheet: PrintedTimesheet) -> PrintedPage:
    (page,) = pages_of(write_pdf(sheet))
    return page


def opened(xlsx: bytes) -> Worksheet:
    (sheet,) = load_workbook(io.BytesIO(xlsx)).worksheets
    assert isinstance(sheet, Worksheet)
    return sheet


def texts_in(sheet: Worksheet) -> list[str]:
    return [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


def grid_of_pdf(page: PrintedPage) -> dict[tuple[int, Shift], str]:
    """What stands in the columns of the days and the rows of the shifts, found by place."""
    rows = {label: next(f.y for f in page.fragments if f.text == label) for label in ("日期", "上午", "下午", "夜班")}
    middle = {f: f.x + width_of(f.text, f.size) / 2 for f in page.fragments}
    days = {f.text: middle[f] for f in page.fragments if abs(f.y - rows["日期"]) < 2 and f.text.isdigit()}
    return {
        (int(day), shift): f.text
        for shift, label in zip(SHIFTS, ("上午", "下午", "夜班"), strict=True)
        for f in page.fragments
        for day, place in days.items()
        if abs(f.y - rows[label]) < 5 and abs(middle[f] - place) < 2
    }


def grid_of_xlsx(sheet: Worksheet) -> dict[tuple[int, Shift], str]:
    first = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "上午")
    return {
        (day, shift): str(sheet.cell(first + offset, 1 + day).value)
        for offset, shift in enumerate(SHIFTS)
        for day in range(1, 32)
        if sheet.cell(first + offset, 1 + day).value is not None
    }


def figures_of_pdf(page: PrintedPage, labels: list[str]) -> dict[str, str]:
    """The text that stands right under each label; a label that stands elsewhere too has no number there."""
    middle = {f: f.x + width_of(f.text, f.size) / 2 for f in page.fragments}
    return {
        label: f.text
        for label in labels
        for above in page.fragments
        for f in page.fragments
        if above.text == label and abs(middle[f] - middle[above]) < 1 and 15 < above.y - f.y < 23
    }


def figures_of_xlsx(sheet: Worksheet) -> dict[str, str]:
    labels = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "项目")
    pairs = ((sheet.cell(labels, column).value, sheet.cell(labels + 1, column).value) for column in range(2, 33))
    return {str(label): str(value) for label, value in pairs if label is not None}


def test_the_pdf_says_everything_that_the_form_asks_for_on_one_page() -> None:
    sheet = replace(SHEET, delegate_note="授权代签", amendments=("2026年12月9日更正：11月5日夜班改为公出。",))
    text = only_page(sheet).text
    for said in ("对口支援派驻人员考勤表", "2026年11月", "青石乡卫生院", "临江县人民医院", "内科", "王小萌", "LJ0372"):
        assert said in text
    for said in ("主治医师", "√ 在岗", "补 补签", "李敏", "赵建国", "周慧", "（授权代签）", "盖章处", "2026年12月2日"):
        assert said in text
    for said in (*sheet.remarks, *sheet.amendments, "7KQ4-M2XD-91", "https://bangfu.example.org/v/7KQ4M2XD91"):
        assert said in text


def test_the_spreadsheet_says_the_same() -> None:
    sheet = replace(SHEET, delegate_note="授权代签", amendments=("2026年12月9日更正：11月5日夜班改为公出。",))
    said = texts_in(opened(write_xlsx(sheet)))
    for row in sheet.heading:
        assert {text for field in row for text in field} <= set(said)
    for text in ("李敏", "赵建国", "周慧\n（授权代签）", "受援单位盖章处", "2026年12月2日", "√ 在岗　补 补签　事 事假"):
        assert text in said
    for text in (*sheet.remarks, *sheet.amendments, "核验码 7KQ4-M2XD-91", "https://bangfu.example.org/v/7KQ4M2XD91"):
        assert text in said


def test_both_carry_the_same_symbols_and_figures() -> None:
    page, spreadsheet = only_page(SHEET), opened(write_xlsx(SHEET))
    assert grid_of_pdf(page) == grid_of_xlsx(spreadsheet) == SHEET.cells
    assert figures_of_xlsx(spreadsheet) == dict(SHEET.figures)
    assert figures_of_pdf(page, [label for label, _ in SHEET.figures]) == dict(SHEET.figures)


@pytest.mark.parametrize(("year", "month", "days"), [(2026, 2, 28), (2028, 2, 29), (2026, 11, 30), (2026, 12, 31)])
def test_days_that_the_month_has_not_are_crossed_out(year: int, month: int, days: int) -> None:
    sheet = replace(SHEET, year=year, month=month, cells={(days, NIGHT): "夜"})
    assert len(only_page(sheet).diagonals) == 3 * (31 - days)
    spreadsheet = opened(write_xlsx(sheet))
    assert _crossed(spreadsheet) == {(day, shift) for day in range(days + 1, 32) for shift in SHIFTS}
    weekdays = [spreadsheet.cell(5, 1 + day).value for day in range(1, 32)]
    assert weekdays[days - 1] == "一二三四五六日"[date(year, month, days).weekday()]
    assert not any(weekdays[days:])


def test_days_outside_of_the_dispatch_are_crossed_out_but_where_something_stands() -> None:
    sheet = replace(SHEET, outside_days=frozenset({1, 2, 3}))
    outside = {(day, shift) for day in (1, 2, 3, 31) for shift in SHIFTS} - {(3, MORNING), (3, AFTERNOON)}
    assert len(only_page(sheet).diagonals) == len(outside)
    assert _crossed(opened(write_xlsx(sheet))) == outside
    assert grid_of_pdf(only_page(sheet)) == SHEET.cells


def _crossed(sheet: Worksheet) -> set[tuple[int, Shift]]:
    first = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "上午")
    return {
        (day, shift)
        for offset, shift in enumerate(SHIFTS)
        for day in range(1, 32)
        if sheet.cell(first + offset, 1 + day).border.diagonalUp
    }


def test_free_days_are_shaded_in_both() -> None:
    sheet = replace(SHEET, free_days=frozenset({7, 8, 14}))
    assert only_page(sheet).shaded == 3
    spreadsheet = opened(write_xlsx(sheet))
    first = next(row for row in range(1, 20) if spreadsheet.cell(row, 1).value == "上午")
    shaded = {day for day in range(1, 32) if spreadsheet.cell(first, 1 + day).fill.patternType == "solid"}
    assert shaded == {7, 8, 14}


@pytest.mark.parametrize("day", [0, 31])
def test_what_stands_on_a_day_that_the_month_has_not_is_refused(day: int) -> None:
    with pytest.raises(ValueError, match="no day"):
        replace(SHEET, cells={(day, MORNING): "√"})


def test_long_names_are_shrunk_and_broken_and_stay_whole() -> None:
    sheet = replace(
        SHEET,
        recipient_name="某某自治州某某自治县某某民族乡中心卫生院（某某县第二人民医院医共体分院）",
        department="心血管内科与老年病科联合病区暨胸痛中心规范化培训基地",
        person_name="买买提依明·阿卜杜热合曼·吐尔逊尼亚孜·艾合买提江",
    )
    page = only_page(sheet)
    assert all(text in page.text for text in (sheet.recipient_name, sheet.department, sheet.person_name))
    for fragment in page.fragments:
        assert fragment.x >= 30
        assert fragment.x + width_of(fragment.text, fragment.size) <= page.width - 30


def test_a_name_longer_than_its_place_is_said_whole_among_the_remarks() -> None:
    name = "阿卜杜热合曼·" * 40
    text = only_page(replace(SHEET, person_name=name)).text
    assert f"姓名全称：{name}" in text
    assert "姓名全称" not in only_page(SHEET).text


def test_a_rare_character_is_shown_and_one_that_the_font_lacks_is_replaced_and_told() -> None:
    sheet = replace(SHEET, person_name="王㛃𬱖𰻝")
    text = only_page(sheet).text
    assert "王㛃𬱖〓" in text
    assert "以〓代替字库未收的字，其统一码为：U+30EDD。" in text
    assert "王㛃𬱖𰻝" in texts_in(opened(write_xlsx(sheet)))
    assert "〓" not in only_page(SHEET).text


def test_without_countersignature_the_sheet_says_on_every_page_that_it_is_not_valid() -> None:
    pages = pages_of(write_pdf(replace(UNSIGNED, remarks=["见例外说明。"] * 60)))
    assert len(pages) > 1
    assert all(page.outlined and "未会签　无效" in page.text for page in pages)
    notice = "未会签：本表未经受援单位院长会签，无效"
    assert notice in pages[0].text
    assert "会签后生成核验码" in pages[0].text
    assert notice in texts_in(opened(write_xlsx(UNSIGNED)))


def test_with_it_nothing_says_so() -> None:
    page = only_page(SHEET)
    assert not page.outlined
    assert "无效" not in page.text
    assert not any("无效" in text for text in texts_in(opened(write_xlsx(SHEET))))


def test_another_status_is_what_the_mark_says() -> None:
    assert "已退回　无效" in only_page(replace(UNSIGNED, status_label="已退回")).text


def test_a_month_with_nothing_in_it_prints() -> None:
    empty = replace(UNSIGNED, cells={}, legend=(), figures=(), remarks=(), department="", title="")
    assert "备注无" in only_page(empty).text
    assert "无" in texts_in(opened(write_xlsx(empty)))


def test_many_remarks_go_on_behind_the_signatures_and_none_is_lost() -> None:
    remarks = [f"第{number}条：11月{number % 30 + 1}日因山路塌方迟到，已现场确认。" for number in range(1, 71)]
    amendments = [f"第{number}次更正，2026年12月{number}日会签。" for number in range(1, 20)]
    pages = pages_of(write_pdf(replace(SHEET, remarks=remarks, amendments=amendments)))
    assert len(pages) == 3
    whole = "".join(page.text for page in pages)
    assert all(f"{number}. {text}" in whole for number, text in enumerate(remarks, start=1))
    assert all(text in whole for text in amendments)
    assert "院长签字" in pages[0].text
    for number, page in enumerate(pages, start=1):
        assert f"第 {number} 页　共 3 页" in page.text
        assert "7KQ4-M2XD-91" in page.text
        assert ("（接下页）" in page.text) == (number < 3)
        assert all(fragment.y > 10 for fragment in page.fragments)
    spreadsheet = texts_in(opened(write_xlsx(replace(SHEET, remarks=remarks, amendments=amendments))))
    assert all(f"{number}. {text}" in spreadsheet for number, text in enumerate(remarks, start=1))


def test_one_remark_longer_than_a_page_is_all_there() -> None:
    remark = "".join(f"其{number}、山路塌方；" for number in range(900))
    pages = pages_of(write_pdf(replace(SHEET, remarks=[remark])))
    lines = [f.text for page in pages for f in page.fragments if abs(f.x - BESIDE_THE_LABEL) < 1]
    assert remark in "".join(lines).replace("（接下页）", "")
    assert remark in "".join(texts_in(opened(write_xlsx(replace(SHEET, remarks=[remark])))))


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org","x")'])
def test_a_name_that_begins_like_a_formula_stays_text_even_when_it_is_edited(name: str) -> None:
    exported = io.BytesIO()
    write_month([replace(ROW, person_name=name)], exported, year=2026, month=11)
    for spreadsheet in (opened(write_xlsx(replace(SHEET, person_name=name))), opened(exported.getvalue())):
        (cell,) = (cell for row in spreadsheet.iter_rows() for cell in row if cell.value == name)
        assert cell.data_type == "s"
        assert cell.quotePrefix


def test_the_code_leads_to_the_record() -> None:
    assert SHEET.verification_url is not None
    code = qr_code(SHEET.verification_url)
    bars = [operands for operands, operator in only_page(SHEET).operations if operator == b"re"]
    squares = [(float(x), float(y), float(width), float(height)) for x, y, width, height in bars]
    module = min(height for *_, height in squares)
    drawn = [(x, y, width) for x, y, width, height in squares if height == pytest.approx(module, abs=0.01)]
    left, top = min(x for x, _, _ in drawn), max(y for _, y, _ in drawn)
    seen = [(round((x - left) / module), round((top - y) / module), round(width / module)) for x, y, width in drawn]
    assert seen == [(bar.x - QUIET, bar.y - QUIET, bar.length) for bar in code.bars]
    assert module > 1.1  # 0.4 mm, which a phone reads from paper


def test_the_same_sheet_makes_the_same_small_files() -> None:
    assert write_pdf(SHEET) == write_pdf(SHEET)
    assert write_xlsx(SHEET) == write_xlsx(SHEET)
    assert len(write_pdf(SHEET)) < 80_000


def test_every_font_of_the_pdf_is_embedded() -> None:
    fonts = only_page(SHEET).fonts
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_the_spreadsheet_prints_on_a4_landscape_one_page_wide() -> None:
    sheet = opened(write_xlsx(SHEET))
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0


def test_the_export_has_a_row_a_dispatch_with_figures_that_add_up() -> None:
    file = io.BytesIO()
    rows = [ROW, replace(ROW, person_name="李敏", figures=(("应出勤", "21"), ("实出勤", "20")))]
    assert write_month(rows, file, year=2026, month=11) == 2
    title, head, *body = opened(file.getvalue()).iter_rows(values_only=True)
    assert title[0] == "2026年11月对口支援派驻人员考勤汇总"
    assert head[:6] == ("受援单位", "科室", "姓名", "工号", "职称", "状态")
    assert head[6] == "1\n日"
    assert head[36:] == ("31", "应出勤", "实出勤")
    assert body[0][:6] == ("青石乡卫生院", "内科", "王小萌", "LJ0372", "主治医师", "已会签")
    assert (body[0][8], body[0][35]) == ("√补", "事")
    assert [row[37:] for row in body] == [(21, 18.5), (21, 20)]


def test_the_export_of_a_month_without_dispatches_has_its_head() -> None:
    file = io.BytesIO()
    assert write_month([], file, year=2028, month=2) == 0
    _, head = opened(file.getvalue()).iter_rows(values_only=True)
    assert head[0] == "受援单位"


def test_rows_with_other_figures_than_the_first_are_refused_and_nothing_is_written() -> None:
    file = io.BytesIO()
    with pytest.raises(ValueError, match="row 2"):
        write_month([ROW, replace(ROW, figures=(("应出勤", "21"),))], file, year=2026, month=11)
    assert file.getvalue() == b""


def test_the_export_keeps_no_row_that_it_has_written() -> None:
    given: list[weakref.ref[MonthRow]] = []
    alive: list[int] = []

    def rows() -> Iterator[MonthRow]:
        for number in range(300):
            row = replace(ROW, staff_number=f"LJ{number:04}")
            given.append(weakref.ref(row))
            yield row
            del row
            alive.append(sum(reference() is not None for reference in given))

    write_month(rows(), io.BytesIO(), year=2026, month=11)
    assert max(alive) <= 2
