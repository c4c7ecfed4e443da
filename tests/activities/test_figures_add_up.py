"""The roll-up and its tail are the raw count, whatever was written, and however far it has been folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Row, delete, insert, select, text, update

from backend.domain.activities.models.figures import FigureChange
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.figure_rows import Wanted
from backend.domain.activities.queries.figures import Figure, list_figures
from backend.domain.activities.rules.amounts import Amount, summed
from backend.domain.activities.rules.figures import By, Period, Totals
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import STANDINGS, RecordStatus, Standing
from backend.domain.activities.service.rolling import fold_figures
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.ids import new_id
from tests.support.factories import acting, make_dispatch, make_organisation, make_person

KINDS = (ActivityKind.LECTURE, ActivityKind.OUTPATIENT_CLINIC)
DAYS = (date(2023, 2, 28), date(2024, 1, 1), date(2024, 2, 29), date(2024, 12, 31), date(2025, 2, 28), date(2025, 3, 1))
PERIODS = (
    Period(date(2024, 1, 1), date(2024, 12, 31)),
    Period(date(2024, 2, 29), date(2025, 3, 1)),
    Period(date(2023, 1, 1), date(2025, 12, 31)),
    Period(date(2025, 2, 1), date(2025, 2, 28)),
)


@dataclass(frozen=True)
class World:
    """A bureau over one hospital and two townships, and the dispatches to them."""

    bureau: Actor
    dispatches: list[Dispatch]


@pytest.fixture
def world(app: Flask) -> World:
    bureau = make_organisation("云岭州卫生健康局", kind=OrganisationKind.BUREAU)
    hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL, parent=bureau)
    townships = [make_organisation(name, parent=bureau) for name in ("青石镇中心卫生院", "白水镇卫生院")]
    dispatches = [make_dispatch(make_person(hospital), township) for township in townships]
    return World(acting(make_person(bureau), Role.BUREAU), dispatches)


# What can happen: a name, and numbers that choose a record, a dispatch, a day and amounts.
numbers = st.integers(min_value=0, max_value=5)
amounts = st.one_of(st.none(), st.integers(min_value=0, max_value=40))
events = st.tuples(
    st.deferred(lambda: st.sampled_from(sorted(_EVENTS))),
    numbers,
    numbers,
    amounts,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(events, max_size=25), period=st.sampled_from(PERIODS))
@example(
    history=[
        *(("write", 1, 2, 20), ("submit", 0, 0, None), ("fold", 0, 0, None), ("countersign", 0, 0, None)),
        *(("amend", 0, 0, 30), ("submit", 0, 0, None), ("fold", 0, 0, None), ("countersign", 0, 0, None)),
    ],
    period=PERIODS[0],
)
@example(
    history=[("import", 2, 3, 9), ("fold", 0, 0, None), ("withdraw", 0, 0, None), ("import", 2, 3, None)],
    period=PERIODS[2],
)
def test_figures_equal_the_raw_count_after_any_history(
    world: World, history: list[tuple[str, int, int, int | None]], period: Period
) -> None:
    with taken_back():
        for name, chosen, other, amount in history:
            _EVENTS[name](world, chosen, other, amount)
        records = list(db.session.execute(select(ActivityRecord.__table__)))
        for by in (By.KIND, By.ORGANISATION, By.ORGANISATION_AND_KIND, By.MONTH):
            assert told(world.bureau, by, period) == counted(records, by, period)


@contextmanager
def taken_back() -> Iterator[None]:
    """Let what is written within, though it is committed, be gone afterwards."""
    db.session.commit()
    connection = db.engines[None]
    assert isinstance(connection, Connection)
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        savepoint.rollback()
        db.session.expire_all()


def told(actor: Actor, by: By, period: Period) -> dict[Any, tuple[Totals, Totals | None]]:
    """Return what the product says, by what it is of."""
    return {_key(figure): (figure.now, figure.before) for figure in list_figures(actor, Wanted(period, by))}


def counted(records: list[Row[Any]], by: By, period: Period) -> dict[Any, tuple[Totals, Totals | None]]:
    """Return the same, counted record by record."""
    now, before = (_by_key(records, by, one) for one in (period, period.before))
    if by is By.MONTH:
        before = {(None, None, key[2].replace(year=key[2].year + 1)): value for key, value in before.items()}
    return {
        key: (_totals(now.get(key, [])), _totals_before(before.get(key, [])))
        for key in now.keys() | {key for key, before in before.items() if _has_records(before)}
    }


def _key(figure: Figure) -> tuple[ActivityKind | None, UUID | None, date | None]:
    return (
        figure.entry.kind if figure.entry else None,
        figure.organisation.id if figure.organisation else None,
        figure.month,
    )


def _by_key(records: list[Row[Any]], by: By, period: Period) -> dict[Any, list[Row[Any]]]:
    found: dict[Any, list[Row[Any]]] = {}
    for record in records:
        if record.status in STANDINGS and period.first <= record.occurred_on <= period.last:
            key = (
                record.kind if by in (By.KIND, By.ORGANISATION_AND_KIND) else None,
                record.recipient_id if by in (By.ORGANISATION, By.ORGANISATION_AND_KIND) else None,
                record.occurred_on.replace(day=1) if by is By.MONTH else None,
            )
            found.setdefault(key, []).append(record)
    return found


def _totals_before(records: list[Row[Any]]) -> Totals | None:
    # What waits, and what was imported, is told of the period itself only.
    return replace(_totals(records), imported=0, waiting=0) if _has_records(records) else None


def _has_records(records: list[Row[Any]]) -> bool:
    return any(STANDINGS[record.status] is not Standing.WAITING for record in records)


def _totals(records: list[Row[Any]]) -> Totals:
    of = {
        standing: [one for one in records if STANDINGS[RecordStatus(one.status)] is standing] for standing in Standing
    }
    counted = of[Standing.CONFIRMED] + of[Standing.IMPORTED]
    return Totals(
        records=len(counted),
        imported=len(of[Standing.IMPORTED]),
        waiting=len(of[Standing.WAITING]),
        quantity=summed([Amount(r.quantity, at_least=r.quantity_at_least, about=r.quantity_about) for r in counted]),
        person_times=summed(
            [Amount(r.person_times, at_least=r.person_times_at_least, about=r.person_times_about) for r in counted]
        ),
    )


def _row(world: World, chosen: int, other: int, amount: int | None, **more: Any) -> dict[str, Any]:
    dispatch = world.dispatches[chosen % 2]
    row_id = new_id()
    return {
        "id": row_id,
        "series_id": row_id,
        "kind": KINDS[other % 2],
        "occurred_on": DAYS[(chosen + other) % len(DAYS)],
        "person_id": dispatch.person_id,
        "supporting_id": dispatch.supporting_id,
        "recipient_id": dispatch.recipient_id,
        "dispatch_id": dispatch.id,
        "quantity": amount,
        "quantity_at_least": other == 3,
        "quantity_about": chosen == 3,
        "person_times": other if chosen % 2 else None,
        "person_times_at_least": other == 4,
        **more,
    }


def _some(chosen: int, *statuses: RecordStatus) -> UUID | None:
    ids = db.session.scalars(
        select(ActivityRecord.id).where(ActivityRecord.status.in_(statuses)).order_by(ActivityRecord.id)
    ).all()
    return ids[chosen % len(ids)] if ids else None


def _write(world: World, chosen: int, other: int, amount: int | None) -> None:
    status = RecordStatus.SUBMITTED if other == 5 else RecordStatus.DRAFT
    db.session.execute(
        insert(ActivityRecord).values(_row(world, chosen, other, amount, status=status, submitted_at=clock.now()))
    )


def _import(world: World, chosen: int, other: int, amount: int | None) -> None:
    rows = [
        _row(world, chosen + n, other + n, amount, status=RecordStatus.IMPORTED, source_hash=new_id().bytes)
        for n in range(4)
    ]
    db.session.execute(insert(ActivityRecord).values(rows))


def _move(*before: RecordStatus, to: RecordStatus, **values: Any) -> Callable[..., None]:
    def act(_world: World, chosen: int, _other: int, _amount: int | None) -> None:
        row_id = _some(chosen, *before)
        db.session.execute(update(ActivityRecord).where(ActivityRecord.id == row_id).values(status=to, **values))

    return act


def _countersign(_world: World, chosen: int, _other: int, _amount: int | None) -> None:
    record = db.session.get(ActivityRecord, _some(chosen, RecordStatus.SUBMITTED) or new_id(), populate_existing=True)
    if record is None:
        return
    same = (ActivityRecord.series_id == record.series_id, ActivityRecord.status == RecordStatus.COUNTERSIGNED)
    db.session.execute(update(ActivityRecord).where(*same).values(status=RecordStatus.SUPERSEDED))
    changes = {"status": RecordStatus.COUNTERSIGNED, "countersigned_at": clock.now()}
    db.session.execute(update(ActivityRecord).where(ActivityRecord.id == record.id).values(**changes))


def _amend(world: World, chosen: int, other: int, amount: int | None) -> None:
    record = db.session.get(
        ActivityRecord, _some(chosen, RecordStatus.COUNTERSIGNED) or new_id(), populate_existing=True
    )
    open_statuses = (RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.RETURNED)
    same = select(ActivityRecord.id).where(ActivityRecord.status.in_(open_statuses))
    if record is None or db.session.scalars(same.where(ActivityRecord.series_id == record.series_id)).first():
        return
    edition = {"series_id": record.series_id, "edition": record.edition + 1}
    row = _row(world, chosen, other, amount, submitted_at=clock.now(), **edition)
    db.session.execute(insert(ActivityRecord).values(row))


def _edit(world: World, chosen: int, other: int, amount: int | None) -> None:
    row = _row(world, chosen, other, amount)
    changes = {name: row[name] for name in ("occurred_on", "kind", "recipient_id", "quantity", "person_times")}
    row_id = _some(chosen, RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.IMPORTED)
    db.session.execute(update(ActivityRecord).where(ActivityRecord.id == row_id).values(**changes))


def _delete(_world: World, chosen: int, other: int, _amount: int | None) -> None:
    statuses = (RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.DISCARDED, RecordStatus.IMPORTED)
    db.session.execute(delete(ActivityRecord).where(ActivityRecord.id == _some(chosen, *statuses)))


_EVENTS: dict[str, Callable[[World, int, int, int | None], None]] = {
    "write": _write,
    "submit": _move(RecordStatus.DRAFT, RecordStatus.RETURNED, to=RecordStatus.SUBMITTED, submitted_at=clock.now()),
    "countersign": _countersign,
    "return": _move(RecordStatus.SUBMITTED, to=RecordStatus.RETURNED),
    "recall": _move(RecordStatus.SUBMITTED, to=RecordStatus.DRAFT),
    "amend": _amend,
    "edit": _edit,
    "discard": _move(RecordStatus.DRAFT, RecordStatus.RETURNED, to=RecordStatus.DISCARDED),
    "delete": _delete,
    "import": _import,
    "withdraw": _move(RecordStatus.IMPORTED, to=RecordStatus.WITHDRAWN),
    "fold": lambda *_: assert_folded(fold_figures()),
    "fold a little": lambda *_: assert_folded(fold_figures(batch=1)),
}


def assert_folded(_count: int) -> None:
    assert db.session.scalars(select(FigureChange.id)).first() is None


def test_an_update_that_changes_no_figure_leaves_no_trace_in_the_tail(world: World) -> None:
    _write(world, 1, 5, 20)
    fold_figures()
    db.session.execute(update(ActivityRecord).values(title="改名", version=ActivityRecord.version + 1))
    assert db.session.scalars(select(FigureChange.id)).first() is None


def test_the_tail_is_never_changed_by_the_application(world: World) -> None:
    _write(world, 1, 5, 20)
    with pytest.raises(Exception, match="permission denied"), db.session.begin_nested():
        db.session.execute(text("UPDATE activity_figure_changes SET records = 0"))
