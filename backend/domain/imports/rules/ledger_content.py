"""What a row of an old ledger amounts to as a record of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount, exactly
from backend.domain.activities.rules.kinds import KINDS, ActivityKind, KindEntry, Unit
from backend.domain.imports.rules.activity_words import unit_fits
from backend.domain.imports.rules.amounts import Said
from backend.domain.imports.rules.findings import CellProblem
from backend.domain.imports.rules.rows import ActivityRow

_OF_PEOPLE = ("人次", "人", "名", "")
_LONGEST_TITLE = 100


class RowProblem(CellProblem):
    """What is wrong with a row, in the column of a field."""

    def __init__(self, code: str, message: str, of: str) -> None:
        super().__init__(code, message)
        self.of = of


@dataclass(frozen=True, slots=True)
class LedgerContent:
    """Amounts, title and fields; `private` goes where fields about a patient go, encrypted."""

    quantity: Amount
    person_times: Amount
    title: str
    details: dict[str, Any]
    private: dict[str, Any]


def ledger_content_of(row: ActivityRow, kind: ActivityKind) -> LedgerContent:
    """Return what a row amounts to.

    Where a ledger has no column of quantities, a record of what is done one by one counts as one; a blank cell is
    not reported. A kind that is itself counted in 人次 may have its number in either column.

    Raises:
        RowProblem: a unit or a number does not fit the kind.
    """
    entry = KINDS[kind]
    _take_second_columns(row)
    _refuse_units(row, entry)
    quantity, reached = _amounts(row, entry)
    notes = [] if entry.title else [row.title]
    if reached.value is not None and not entry.person_times:
        notes.append(f"涉及{reached.label('人次')}")
        reached = NOT_REPORTED
    note = "；".join(part for part in (*notes, row.note) if part)
    details = {entry.title: row.title} if entry.title and row.title else {}
    open_note = any(field.name == "note" and not field.clinical for field in entry.fields)
    noted = {"note": note} if note else {}
    return LedgerContent(
        quantity=quantity,
        person_times=reached,
        title=_shortened(row.title) if entry.title else "",
        details={**details, **noted} if open_note else details,
        private={} if open_note else noted,
    )


def _take_second_columns(row: ActivityRow) -> None:
    """Take up what stands in a second column of topics or quantities."""
    row.title = "；".join(dict.fromkeys(part for part in (row.title, row.title_too) if part))
    if row.quantity is not None and row.quantity_too is not None and row.quantity != row.quantity_too:
        message = "两列都填了数量，又不一致，请只填一处。"
        raise RowProblem("amounts_differ", message, "quantity_too")
    row.quantity = row.quantity or row.quantity_too


def _amounts(row: ActivityRow, entry: KindEntry) -> tuple[Amount, Amount]:
    quantity = row.quantity.amount if row.quantity else NOT_REPORTED
    reached = row.person_times.amount if row.person_times else NOT_REPORTED
    if entry.person_times:
        most = entry.field(entry.person_times).maximum
        if (reached.value or 0) > most:
            message = f"“{entry.label}”的人次最多{most}，请核对；确实更多的，请按场次分行填写。"
            raise RowProblem("amount_too_large", message, "person_times")
    elif entry.unit is Unit.PERSON_TIMES:
        if row.quantity and row.person_times and quantity != reached:
            message = f"“{entry.label}”以人次计，“数量”和“人次”却不一致，请只填一处。"
            raise RowProblem("amounts_differ", message, "person_times")
        return (quantity if row.quantity else reached), NOT_REPORTED
    if row.quantity is None and not entry.quantity and "quantity" not in row.layout.columns:
        quantity = exactly(1)
    return quantity, reached


def _refuse_units(row: ActivityRow, entry: KindEntry) -> None:
    said: Said | None = row.quantity
    if said is not None:
        for unit, of in ((row.unit, "unit"), (said.unit, "quantity")):
            if unit and not unit_fits(entry, unit):
                there = "人次请填在“人次”列。" if entry.person_times and unit in _OF_PEOPLE else ""
                message = f"“{entry.label}”的数量以“{entry.unit}”计，不能是“{unit}”。{there or '请改正。'}"
                raise RowProblem("unit_wrong", message, of)
    if row.person_times is not None and row.person_times.unit not in _OF_PEOPLE:
        message = f"这一列填人次，不能是“{row.person_times.unit}”。请改正。"
        raise RowProblem("unit_wrong", message, "person_times")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"
