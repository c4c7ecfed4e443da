"""The columns of records in a spreadsheet: what every record has, then what the kinds among them ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.activities.queries.exporting import RecordRow
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.content import shown_value
from backend.domain.activities.rules.fields import Field, FieldKind
from backend.domain.activities.rules.kinds import KINDS, ActivityKind
from backend.domain.activities.rules.statuses import STATUS_LABELS
from backend.foundation.clock import local

Cell = str | int | float | date
_NUMBERS = (FieldKind.COUNT, FieldKind.HOURS)
_WIDTHS = {FieldKind.LONG_TEXT: 40, FieldKind.TEXT: 20, FieldKind.COUNT: 10, FieldKind.HOURS: 8}


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters, and what a record has in it."""

    heading: str
    width: int
    cell: Callable[[RecordRow], Cell]


def columns_of(kinds: Collection[ActivityKind], *, clinical: bool) -> list[Column]:
    """Return the columns for records of these kinds; those about patients only if `clinical`."""
    fields: dict[str, dict[ActivityKind, Field]] = {}
    for kind, entry in KINDS.items():
        for field in entry.fields if kind in kinds else ():
            if field.name != entry.title and (clinical or not field.clinical):
                fields.setdefault(_heading(field), {})[kind] = field
    return [*_COMMON, *(_field_column(heading, by_kind) for heading, by_kind in fields.items())]


def _heading(field: Field) -> str:
    return f"{field.label}（{field.unit}）" if field.kind in _NUMBERS and field.unit else field.label


def _field_column(heading: str, by_kind: Mapping[ActivityKind, Field]) -> Column:
    """Return the column of the fields that are called the same, whatever their names in their kinds."""

    def cell(row: RecordRow) -> Cell:
        field = by_kind.get(row.kind)
        value = row.values.get(field.name) if field else None
        if field is None or value is None:
            return ""
        if field.kind in _NUMBERS:
            number: float = value
            return number
        return shown_value(field, value)

    width = max(_WIDTHS.get(field.kind, 12) for field in by_kind.values())
    return Column(heading, max(width, 2 * len(heading) + 2 if len(heading) < 10 else 0), cell)


def _number(amount: Amount) -> Cell:
    return "" if amount.value is None else amount.value


def _as_said(amount: Amount, unit: str) -> str:
    exact = amount.value is not None and not amount.at_least and not amount.about
    return "" if exact else amount.label(unit)


def _person_times(row: RecordRow) -> Amount | None:
    return row.person_times if KINDS[row.kind].person_times else None


def _reached(row: RecordRow) -> Cell:
    amount = _person_times(row)
    return _number(amount) if amount else ""


def _reached_as_said(row: RecordRow) -> str:
    amount = _person_times(row)
    return _as_said(amount, "人次") if amount else ""


def _moment(value: datetime | None) -> str:
    return f"{local(value):%Y-%m-%d %H:%M}" if value else ""


_COMMON = (
    Column("日期", 12, lambda row: row.occurred_on),
    Column("类别", 14, lambda row: KINDS[row.kind].label),
    Column("名称", 28, lambda row: row.title),
    Column("姓名", 10, lambda row: row.person_name),
    Column("工号", 12, lambda row: row.staff_number),
    Column("支援医院", 22, lambda row: row.supporting),
    Column("受援单位", 22, lambda row: row.recipient),
    Column("科室", 12, lambda row: row.department),
    Column("数量", 8, lambda row: _number(row.quantity)),
    Column("单位", 7, lambda row: KINDS[row.kind].unit.value),
    Column("数量原话", 11, lambda row: _as_said(row.quantity, KINDS[row.kind].unit.value)),
    Column("人次", 8, _reached),
    Column("人次原话", 11, _reached_as_said),
    Column("状态", 14, lambda row: STATUS_LABELS[row.status]),
    Column("补记", 7, lambda row: "补记" if row.is_late else ""),
    Column("版本", 7, lambda row: row.edition),
    Column("附件", 7, lambda row: row.files),
    Column("首次提交", 17, lambda row: _moment(row.submitted_at)),
    Column("会签人", 10, lambda row: row.countersigned_by),
    Column("会签时间", 17, lambda row: _moment(row.countersigned_at)),
    Column("台账来源", 26, lambda row: row.source),
)
