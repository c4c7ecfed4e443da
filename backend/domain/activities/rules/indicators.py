"""What organisations report of themselves by month."""

from __future__ import annotations

from enum import StrEnum


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
