"""What the form of an evaluation takes from the record, text by text, as it is frozen when it is completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Labelled:
    """A value under its label."""

    label: str
    value: str


@dataclass(frozen=True)
class Facts:
    """Who, where, from when to when, the days that were served, leave by kind, and what was done.

    `months_open` are those whose timesheet is not countersigned, and which are in no figure.
    """

    name: str
    staff_number: str
    sex_label: str
    born_on_label: str
    title: str
    supporting: str
    recipient: str
    department: str
    period_label: str
    due_days_label: str
    actual_days_label: str
    leave: tuple[Labelled, ...] = ()
    workload: tuple[Labelled, ...] = ()
    months_open: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return them as they are kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Facts:
        """Read back what `as_json` gave."""
        values = {field.name: kept[field.name] for field in fields(cls)}
        for name in ("leave", "workload"):
            values[name] = tuple(Labelled(**one) for one in kept[name])
        return cls(**values | {"months_open": tuple(kept["months_open"])})
