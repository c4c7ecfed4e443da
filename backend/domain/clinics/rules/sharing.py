"""Sharing out places among those whose clinic was closed: who gets which, decided before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from backend.foundation import clock


@dataclass(frozen=True)
class Span:
    """A period of a clinic."""

    period_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class FreePlace:
    """A place that nobody has."""

    place_id: UUID
    number: int
    span: Span


@dataclass(frozen=True)
class Target:
    """A clinic at which places may be held: its free ones first, then as many extra ones (加号) as it bears."""

    clinic_id: UUID
    periods: tuple[Span, ...]
    free: tuple[FreePlace, ...]
    extra: int


@dataclass(frozen=True)
class Loser:
    """Somebody whose place falls: when they were to come, and when they are to be elsewhere."""

    id: UUID
    number: int
    starts_at: datetime
    engaged: tuple[tuple[datetime, datetime], ...] = ()
    has_place_in: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Given:
    """What one gets: a free place, or an extra one (`place_id` is None) in a period."""

    clinic_id: UUID
    span: Span
    place_id: UUID | None


@dataclass
class _Store:
    target: Target
    extra: int
    free: list[FreePlace] = field(default_factory=list)


def extra_allowed(planned: int, extra: int) -> int:
    """Return how many extra places a clinic still bears: at most as many as were planned, so that it can be done."""
    return max(0, planned - extra)


def share_out(
    losers: Iterable[Loser], targets: Sequence[Target], choices: Mapping[UUID, UUID | None]
) -> dict[UUID, Given]:
    """Return who gets which place, by the loser's id; who gets none is missing.

    They are served by number, from the first target that has something for them; a choice names the one clinic, or
    None. Each comes at about the time of day at which they would have come, and never when they are engaged.
    """
    stores = {target.clinic_id: _Store(target, target.extra, list(target.free)) for target in targets}
    given: dict[UUID, Given] = {}
    for loser in sorted(losers, key=lambda one: (one.number, one.id)):
        wanted = choices.get(loser.id, ...)
        for clinic_id, store in stores.items():
            if wanted in (..., clinic_id) and clinic_id not in loser.has_place_in:
                found = _take(store, loser)
                if found is not None:
                    given[loser.id] = found
                    break
    return given


def _take(store: _Store, loser: Loser) -> Given | None:
    fitting = [place for place in store.free if _is_free_for(loser, place.span)]
    if fitting:
        place = min(fitting, key=lambda place: (_apart(loser, place.span), place.number))
        store.free.remove(place)
        return Given(store.target.clinic_id, place.span, place.place_id)
    spans = [span for span in store.target.periods if _is_free_for(loser, span)]
    if spans and store.extra > 0:
        store.extra -= 1
        span = min(spans, key=lambda span: (_apart(loser, span), span.starts_at))
        return Given(store.target.clinic_id, span, None)
    return None


def _is_free_for(loser: Loser, span: Span) -> bool:
    return not any(starts < span.ends_at and span.starts_at < ends for starts, ends in loser.engaged)


def _apart(loser: Loser, span: Span) -> int:
    return abs(_minute(loser.starts_at) - _minute(span.starts_at))


def _minute(instant: datetime) -> int:
    local = clock.local(instant)
    return local.hour * 60 + local.minute
