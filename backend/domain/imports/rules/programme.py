"""What programmes ask of those who are sent, for many dispatches at once: the settings in force, nearest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from backend.domain.dispatch.rules import Conditions

ConditionSetting = tuple[UUID, str, Any, date]  # organisation, key, value, first day


class Programmes:
    """Answers as `organisations.queries.find_setting` does, without asking the database for each dispatch."""

    def __init__(self, settings: Iterable[ConditionSetting]) -> None:
        self._settings: dict[tuple[UUID, str], list[tuple[date, Any]]] = defaultdict(list)
        for organisation_id, key, value, effective_on in settings:
            self._settings[organisation_id, key].append((effective_on, value))
        for history in self._settings.values():
            history.sort(key=lambda entry: entry[0], reverse=True)

    def conditions(self, line: Sequence[UUID], on: date) -> Conditions:
        """Return what holds on a day for the first organisation of a line that ends with the topmost."""
        return Conditions(
            minimum_title=self._value("dispatch.minimum_title", line, on),
            maximum_age=self._value("dispatch.maximum_age", line, on),
        )

    def _value(self, key: str, line: Sequence[UUID], on: date) -> Any:
        for organisation_id in line:
            for effective_on, value in self._settings.get((organisation_id, key), ()):
                if effective_on <= on:
                    return value  # None: from that day on nothing is asked here
        return None
