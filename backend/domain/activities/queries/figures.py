"""Reading figures of activity records, each with the records behind it and the same period a year before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping

from backend.domain.activities.errors.figures import OrganisationNeeded, PeriodBackwards
from backend.domain.activities.queries.figure_rows import Wanted, figures_statement, kind_of
from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount
from backend.domain.activities.rules.figures import By, Totals, change_percent
from backend.domain.activities.rules.kinds import KINDS, ActivityKind, KindEntry
from backend.domain.dispatch.queries import get_visible_organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role

WITHIN_ONE: Final = frozenset({By.PERSON, By.DEPARTMENT})
"""What a bureau has of one organisation at a time only: it is counted from records."""


@dataclass(frozen=True)
class Named:
    """Whose figure it is; without an id, of records that name none."""

    id: UUID | None
    name: str


@dataclass(frozen=True)
class Figure:
    """One figure; of kinds together only the records are comparable, for each kind has a unit of its own."""

    now: Totals
    before: Totals | None  # None: nothing was recorded
    entry: KindEntry | None = None
    organisation: Named | None = None
    month: date | None = None
    person: Named | None = None
    department: Named | None = None
    title: str = ""

    @property
    def change_percent(self) -> float | None:
        """The change in per cent, of the quantity where there is one unit, else of the records."""
        if self.before is None or not self.now.records:
            return None
        if self.entry is None:
            return change_percent(self.now.records, self.before.records)
        return change_percent(self.now.quantity.value, self.before.quantity.value)

    @property
    def unit(self) -> str:
        """The unit of the quantity; empty where there is none for all of it."""
        return self.entry.unit if self.entry else ""


def list_figures(actor: Actor, wanted: Wanted) -> list[Figure]:
    """Return the figures that the actor's role has, in an order fit to be read.

    Raises:
        PeriodBackwards: it ends before it begins.
        OrganisationNeeded: people and departments are told apart within one organisation only.
        NotFound: the organisation lies outside the actor's.
        Forbidden: the current role has no figures.
    """
    _require_sense(actor, wanted)
    rows = db.session.execute(figures_statement(actor, wanted)).mappings()
    return sorted((_figure(wanted, row) for row in rows), key=_ORDERS[wanted.by])


def _require_sense(actor: Actor, wanted: Wanted) -> None:
    if wanted.period.first > wanted.period.last:
        raise PeriodBackwards
    if wanted.organisation_id is not None:
        get_visible_organisation(actor, clock.today(), wanted.organisation_id)
    elif wanted.by in WITHIN_ONE and actor.role is Role.BUREAU:
        raise OrganisationNeeded


def _figure(wanted: Wanted, row: RowMapping) -> Figure:
    kind = row.get("kind") or kind_of(wanted)
    before = _totals(row, "before_")
    return Figure(
        now=_totals(row),
        before=before if before.records else None,
        entry=KINDS[ActivityKind(kind)] if kind else None,
        organisation=_named(row, "recipient"),
        month=row.get("month"),
        person=_named(row, "person"),
        department=_named(row, "department"),
        title=row.get("title", ""),
    )


def _totals(row: RowMapping, prefix: str = "") -> Totals:
    quantity, person_times = (_amount(row, f"{prefix}{name}") for name in ("quantity", "person_times"))
    imported, waiting = (0, 0) if prefix else (row["imported"], row["waiting"])
    return Totals(row[f"{prefix}records"], imported, waiting, quantity, person_times)


def _amount(row: RowMapping, name: str) -> Amount:
    if row[name] is None:
        return NOT_REPORTED
    return Amount(row[name], at_least=row[f"{name}_at_least"], about=row[f"{name}_about"])


def _named(row: RowMapping, what: str) -> Named | None:
    if f"{what}_id" not in row:
        return None
    return Named(row[f"{what}_id"], row[f"{what}_name"] or "")


def _by_kind(figure: Figure) -> Any:
    return list(KINDS).index(figure.entry.kind) if figure.entry else -1


def _by_names(figure: Figure) -> Any:
    named = (figure.organisation, figure.department, figure.person)
    return [(one.name, str(one.id)) for one in named if one is not None]


_ORDERS: Final[dict[By, Callable[[Figure], Any]]] = {
    By.KIND: _by_kind,
    By.ORGANISATION: _by_names,
    By.ORGANISATION_AND_KIND: lambda figure: (_by_names(figure), _by_kind(figure)),
    By.MONTH: lambda figure: figure.month,
    By.PERSON: _by_names,
    By.DEPARTMENT: _by_names,
    By.TECHNIQUE: lambda figure: (figure.title, _by_names(figure)),
}
