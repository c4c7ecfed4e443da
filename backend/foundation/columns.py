"""Column types that every table shares."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Enum


def named_enum(kind: type[StrEnum], column: str | None = None) -> Enum:
    """Store an enum by its value, as text with a CHECK: a value can be added without rewriting a table.

    Where a table has two columns of one kind, each says its name, so that their checks have two.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=max(32, *(len(member.value) for member in kind)),
        name=column or kind.__name__.lower(),
    )


def any_of(kind: type[StrEnum]) -> Enum:
    """Store an enum by its value, as text without a CHECK: for a table of entries that grows with the code alone."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
        length=32,
    )
