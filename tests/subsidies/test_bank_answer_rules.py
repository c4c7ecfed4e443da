"""What banks write: their headers, words, sums and days; and what cannot be taken for an answer."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.subsidies.errors.bank_answers import AnswerEmpty, AnswerWithoutColumns
from backend.domain.subsidies.rules.bank_answer import AnswerLine, fingerprint, read_answer
from backend.domain.subsidies.rules.payments import safe_reason
from backend.foundation.money import yuan

HEADER = ["流水号", "金额", "结果", "原因", "日期"]
GOOD = ["BF2026001-0001", "100.00", "成功", "", "2026-11-20"]
DAY = date(2026, 11, 20)
ACCOUNT = "6228480402564890018"


def only(row: list[Any], header: list[Any] | None = None) -> AnswerLine:
    [line], problems = read_answer([header or HEADER, row])
    assert problems == []
    return line


def told(*rows: list[Any]) -> list[tuple[int, str]]:
    return [(problem.row, problem.text) for problem in read_answer([HEADER, *rows])[1]]


def test_a_plain_line_is_read() -> None:
    assert only(GOOD) == AnswerLine(2, "BF20260010001", 10_000, True, DAY)


def test_headers_of_banks_are_known_below_titles_in_any_order_and_with_units() -> None:
    rows = [
        ["代发业务回盘", "", "", ""],
        [],
        ["交易流水号", "处理 状态", "交易金额（元）", "附言", "入账日期", "失败原因:"],
        ["998877", "交易成功", "100", "BF2026001-0001", "20261120", ""],
    ]
    [line], problems = read_answer(rows)
    assert problems == []
    assert line == AnswerLine(4, "BF20260010001", 10_000, True, DAY, bank_reference="998877")


@pytest.mark.parametrize(
    "amount",
    ["100.00", "100", "１００．００", "¥100.00", "￥100.00元", "人民币100.00", "100.00 CNY", 100, 100.0, "'100"],
)
def test_a_sum_is_read_as_banks_and_spreadsheets_write_it(amount: Any) -> None:
    assert only(["BF2026001-0001", amount, "成功", "", "2026-11-20"]).amount_fen == 10_000


@pytest.mark.parametrize("amount", ["100.001", 100.005, "一百", "", "1,00", True, float("nan"), float("inf")])
def test_what_is_no_sum_in_whole_fen_is_a_problem_of_its_row(amount: Any) -> None:
    [(row, text)] = told(["BF2026001-0001", amount, "成功", "", "2026-11-20"])
    assert (row, text[:2]) == (2, "金额")


@given(st.integers(0, 10**10))
def test_every_sum_of_a_payment_file_is_read_back_as_text_and_as_a_number(fen: int) -> None:
    assert only([GOOD[0], yuan(fen), "成功", "", "2026-11-20"]).amount_fen == fen
    assert only([GOOD[0], fen / 100, "成功", "", "2026-11-20"]).amount_fen == fen


@pytest.mark.parametrize("result", ["成功", "交易成功", "成功入账", "已入账", "S", "success", "Y"])
def test_words_for_paid(result: str) -> None:
    assert only([*GOOD[:2], result, "", "2026-11-20"]).is_paid


@pytest.mark.parametrize(
    "result", ["失败", "处理失败", "不成功", "未成功", "未能成功", "没有成功", "退回", "已退汇", "FAIL", "n", "拒绝"]
)
def test_words_for_failed_need_no_day_and_get_a_reason(result: str) -> None:
    line = only([*GOOD[:2], result, "", ""])
    assert (line.is_paid, line.reason, line.day) == (False, "银行未说明原因", None)


@pytest.mark.parametrize("result", ["处理中", "部分成功", "", "待处理", "0", "可疑", ACCOUNT])
def test_what_is_neither_paid_nor_failed_is_a_problem_that_quotes_no_number(result: str) -> None:
    [(row, text)] = told([*GOOD[:2], result, "", "2026-11-20"])
    assert row == 2
    assert not any(digit in text for digit in "0123456789")


@pytest.mark.parametrize(
    "day",
    [
        *("2026-11-20", "2026/11/20", "2026.11.20", "20261120", "2026年11月20日"),
        *("2026-11-20 10:20:30", "20261120102030", 20261120.0, "46346", 46346.0),
        *(DAY, datetime(2026, 11, 20, 10, 20)),  # noqa: DTZ001
    ],
)
def test_a_day_is_read_as_banks_and_spreadsheets_write_it(day: Any) -> None:
    assert only([*GOOD[:4], day]).day == DAY


@pytest.mark.parametrize("day", ["", "昨天", "2026-13-01", "2026-02-30", "11-20"])
def test_what_was_paid_on_no_day_is_a_problem(day: str) -> None:
    assert told([*GOOD[:4], day]) == [(2, "没有到账日期，或日期无法识别。")]


@pytest.mark.parametrize(
    "reference", ["BF2026001-0001", "bf2026001-0001", "BF20260010001", ' ="BF2026001-0001" ', "'BF2026001-0001"]
)
def test_a_reference_comes_back_as_banks_and_spreadsheets_leave_it(reference: str) -> None:
    assert only([reference, *GOOD[1:]]).reference == "BF20260010001"


def test_totals_blank_rows_and_who_made_the_table_are_no_lines() -> None:
    rows = [HEADER, GOOD, ["", "", ""], ["合计", "100.00"], [], ["", "制表人：某人"], ["总笔数：1"]]
    lines, problems = read_answer(rows)
    assert (len(lines), problems) == (1, [])


def test_a_line_without_a_reference_and_a_repeated_one_are_named_by_their_rows() -> None:
    assert told(GOOD, ["", "100.00", "成功", "", "2026-11-20"], [GOOD[0].lower(), *GOOD[1:]]) == [
        (3, "没有流水号。"),
        (4, "流水号与第2行重复。"),
    ]


def test_a_table_without_what_is_needed_names_what_is_missing() -> None:
    with pytest.raises(AnswerWithoutColumns) as refused:
        read_answer([["流水号", "金额", "账号"], ["BF1", "1", ACCOUNT]])
    assert refused.value.text == "回盘文件缺少列：结果、日期。请向银行索取含这些列的文件。"
    with pytest.raises(AnswerWithoutColumns):
        read_answer([["a", "b"], ["1", "2"]])
    with pytest.raises(AnswerEmpty):
        read_answer([HEADER, ["合计", "0.00"]])


def test_the_same_answer_has_the_same_fingerprint_whatever_its_order_and_its_words() -> None:
    other = ["BF2026001-0002", "5", "成功", "", "2026-11-20"]
    one = read_answer([HEADER, GOOD, other])[0]
    again = read_answer([HEADER, [], other, ["bf20260010001", 100.0, "交易成功", "", "20261120"]])[0]
    assert fingerprint(one) == fingerprint(again)
    assert fingerprint(one) != fingerprint(read_answer([HEADER, GOOD, [*other[:4], "2026-11-19"]])[0])


@pytest.mark.parametrize(
    "written", [f"账号{ACCOUNT}不存在", "账号6228 4804 0256 4890 018不存在", f"账号 {ACCOUNT[:8]}-{ACCOUNT[8:]} 不存在"]
)
def test_an_account_in_a_banks_reason_is_masked(written: str) -> None:
    kept = safe_reason(written)
    assert ACCOUNT[4:-4] not in kept.replace(" ", "").replace("-", "")
    assert kept.endswith("不存在")


@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=20), st.floats(), st.booleans(), st.dates(), st.none()), max_size=6),
        max_size=6,
    )
)
def test_whatever_stands_in_the_rows_is_read_or_told_and_never_fails(rows: list[list[Any]]) -> None:
    with contextlib.suppress(AnswerEmpty):
        lines, problems = read_answer([HEADER, *rows])
        assert len(lines) <= len(rows)
        assert all(2 <= problem.row <= len(rows) + 1 for problem in problems)
