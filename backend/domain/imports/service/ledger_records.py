"""Making records of the rows of an old ledger."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.amounts import Amount, summed
from backend.domain.activities.rules.kinds import KINDS, ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.imports.rules.findings import Findings
from backend.domain.imports.rules.ledger_content import LedgerContent, RowProblem, ledger_content_of
from backend.domain.imports.rules.rows import ActivityRow
from backend.domain.imports.service.files import File
from backend.domain.imports.service.ledger_people import Doer, PeopleOfLedgers, Postings
from backend.foundation.encryption import encrypt_bytes
from backend.foundation.ids import new_id

COLUMNS = (
    *("source_hash", "id", "series_id", "kind", "occurred_on", "person_id", "supporting_id", "recipient_id"),
    *("department_id", "dispatch_id", "title", "quantity", "quantity_at_least", "quantity_about", "person_times"),
    *("person_times_at_least", "person_times_about", "details", "clinical", "status", "import_id", "source"),
)
HASH = COLUMNS.index("source_hash")


class Totals:
    """What all rows come to by kind, as one compares it with the foot of the ledger."""

    def __init__(self) -> None:
        self._rows: dict[ActivityKind, int] = defaultdict(int)
        self._quantity: dict[ActivityKind, Amount] = defaultdict(Amount)
        self._reached: dict[ActivityKind, Amount] = defaultdict(Amount)

    def add(self, kind: ActivityKind, content: LedgerContent) -> None:
        """Count a row in."""
        self._rows[kind] += 1
        self._quantity[kind] = summed([self._quantity[kind], content.quantity])
        self._reached[kind] = summed([self._reached[kind], content.person_times])

    def lines(self) -> list[dict[str, Any]]:
        """Return kind, rows and amounts in words, in the order of the table of kinds."""
        return [
            {
                "label": entry.label,
                "rows": self._rows[entry.kind],
                "quantity": self._quantity[entry.kind].label(entry.unit),
                "person_times": self._reached[entry.kind].label("人次") if entry.person_times else "",
            }
            for entry in KINDS.values()
            if entry.kind in self._rows
        ]


class RecordMaker:
    """Makes a record of each row that is in order; of the others it notes why not."""

    def __init__(
        self,
        people: PeopleOfLedgers,
        postings: Postings,
        findings: Findings,
        file: File,
        today: date,
    ) -> None:
        self._people = people
        self._findings = findings
        self._file = file
        self._today = today
        self._equal_before: dict[bytes, int] = defaultdict(int)
        self._postings = postings

    def record_of(self, row: ActivityRow, totals: Totals) -> tuple[Any, ...] | None:
        """Return a record in the order of `COLUMNS`, None where something is wrong with its row."""
        try:
            doer = self._doer(row)
            if row.broken or row.kind is None or row.occurred_on is None or doer is None:
                return None
            if row.occurred_on > self._today:
                raise RowProblem("day_in_future", "这一天还没有到，请核对日期。", "occurred_on")
            content = ledger_content_of(row, row.kind)
        except RowProblem as problem:
            self._findings.error(row.finding(problem.code, problem.message, problem.of))
            return None
        totals.add(row.kind, content)
        return self._record(row, row.kind, row.occurred_on, doer, content)

    def _doer(self, row: ActivityRow) -> Doer | None:
        if row.staff_number is None and row.name is None:
            if not row.broken:
                raise RowProblem("value_missing", "没有写是谁做的，请填写工号（没有工号时填写姓名）。", "staff_number")
            return None
        return self._people.doer_of(row)

    def _record(
        self, row: ActivityRow, kind: ActivityKind, day: date, doer: Doer, content: LedgerContent
    ) -> tuple[Any, ...]:
        record_id = new_id()
        fitting = [one for one in self._postings.of(doer.person.id, day) if one.recipient_id == doer.recipient.id]
        dispatch = fitting[0] if len(fitting) == 1 else None
        quantity, reached = content.quantity, content.person_times
        return (
            self._hash(row, kind, day, doer, content),
            record_id,
            record_id,
            kind,
            day,
            doer.person.id,
            dispatch.supporting_id if dispatch else doer.person.organisation_id,
            doer.recipient.id,
            dispatch.department_id if dispatch else None,
            dispatch.id if dispatch else None,
            content.title,
            quantity.value,
            quantity.at_least,
            quantity.about,
            reached.value,
            reached.at_least,
            reached.about,
            content.details,
            _sealed(content, record_id),
            RecordStatus.IMPORTED,
            self._file.import_id,
            f"{self._file.name}·{row.layout.sheet}·第{row.number}行",
        )

    def _hash(self, row: ActivityRow, kind: ActivityKind, day: date, doer: Doer, content: LedgerContent) -> bytes:
        """Return what a row is known by: what it says, and which of the equal ones of its file it is."""
        amounts = [(one.value, one.at_least, one.about) for one in (content.quantity, content.person_times)]
        said = json.dumps([str(doer.person.id), str(doer.recipient.id), str(day), kind, amounts, row.title])
        digest = hashlib.sha256(said.encode()).digest()
        before = self._equal_before[digest]
        self._equal_before[digest] += 1
        return hashlib.sha256(digest + before.to_bytes(4, "big")).digest()


def _sealed(content: LedgerContent, record_id: UUID) -> bytes | None:
    if not content.private:
        return None
    fields = json.dumps(content.private, ensure_ascii=False).encode()
    return encrypt_bytes(fields, table=ActivityRecord.__tablename__, column="clinical", row_id=record_id)
