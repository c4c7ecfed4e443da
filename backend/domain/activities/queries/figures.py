"""Reading figures of activity records, each with the records behind it and the same period a year before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping

from backend.domain.activities.errors.figures import OrganisationNeeded, PeriodBackwards
from backend.domain.activities.queries.figure_rows import Wanted, figures_statement, kind_of
from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount
from backend.domain.activities.rules.figures import By, Period, Totals, change_percent, month_after
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
    """One figure; of kinds together only the records are comparable, for each kind has a unit of its own.

    `records` and `records_before` are queries, for GET /activities, of exactly the records that it counts.
    """

    now: Totals
    before: Totals | None  # None: nothing was recorded
    records: Mapping[str, str]
    records_before: Mapping[str, str]
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

    @property
    def reaches_people(self) -> bool:
        """Whether its records can say how many people they reached."""
        return self.entry is None or bool(self.entry.person_times)


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
        records=_query(wanted, row, wanted.period, row.get("month")),
        records_before=_query(wanted, row, wanted.period.before, _a_year_before(row.get("month"))),
        entry=KINDS[ActivityKind(kind)] if kind else None,
        organisation=_named(row, "recipient"),
        month=row.get("month"),
        person=_named(row, "person"),
        department=_named(row, "department"),
        title=row.get("title", ""),
    )


def _query(wanted: Wanted, row: RowMapping, period: Period, month: date | None) -> dict[str, str]:
    """Return the query of the records of a period, within a month of it where there is one."""
    if month is not None:
        period = Period(max(period.first, month), min(period.last, month_after(month) - timedelta(days=1)))
    values = {
        "counted": "true",
        "from": period.first,
        "to": period.last,
        "kind": row.get("kind") or kind_of(wanted),
        "organisation_id": wanted.organisation_id,
        "recipient_id": row.get("recipient_id"),
        "person_id": row.get("person_id"),
        "department_id": row.get("department_id"),
        "without_department": "true" if wanted.by is By.DEPARTMENT and row["department_id"] is None else None,
        "title": row.get("title") or None,
        "without_title": "true" if wanted.by is By.TECHNIQUE and not row["title"] else None,
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def _a_year_before(month: date | None) -> date | None:
    return None if month is None else month.replace(year=month.year - 1)


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
