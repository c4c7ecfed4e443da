"""What a record of any kind may hold, derived from the table of kinds: another kind needs nothing here."""

from __future__ import annotations

from typing import Any

from backend.domain.activities.rules.fields import Field, FieldKind
from backend.domain.activities.rules.kinds import KindEntry

_VALUES: dict[FieldKind, Any] = {
    FieldKind.TEXT: "高血压规范管理",
    FieldKind.LONG_TEXT: "按指南处理，继续观察。",
    FieldKind.COUNT: 12,
    FieldKind.HOURS: 1.5,
    FieldKind.DAY: "2026-01-05",
    FieldKind.ICD_10: "I10.x00x002",
}


def content_for(entry: KindEntry) -> dict[str, Any]:
    """Return content of every field of a kind."""
    return {field.name: _value_for(field) for field in entry.fields}


def _value_for(field: Field) -> Any:
    if field.kind is FieldKind.CHOICE:
        return next(iter(field.choices))
    return "王" if field.name == "patient_surname" else _VALUES[field.kind]
