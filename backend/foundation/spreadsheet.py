"""What spreadsheets share: text that stays text, numbers that add up, one format for each look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_IN_A_CELL = 32_767  # characters, by Excel
A3, A4 = 8, 9  # Excel's numbers of the papers
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"(0|[1-9]\d{0,8})(\.\d{0,3}[1-9])?")
_SAME_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  # a fixed one: the same content makes the same file


class Writer:
    """Writes into one worksheet; a name that begins like a formula is text, even after somebody edits the cell."""

    def __init__(self, book: Any, name: str, base: Mapping[str, Any]) -> None:
        book.set_properties({"created": _SAME_DATE, "author": "帮扶"})
        self.sheet = book.add_worksheet(name)
        self._book = book
        self._base = base
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **properties: Any) -> Any:
        """Return the format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**self._base, **properties})
        return self._formats[key]

    def text(self, row: int, column: int, text: str, *, columns: int = 1, **properties: Any) -> None:
        """Write a text, across several columns if need be."""
        if text.startswith(_BEGINS_A_FORMULA):
            properties["quote_prefix"] = True
        look = self.look(**properties)
        if columns > 1:
            self.sheet.merge_range(row, column, row, column + columns - 1, "", look)
        if text:
            self.sheet.write_string(row, column, text[:MOST_IN_A_CELL], look)
        else:
            self.sheet.write_blank(row, column, None, look)

    def figure(self, row: int, column: int, text: str, *, columns: int = 1, **properties: Any) -> None:
        """Write a figure as a number that reads as this very text, so that it can be summed; else as text."""
        if not _NUMBER.fullmatch(text):
            self.text(row, column, text, columns=columns, **properties)
            return
        look = self.look(**properties)
        if columns > 1:
            self.sheet.merge_range(row, column, row, column + columns - 1, "", look)
        self.sheet.write_number(row, column, float(text), look)


def for_header_or_footer(text: str) -> str:
    """Return a text for the header or footer of a print, where & begins a command."""
    return text.replace("&", "&&")
