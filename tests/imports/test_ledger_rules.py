"""Days, kinds and amounts as ledgers write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.kinds import KINDS, ActivityKind, KindEntry
from backend.domain.imports.rules.activity_words import activity_kind_of
from backend.domain.imports.rules.amounts import MOST, Said, said_of
from backend.domain.imports.rules.findings import CellProblem
from backend.domain.imports.rules.ledger_days import month_of, occurred_day_of

_DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """Return a number below 10,000 as it is read aloud."""
    if number == 0:
        return "零"
    text, gap = "", False
    for scale, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + mark
            gap = False
        else:
            gap = True
    return text.removeprefix("一") if 10 <= number < 20 else text


@given(st.integers(0, MOST))
def test_a_number_means_the_same_however_it_is_written(number: int) -> None:
    wide = str(number).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    for written in (number, float(number), str(number), f"{number:,}", wide, in_chinese(number), f" {number} "):
        assert said_of(written) == Said(Amount(number), "")


@given(st.integers(0, MOST), st.booleans(), st.booleans(), st.sampled_from(["", "人次", "例", "台次", "次"]))
def test_an_amount_is_read_as_it_is_shown(number: int, at_least: bool, about: bool, unit: str) -> None:
    amount = Amount(number, at_least=at_least, about=about)

    assert said_of(amount.label(unit)) == Said(amount, unit)


@given(st.one_of(st.text(max_size=12), st.floats(), st.integers(), st.booleans(), st.dates()))
def test_whatever_stands_in_a_cell_is_an_amount_or_told_to_be_none(value: object) -> None:
    number: int | None = None
    why_not = ""
    try:
        number = said_of(value).amount.value
    except CellProblem as problem:
        why_not = problem.message
    assert why_not.endswith("。") if number is None else 0 <= number <= MOST


@pytest.mark.parametrize(
    ("written", "amount", "unit"),
    [
        ("20余", Amount(20, at_least=True), ""),
        ("30多人", Amount(30, at_least=True), "人"),
        ("二十余人次", Amount(20, at_least=True), "人次"),
        ("百余", Amount(100, at_least=True), ""),
        ("逾50人", Amount(50, at_least=True), "人"),
        ("100人以上", Amount(100, at_least=True), "人"),
        ("约30", Amount(30, about=True), ""),
        ("30人左右", Amount(30, about=True), "人"),
        ("两千三百", Amount(2300), ""),
        ("1.2千", Amount(1200), ""),
    ],
)
def test_what_is_said_vaguely_stays_as_vague(written: str, amount: Amount, unit: str) -> None:
    assert said_of(written) == Said(amount, unit)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("近百", "amount_vague"),
        ("几十", "amount_vague"),
        ("不到20", "amount_vague"),
        ("30-40", "amount_range"),
        (-3.0, "amount_negative"),
        ("－3", "amount_negative"),
        (12.5, "amount_fraction"),
        ("1.5", "amount_fraction"),
        (10_000.0, "amount_too_large"),
        (datetime(2025, 1, 2), "amount_invalid"),  # noqa: DTZ001
        ("若干", "amount_vague"),
        ("二十三十", "amount_invalid"),
        ("3次/周", "amount_invalid"),
        ("36①", "amount_invalid"),  # a footnote
        ("5²", "amount_invalid"),
    ],
)
def test_what_cannot_be_counted_is_refused(written: object, code: str) -> None:
    with pytest.raises(CellProblem) as problem:
        said_of(written)
    assert problem.value.code == code


@pytest.mark.parametrize(
    "written",
    [
        *("2025.1.2", "2025年1月2日", "2025年1月2号", "20250102", "2025/1/2", "２０２５．１．２", "45659"),
        *(45659.0, 20250102.0, datetime(2025, 1, 2, 9, 30), date(2025, 1, 2)),  # noqa: DTZ001
    ],
)
def test_a_day_is_understood_in_the_usual_forms(written: object) -> None:
    assert occurred_day_of(written) == date(2025, 1, 2)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2025年1月", "day_is_month"),
        (2025.1, "day_is_month"),
        ("3月", "day_is_month"),
        ("1月2日-3日", "day_is_range"),
        ("2025年1月2、3日", "day_is_range"),
        ("2025.1.2-2025.1.3", "day_is_range"),
        ("1月2日", "day_without_year"),
        ("2025.2.30", "day_invalid"),
        ("上旬", "day_invalid"),
        ("1999-12-31", "day_out_of_range"),
    ],
)
def test_what_is_not_one_day_is_refused_with_what_to_write(written: object, code: str) -> None:
    with pytest.raises(CellProblem) as problem:
        occurred_day_of(written)
    assert problem.value.code == code


@pytest.mark.parametrize("written", ["2025-01", "2025年1月", "2025年1月份", "202501", datetime(2025, 1, 31)])  # noqa: DTZ001
def test_a_month_is_understood_in_the_usual_forms(written: object) -> None:
    assert month_of(written) == date(2025, 1, 1)


@pytest.mark.parametrize("entry", KINDS.values(), ids=lambda entry: entry.kind)
def test_every_kind_is_known_by_its_label_and_its_words(entry: KindEntry) -> None:
    for word in (entry.label, *entry.words):
        assert activity_kind_of(word) is entry.kind
        assert activity_kind_of(f"　{' '.join(word)}（本院）") is entry.kind


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("讲座（健康教育）", ActivityKind.LECTURE),
        ("手术(带教)", ActivityKind.SURGERY_TAUGHT),
        ("1、门诊", ActivityKind.OUTPATIENT_CLINIC),
        ("开展义诊活动", ActivityKind.FREE_CLINIC),
        ("门诊工作量", ActivityKind.OUTPATIENT_CLINIC),
        ("教 学 查 房", ActivityKind.TEACHING_ROUND),
    ],
)
def test_kinds_are_understood_however_they_are_typed(written: str, kind: ActivityKind) -> None:
    assert activity_kind_of(written) is kind


def test_an_unknown_kind_is_refused_with_those_that_come_near() -> None:
    with pytest.raises(CellProblem, match="activity_kind_unknown") as problem:
        activity_kind_of("危重病人讨论会")
    assert "危重病例讨论" in problem.value.message
    with pytest.raises(CellProblem, match="activity_kind_ambiguous"):
        activity_kind_of("讲座、培训")
