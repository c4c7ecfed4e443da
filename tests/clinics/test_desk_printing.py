"""The printed list of a clinic's day: whole, in order, of little data, and the same bytes for the same list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from backend.domain.clinics.printing.day_list import PrintedBooking, PrintedDay, write_day_list
from tests.clinics.desk_world import DAY, at
from tests.support.printed import pages_of

ROW = PrintedBooking(1, False, at(8, 30), at(9), "罗*兰", "女", 67)
LIST = PrintedDay(
    organisation="青石镇中心卫生院",
    site="院本部",
    expert="吕芬春 主治医师",
    department="内科",
    local_doctor="韦长青",
    day=DAY,
    starts_at=at(8, 30),
    ends_at=at(11, 30),
    closed=False,
    rows=[
        ROW,
        replace(ROW, number=2, name_masked="欧**珠", sex_label="", age=None),
        replace(ROW, number=61, extra=True),
    ],
    printed_at=at(8),
)


def long_list(people: int) -> PrintedDay:
    rows = []
    for number in range(1, people + 1):
        begins = at(8, 30) + timedelta(minutes=30 * (number // 10))
        rows.append(replace(ROW, number=number, starts_at=begins, ends_at=begins + timedelta(minutes=30)))
    return replace(LIST, rows=rows)


def test_it_says_whose_clinic_it_is_when_and_where() -> None:
    (page,) = pages_of(write_day_list(LIST))
    assert "青石镇中心卫生院门诊就诊名单" in page.text
    assert "吕芬春 主治医师　内科　跟诊：韦长青" in page.text
    assert "2026年9月2日 星期三 08:30–11:30　院本部" in page.text
    assert "第 1 页　共 1 页" in page.text
    assert "打印于 2026-09-02 08:00" in page.text


def test_a_line_has_number_period_masked_name_sex_and_age() -> None:
    (page,) = pages_of(write_day_list(LIST))
    lines: dict[int, list[str]] = {}
    for fragment in sorted(page.fragments, key=lambda one: (-one.y, one.x)):
        lines.setdefault(round(fragment.y), []).append(fragment.text)
    rows = [tuple(texts) for texts in lines.values()]
    assert ("1", "08:30–09:00", "罗*兰", "女", "67") in rows
    assert ("2", "08:30–09:00", "欧**珠") in rows
    assert ("61加", "08:30–09:00", "罗*兰", "女", "67") in rows


def test_a_long_list_goes_on_and_names_its_columns_on_each_page() -> None:
    pages = pages_of(write_day_list(long_list(80)))
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert all(label in page.text for label in ("序号", "时段", "姓名", "到诊", "未到", "备注"))
        assert f"第 {number} 页　共 3 页" in page.text
        assert all(10 < fragment.y < page.height - 10 for fragment in page.fragments)
    printed = [fragment.text for page in pages for fragment in page.fragments if fragment.text.isdigit()]
    assert [int(number) for number in printed if number != "67"] == [n for n in range(1, 81) if n != 67]


def test_no_sheet_is_printed_for_empty_lines_alone() -> None:
    assert [len(pages_of(write_day_list(long_list(people)))) for people in (30, 31, 60)] == [1, 2, 2]


def test_a_list_of_nobody_prints_with_lines_to_write_on() -> None:
    (page,) = pages_of(write_day_list(replace(LIST, rows=[])))
    assert "共 0 人" in page.text


def test_the_list_of_a_closed_clinic_says_so_across_the_sheet() -> None:
    (page,) = pages_of(write_day_list(replace(LIST, closed=True)))
    assert page.outlined
    assert "已停诊" in page.text
    assert not pages_of(write_day_list(LIST))[0].outlined


def test_the_same_list_is_the_same_small_file_with_its_font() -> None:
    assert write_day_list(LIST) == write_day_list(LIST)
    assert len(write_day_list(long_list(80))) < 80_000
    (page,) = pages_of(write_day_list(LIST))
    assert all("/FontFile2" in font["/FontDescriptor"] for font in page.fonts)
