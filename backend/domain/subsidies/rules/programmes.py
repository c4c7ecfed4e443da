"""What is paid, under which conditions: kinds of items."""

from __future__ import annotations

from enum import StrEnum


class ItemKind(StrEnum):
    """How a sum comes about."""

    PER_DAY = "per_day"  # for each actual day of the countersigned timesheet, in halves
    PER_MONTH = "per_month"
    RETURN_FARE = "return_fare"  # every so many months, against receipts


ITEM_KIND_LABELS = {
    ItemKind.PER_DAY: "按实际天数",
    ItemKind.PER_MONTH: "按月",
    ItemKind.RETURN_FARE: "往返路费（凭票）",
}
