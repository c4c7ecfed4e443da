"""The fields of a record: what each may hold, how long, how many, and whether it is a matter of a patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FieldKind(StrEnum):
    """What a field holds; form, validation, API schema and list derive from it."""

    TEXT = "text"  # one line
    LONG_TEXT = "long_text"
    COUNT = "count"  # a whole number from 0; blank is "not reported", never 0
    HOURS = "hours"  # in halves of an hour
    CHOICE = "choice"
    DAY = "day"
    ICD_10 = "icd_10"  # a code of ICD-10, China's clinical extensions included


@dataclass(frozen=True)
class Field:
    """A field of a kind of record.

    `maximum`: characters of a text, or the largest number. `unit`: what a number counts, for the eye. `clinical`:
    about a patient, so it is encrypted at rest. `remembered`: the last value is offered again.
    """

    name: str
    label: str
    kind: FieldKind
    required: bool = False
    maximum: int = 100
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    clinical: bool = False
    remembered: bool = False
    hint: str = ""


def text(name: str, label: str, *, maximum: int = 60, required: bool = False, **more: object) -> Field:
    """Return a field of one line."""
    return Field(name, label, FieldKind.TEXT, required, maximum, **more)  # type: ignore[arg-type]


def long_text(name: str, label: str, *, maximum: int = 500, required: bool = False, **more: object) -> Field:
    """Return a field of several lines."""
    return Field(name, label, FieldKind.LONG_TEXT, required, maximum, **more)  # type: ignore[arg-type]


def count(name: str, label: str, unit: str, *, maximum: int = 2000, required: bool = False, hint: str = "") -> Field:
    """Return a field that holds a whole number from 0."""
    return Field(name, label, FieldKind.COUNT, required, maximum, unit, hint=hint)


def choice(name: str, label: str, choices: Mapping[str, str], *, required: bool = False, **more: object) -> Field:
    """Return a field that holds one of several words."""
    return Field(name, label, FieldKind.CHOICE, required, choices=choices, **more)  # type: ignore[arg-type]
