"""The kinds of records as OpenAPI: derived from their table, so that the document knows each kind's own fields."""

from __future__ import annotations

from typing import Any

from backend.domain.activities.rules.fields import Field, FieldKind
from backend.domain.activities.rules.kinds import KINDS, KindEntry

INPUT_NAME = "ActivityInput"
_REFERENCE = "#/components/schemas/"
_TYPES: dict[FieldKind, dict[str, Any]] = {
    FieldKind.TEXT: {"type": "string"},
    FieldKind.LONG_TEXT: {"type": "string"},
    FieldKind.COUNT: {"type": "integer", "minimum": 0},
    FieldKind.HOURS: {"type": "number", "minimum": 0.5, "multipleOf": 0.5},
    FieldKind.CHOICE: {"type": "string"},
    FieldKind.DAY: {"type": "string", "example": "2026-03-15"},
    FieldKind.ICD_10: {"type": "string", "example": "I63.900x001"},
}


def fields_of_any_kind() -> dict[str, Any]:
    """Return the schema of the fields of a record whose kind is said elsewhere."""
    return {"anyOf": [{"$ref": _REFERENCE + fields_name(entry)} for entry in KINDS.values()]}


def fields_name(entry: KindEntry) -> str:
    """Return the name of the schema of a kind's fields."""
    return f"{_camel(entry)}Fields"


def describe_kinds(schemas: dict[str, Any]) -> None:
    """Complete the document's schemas: the fields of each kind, and the body that begins a record as one of them."""
    for entry in KINDS.values():
        schemas[fields_name(entry)] = _fields_schema(entry)
    general = schemas.get(INPUT_NAME)
    if general is None:
        return
    names = {entry.kind: f"{_camel(entry)}Input" for entry in KINDS.values()}
    for entry in KINDS.values():
        own = {"kind": {"type": "string", "enum": [entry.kind]}, "fields": {"$ref": _REFERENCE + fields_name(entry)}}
        schemas[names[entry.kind]] = general | {"title": entry.label, "properties": general["properties"] | own}
    schemas[INPUT_NAME] = {
        "oneOf": [{"$ref": _REFERENCE + name} for name in names.values()],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {kind.value: _REFERENCE + name for kind, name in names.items()},
        },
    }


def _fields_schema(entry: KindEntry) -> dict[str, Any]:
    return {
        "type": "object",
        "title": entry.label,
        "additionalProperties": False,
        "properties": {field.name: _field_schema(field) for field in entry.fields},
    }


def _field_schema(field: Field) -> dict[str, Any]:
    schema = _TYPES[field.kind] | {"description": _told(field), "nullable": True}
    if field.kind is FieldKind.CHOICE:
        return schema | {"enum": [*field.choices, "", None]}
    if field.kind in (FieldKind.COUNT, FieldKind.HOURS):
        return schema | {"maximum": field.maximum}
    return schema if field.kind is FieldKind.DAY else schema | {"maxLength": field.maximum}


def _told(field: Field) -> str:
    words = "、".join(f"{value}（{label}）" for value, label in field.choices.items())
    parts = [
        field.label,
        "提交时必填" if field.required else "",
        field.unit and f"单位：{field.unit}",
        words,
        field.hint,
    ]
    return "；".join(part for part in parts if part)


def _camel(entry: KindEntry) -> str:
    return "".join(part.capitalize() for part in entry.kind.split("_"))
