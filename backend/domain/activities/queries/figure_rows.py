"""The statement of figures: the roll-up and its tail, and records themselves where the roll-up is too coarse.

All of it is one statement, so that nothing is counted twice or not at all while the tail is folded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from backend.domain.accounts.models import Person
from backend.domain.activities.models.figures import FigureChange, MonthlyFigures, YearlyFigures
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.counting import (
    enters_figures,
    figure_scope,
    measures_of_records,
    month_of_record,
    sees_only_own,
    with_hospital,
)
from backend.domain.activities.rules.figures import MEASURES, MEASURES_BEFORE, By, Grain, Period, Stretch
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.organisations.models import Department, Organisation
from backend.foundation.actor import Actor

KEYS: Final[dict[By, tuple[str, ...]]] = {
    By.KIND: ("kind",),
    By.ORGANISATION: ("recipient_id",),
    By.ORGANISATION_AND_KIND: ("recipient_id", "kind"),
    By.MONTH: ("month",),
    By.PERSON: ("person_id",),
    By.DEPARTMENT: ("recipient_id", "department_id"),
    By.TECHNIQUE: ("title", "person_id", "recipient_id"),
}
ROLLED_UP: Final = frozenset({By.KIND, By.ORGANISATION, By.ORGANISATION_AND_KIND, By.MONTH})
"""What the roll-up can tell apart; the rest is counted from records."""

_NAMED: Final[dict[str, tuple[Any, str]]] = {
    "recipient_id": (Organisation, "recipient"),
    "person_id": (Person, "person"),
    "department_id": (Department, "department"),
}


_BASE: Final = ("recipient_id", "supporting_id", "kind")
_ONLY_OF_RECORDS: Final = ("person_id", "department_id", "title")
_BEFORE: Final = [f"before_{name}" for name in MEASURES_BEFORE]


@dataclass(frozen=True)
class Wanted:
    """Which figures: over which days, by what, and of which hospital, on either side, and kind."""

    period: Period
    by: By = By.KIND
    organisation_id: UUID | None = None
    kind: ActivityKind | None = None


def figures_statement(actor: Actor, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """Return the one statement: a row for each of what the figures are by, each measure now and as `before_…`.

    Raises:
        Forbidden: the current role has no figures.
    """
    rows = union_all(*_sources(actor, wanted)).subquery("rows")
    keys = [rows.c[name] for name in KEYS[wanted.by]]
    sums = [_total(rows.c[name]).label(name) for name in (*MEASURES, *_BEFORE)]
    summed = select(*keys, *sums).where(figure_scope(actor, rows.c)).group_by(*keys).subquery("summed")
    statement = select(*(summed.c[name] for name in KEYS[wanted.by]), *_told(summed))
    for name in KEYS[wanted.by]:
        if name in _NAMED:
            model, label = _NAMED[name]
            statement = statement.add_columns(model.name.label(f"{label}_name"))
            statement = statement.outerjoin(model, model.id == summed.c[name])
    # Where records came and went again there is nothing to show.
    return statement.where(or_(*(summed.c[name] != 0 for name in ("records", "waiting", "before_records"))))


def _total(column: Any) -> ColumnElement[Any]:
    # sum() of a bigint is a numeric, which takes many times as long.
    return func.total(column, type_=BigInteger) if isinstance(column.type, BigInteger) else func.sum(column)


def _told(summed: Subquery) -> Iterator[ColumnElement[Any]]:
    """Return what is read of the sums: a quantity that no record reports is none, not 0."""
    yield from (summed.c[name] for name in ("records", "imported", "waiting", "before_records"))
    for name in ("quantity", "person_times", "before_quantity", "before_person_times"):
        yield case((summed.c[f"{name}_reported"] > 0, summed.c[name])).label(name)
        yield (summed.c[f"{name}_at_least"] > 0).label(f"{name}_at_least")
        yield (summed.c[f"{name}_about"] > 0).label(f"{name}_about")


def _sources(actor: Actor, wanted: Wanted) -> Iterator[Select[*tuple[Any, ...]]]:
    """Return what is added up: rows of hospitals, of a kind, with measures of the period and of the one before."""
    rolled_up = wanted.by in ROLLED_UP and not sees_only_own(actor)
    for period, is_before in ((wanted.period, False), (wanted.period.before, True)):
        if not rolled_up:
            yield _counted(wanted, Stretch(Grain.DAY, period.first, period.last), is_before, alone=True)
            continue
        stretches = period.stretches(years=wanted.by is not By.MONTH)
        for stretch in stretches:
            if stretch.grain is Grain.DAY:
                yield _counted(wanted, stretch, is_before)
            elif stretch.grain is Grain.MONTH:
                yield _kept(wanted, MonthlyFigures, stretch, is_before)
        if whole := [stretch for stretch in stretches if stretch.grain is not Grain.DAY]:
            yield _kept(wanted, FigureChange, Stretch(Grain.MONTH, whole[0].first, whole[-1].last), is_before)
    if rolled_up and wanted.by is not By.MONTH:
        yield from (_years(wanted, one) for one in wanted.period.stretches() if one.grain is Grain.YEAR)


def _years(wanted: Wanted, stretch: Stretch) -> Select[*tuple[Any, ...]]:
    """Return the rows of years, each of which has the year before beside it."""
    columns = [getattr(YearlyFigures, name) for name in (*_BASE, *MEASURES, *_BEFORE)]
    within = YearlyFigures.year.between(stretch.first, stretch.last)
    return select(*columns).where(within, *_conditions(wanted, YearlyFigures))


def _kept(wanted: Wanted, table: Any, stretch: Stretch, is_before: bool) -> Select[*tuple[Any, ...]]:
    """Return the rows of months, of the roll-up or its tail."""
    measures = {name: getattr(table, name) for name in MEASURES}
    columns = [getattr(table, name) for name in _BASE]
    if wanted.by is By.MONTH:
        columns.append(_shown_month(table.month, is_before))
    within = table.month.between(stretch.first, stretch.last)
    return select(*columns, *_beside(measures, is_before)).where(within, *_conditions(wanted, table))


def _counted(wanted: Wanted, stretch: Stretch, is_before: bool, *, alone: bool = False) -> Select[*tuple[Any, ...]]:
    """Return the records of some days, each with what it adds; `alone`, with what the roll-up does not know."""
    columns = [getattr(ActivityRecord, name) for name in _BASE]
    if wanted.by is By.MONTH:
        columns.append(_shown_month(month_of_record(), is_before))
    if alone:
        columns += [getattr(ActivityRecord, name) for name in _ONLY_OF_RECORDS]
    within = ActivityRecord.occurred_on.between(stretch.first, stretch.last)
    measures = measures_of_records()
    return select(*columns, *_beside(measures, is_before)).where(
        within, enters_figures(), *_conditions(wanted, ActivityRecord)
    )


def _beside(measures: Mapping[str, ColumnElement[Any]], is_before: bool) -> Iterator[ColumnElement[Any]]:
    """Return measures as those of the period, or of the one before, and 0 for the other."""
    for name in MEASURES:
        yield (_nothing(measures[name]) if is_before else measures[name]).label(name)
    for name in MEASURES_BEFORE:
        yield (measures[name] if is_before else _nothing(measures[name])).label(f"before_{name}")


def _nothing(measure: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(literal_column("0"), measure.type)


def _shown_month(month: ColumnElement[Any], is_before: bool) -> ColumnElement[Any]:
    """Return a month, for the period before the one a year later: beside which it is shown."""
    return (cast(month + func.make_interval(1), Date) if is_before else month).label("month")


def _conditions(wanted: Wanted, table: Any) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.organisation_id is not None:
        conditions.append(with_hospital(table, wanted.organisation_id))
    if kind := kind_of(wanted):
        conditions.append(table.kind == kind)
    return conditions


def kind_of(wanted: Wanted) -> ActivityKind | None:
    """Return the one kind that is counted, None for all."""
    return ActivityKind.NEW_TECHNIQUE if wanted.by is By.TECHNIQUE else wanted.kind
