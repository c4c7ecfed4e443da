"""What organisations report of themselves by month: amounts as they were said, and what a year of them comes to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount, has_footnote, summed


class Indicator(StrEnum):
    """A figure of a whole organisation; income is in fen."""

    OUTPATIENTS = "outpatients"
    INPATIENTS = "inpatients"
    INCOME = "income"


INDICATOR_LABELS = {
    Indicator.OUTPATIENTS: "门诊人次",
    Indicator.INPATIENTS: "住院人次",
    Indicator.INCOME: "业务收入",
}
INDICATOR_UNITS = {Indicator.OUTPATIENTS: "人次", Indicator.INPATIENTS: "人次", Indicator.INCOME: "元"}
MOST_PERSON_TIMES = 10_000_000  # of one organisation in one month: what is more is a slip
_TEN_THOUSAND_YUAN = 1_000_000  # in fen
MOST_FEN = 1_000_000_000_000  # 100亿元
TOO_LARGE = "数值过大，请核对单位。"
_ABOUT = frozenset({"约", "大约", "约有", "约为", "大概", "左右", "上下"})
_AT_LEAST = frozenset({"超", "超过", "逾", "至少", "不少于", "余", "多", "以上", "+"})
_SCALES = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_SAID = re.compile(
    r"(?P<before>大约|约有|约为|约|大概|超过|超|逾|至少|不少于)?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<after>余|多|\+)?"
    r"(?P<scale>百万|千万|百|千|万|亿)?"
    r"(?P<behind>余|多|\+)?"
    r"(?P<unit>人次|人|例次|例|元)?整?"
    r"(?P<last>左右|上下|以上|余|多)?"
)


class AmountInvalid(ValueError):
    """What was said is no amount of this indicator; the text says in Chinese what is."""


def read_amount(indicator: Indicator, said: object, *, unit: str = "") -> Amount:
    """Return an amount as somebody said it: 1,455, 1.2万人次, 20余万元, 约30; blank is not reported, 0 is 0.

    `unit`: in what a bare number is, as the head of a column says, 万元 for example; 元 or 人次 unless told.

    Raises:
        AmountInvalid: it is no amount, negative, of another unit, too exact to be kept, or too large to be true.
    """
    text = "".join(unicodedata.normalize("NFKC", "" if said is None else str(said)).split())
    if not text:
        return NOT_REPORTED
    if re.match(r"负|[-−]\d", text):
        raise AmountInvalid("不能是负数。")
    match = _SAID.fullmatch(text)
    if match is None or has_footnote(str(said)):
        raise AmountInvalid(_how(indicator))
    stated = (match["scale"] or "") + (match["unit"] or "")
    words = {match["before"], match["after"], match["behind"], match["last"]}
    return Amount(
        _counted(indicator, Decimal(match["number"].replace(",", "")), stated or unit),
        at_least=bool(words & _AT_LEAST),
        about=bool(words & _ABOUT),
    )


def _counted(indicator: Indicator, number: Decimal, unit: str) -> int:
    scale, of = _split(unit)
    money = indicator is Indicator.INCOME
    if scale is None or (of and (of == "元") is not money):
        raise AmountInvalid(_how(indicator))
    counted = number * scale * (100 if money else 1)
    if counted != counted.to_integral_value():
        raise AmountInvalid("金额最多精确到分。" if money else "应为整数。")
    if counted > most_of(indicator):
        raise AmountInvalid(TOO_LARGE)
    return int(counted)


def most_of(indicator: Indicator) -> int:
    """Return what one organisation may report of one month at most, person-times or fen."""
    return MOST_FEN if indicator is Indicator.INCOME else MOST_PERSON_TIMES


def _split(unit: str) -> tuple[int | None, str]:
    """Return what a unit multiplies by, and what it counts: 万元 is (10000, 元)."""
    of = next((name for name in ("人次", "例次", "人", "例", "元") if unit.endswith(name)), "")
    return _SCALES.get(unit.removesuffix(of)), of


def _how(indicator: Indicator) -> str:
    if indicator is Indicator.INCOME:
        return "请填写金额，如 128.5万元、1285000元、约130万元；没有上报的留空。"
    return "请填写人次，如 1455、1.2万人次、20余；没有上报的留空。"


def amount_label(indicator: Indicator, amount: Amount) -> str:
    """Return an amount in Chinese, exactly as it is: money in 万元 where that loses nothing."""
    if indicator is not Indicator.INCOME or amount.value is None:
        return amount.label(INDICATOR_UNITS[indicator])
    in_ten_thousands = amount.value >= _TEN_THOUSAND_YUAN and amount.value % (_TEN_THOUSAND_YUAN // 100) == 0
    unit = "万元" if in_ten_thousands else "元"
    number = Decimal(amount.value) / (_TEN_THOUSAND_YUAN if in_ten_thousands else 100)
    said = f"{number.normalize():,f}"
    return f"{'约' if amount.about else ''}{said}{'余' if amount.at_least else ''}{unit}"


@dataclass(frozen=True)
class Total:
    """What an organisation reported in some months, and the months that are over and were not reported."""

    amount: Amount
    unreported: tuple[int, ...]

    def label(self, indicator: Indicator) -> str:
        """Return the sum of what was reported, the months without a report named beside it."""
        if self.amount.value is None or not self.unreported:
            return amount_label(indicator, self.amount)
        return f"{amount_label(indicator, self.amount)}（{self.unreported_label}）"

    @property
    def unreported_label(self) -> str:
        """Return the months without a report, those in a row as a span: 2–4月、6月未报; empty where there is none."""
        spans: list[list[int]] = []
        for month in self.unreported:
            if spans and spans[-1][-1] == month - 1:
                spans[-1].append(month)
            else:
                spans.append([month])
        named = [f"{span[0]}–{span[-1]}月" if len(span) > 1 else f"{span[0]}月" for span in spans]
        return f"{'、'.join(named)}未报" if named else ""


def total_of_year(amounts: Mapping[int, Amount], *, months_over: int) -> Total:
    """Return the total of a year from the amounts by month; `months_over`: how many months of it have ended."""
    reported = [month for month, amount in sorted(amounts.items()) if amount.value is not None]
    unreported = tuple(month for month in range(1, months_over + 1) if month not in reported)
    return Total(summed([amounts[month] for month in reported]), unreported)
