"""Who gets which place when a clinic is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from backend.domain.clinics.rules.sharing import FreePlace, Given, Loser, Span, Target, extra_allowed, share_out

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
NEXT, LATER = MONDAY + timedelta(days=7), MONDAY + timedelta(days=14)


def span(starts_at: datetime, hours: int = 1) -> Span:
    return Span(uuid4(), starts_at, starts_at + timedelta(hours=hours))


def target(*spans: Span, free: int = 0, extra: int = 0) -> Target:
    """A target whose free places are spread over its periods in turn."""
    places = tuple(FreePlace(uuid4(), number + 1, spans[number % len(spans)]) for number in range(free))
    return Target(uuid4(), spans, places, extra)


def loser(number: int, starts_at: datetime = MONDAY, **rest: object) -> Loser:
    return Loser(uuid4(), number, starts_at, **rest)  # type: ignore[arg-type]


def clinics_of(given: dict[UUID, Given], losers: list[Loser]) -> list[UUID | None]:
    return [given[one.id].clinic_id if one.id in given else None for one in losers]


def test_free_places_go_by_number_then_extra_ones_are_made_then_the_date_after_serves() -> None:
    losers = [loser(number) for number in (1, 2, 3, 4)]
    following, later = target(span(NEXT), free=1, extra=1), target(span(LATER), free=1)

    given = share_out(reversed(losers), [following, later], {})

    assert clinics_of(given, losers) == [following.clinic_id, following.clinic_id, later.clinic_id, None]
    assert given[losers[0].id].place_id == following.free[0].place_id
    assert given[losers[1].id].place_id is None


def test_each_comes_at_about_the_same_time_of_day() -> None:
    morning, afternoon = span(NEXT), span(NEXT + timedelta(hours=5))
    following = target(morning, afternoon, free=2)
    late = loser(1, MONDAY + timedelta(hours=6))

    assert share_out([late], [following], {})[late.id].span is afternoon


def test_nobody_is_given_a_place_while_they_are_engaged_or_where_they_have_one() -> None:
    following, later = target(span(NEXT), free=2, extra=2), target(span(LATER), free=1)
    engaged = loser(1, engaged=((NEXT, NEXT + timedelta(minutes=30)),))
    there = loser(2, has_place_in=frozenset({following.clinic_id}))

    given = share_out([engaged, there], [following, later], {})

    assert clinics_of(given, [engaged, there]) == [later.clinic_id, None]


def test_the_offices_choice_counts_and_may_be_none() -> None:
    following, later = target(span(NEXT), free=2), target(span(LATER), free=2)
    sent, left, usual = losers = [loser(1), loser(2), loser(3)]

    given = share_out(losers, [following, later], {sent.id: later.clinic_id, left.id: None})

    assert clinics_of(given, losers) == [later.clinic_id, None, following.clinic_id]
    assert usual.id in given


def test_a_clinic_bears_as_many_extra_places_as_were_planned() -> None:
    assert extra_allowed(20, 5) == 15
    assert extra_allowed(20, 25) == 0
