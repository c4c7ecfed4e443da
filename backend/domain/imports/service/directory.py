"""All organisations by code and name: those of the database and those that the file brings along."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from backend.domain.imports.queries.existing import KnownOrganisation
from backend.domain.organisations.rules.kinds import OrganisationKind


@dataclass
class Place:
    """An organisation as it will be after the import; `known` is what the database holds of it."""

    id: UUID
    code: str
    name: str
    kind: OrganisationKind | None
    parent_id: UUID | None
    known: KnownOrganisation | None = None

    @property
    def is_new(self) -> bool:
        return self.known is None


class Directory:
    """Finds organisations; a code that lost its leading zeros in Excel, or a name instead, finds the only one."""

    def __init__(self, known: Iterable[KnownOrganisation]) -> None:
        self.by_id: dict[UUID, Place] = {}
        self._by_code: dict[str, Place] = {}
        self._by_likeness: dict[str, list[Place]] = defaultdict(list)
        for row in known:
            self.add(Place(row.id, row.code, row.name, row.kind, row.parent_id, row))

    def add(self, place: Place) -> None:
        """Take up an organisation."""
        self.by_id[place.id] = place
        self._by_code[place.code] = place
        for likeness in {_without_zeros(place.code), _plain(place.name)}:
            self._by_likeness[likeness].append(place)

    def find(self, text: str) -> Place | None:
        """Return the organisation that a cell means, None where there is none or more than one."""
        exact = self._by_code.get(text)
        if exact is not None:
            return exact
        alike = self._by_likeness.get(_without_zeros(text)) or self._by_likeness.get(_plain(text)) or []
        return alike[0] if len(alike) == 1 else None

    def line_of(self, place: Place) -> Iterator[Place]:
        """Yield an organisation and those above it, each once, even where the file made a circle of them."""
        return self._line(place, lambda below: below.parent_id)

    def line_before(self, place: Place) -> Iterator[Place]:
        """Yield an organisation and those above it as the database has them, whatever the file says."""
        return self._line(place, lambda below: below.known.parent_id if below.known else None)

    def _line(self, place: Place, parent_of: Callable[[Place], UUID | None]) -> Iterator[Place]:
        seen: set[UUID] = set()
        current: Place | None = place
        while current is not None and current.id not in seen:
            seen.add(current.id)
            yield current
            parent_id = parent_of(current)
            current = self.by_id.get(parent_id) if parent_id else None


def _without_zeros(code: str) -> str:
    return code.lstrip("0") or code


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "")
