"""Days of service hold together for any history: nothing counts twice, nothing is lost, more service never harms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.careers.rules.service_days import Conditions, Standing, Stay, count_service, hopeful

START = date(2026, 1, 1).toordinal()
WINDOW = 70
DAYS = range(START, START + WINDOW)
WORKING = frozenset(day for day in DAYS if date.fromordinal(day).isoweekday() < 6)
EXAMPLES = settings(max_examples=60)


def day(number: int) -> date:
    return date.fromordinal(number)


@st.composite
def stays(draw: st.DrawFn, key: str, *, earlier: bool | None = None) -> Stay:
    first = draw(st.integers(START, START + WINDOW - 1))
    last = draw(st.integers(first, START + WINDOW - 1))
    is_earlier = draw(st.booleans()) if earlier is None else earlier
    kinds = draw(st.lists(st.sampled_from("fffhlan"), min_size=last - first + 1, max_size=last - first + 1))
    by_kind = {kind: frozenset(first + place for place, which in enumerate(kinds) if which == kind) for kind in "fhla"}
    months = draw(st.sets(st.sampled_from([1, 2, 3]))) if draw(st.booleans()) else {1, 2, 3}
    suspended = draw(st.sets(st.integers(first, last), max_size=5))
    return Stay(
        key=key,
        place=key,
        starts_on=day(first),
        ends_on=day(last),
        is_earlier=is_earlier,
        has_paper=draw(st.integers(0, 4)) > 0,
        is_visiting=draw(st.integers(0, 4)) == 0,
        suspended=frozenset(suspended),
        signed=frozenset(number for number in range(first, last + 1) if day(number).month in months),
        full=by_kind["f"],
        half=by_kind["h"],
        leave=by_kind["l"],
        absent=by_kind["a"],
        excused=dict.fromkeys(by_kind["l"] & WORKING, 2),
        working=WORKING,
        served_days=draw(st.integers(1, last - first + 1)) if is_earlier else 0,
        evaluation=draw(st.sampled_from(Standing)),
        evaluated_on=day(draw(st.integers(first, START + WINDOW))),
    )


histories = st.integers(1, 4).flatmap(lambda size: st.tuples(*(stays(f"s{number}") for number in range(size))))
conditions = st.builds(
    Conditions,
    measure=st.sampled_from(ServiceMeasure),
    minimum_dispatch_days=st.none() | st.integers(1, 40),
    days_a_week=st.none() | st.integers(1, 5),
    needs_evaluation=st.booleans(),
)
moments = st.integers(START, START + WINDOW + 5).map(day)


def total(asked: Conditions, history: tuple[Stay, ...], on: date) -> int:
    return sum(segment.counted for segment in count_service(asked, history, on))


@EXAMPLES
@given(conditions, histories, moments)
def test_what_counts_and_what_does_not_are_all_the_days_of_a_stay(
    asked: Conditions, history: tuple[Stay, ...], on: date
) -> None:
    for segment in count_service(asked, history, on):
        assert segment.counted >= 0
        assert all(halves > 0 for halves in segment.excluded.values())
        assert segment.counted + sum(segment.excluded.values()) == 2 * segment.days


@EXAMPLES
@given(conditions, histories, moments, st.randoms(use_true_random=False))
def test_the_order_in_which_stays_are_told_does_not_matter(
    asked: Conditions, history: tuple[Stay, ...], on: date, random: object
) -> None:
    told = list(history)
    random.shuffle(told)  # type: ignore[attr-defined]

    assert count_service(asked, told, on) == count_service(asked, history, on)


@EXAMPLES
@given(conditions, histories, stays("another"), moments)
def test_another_stay_never_takes_days_away(
    asked: Conditions, history: tuple[Stay, ...], another: Stay, on: date
) -> None:
    assert total(asked, (*history, another), on) >= total(asked, history, on)


@EXAMPLES
@given(conditions, histories, moments, st.data())
def test_a_day_more_of_service_never_takes_days_away(
    asked: Conditions, history: tuple[Stay, ...], on: date, data: st.DataObject
) -> None:
    stay = data.draw(st.sampled_from(history))
    more = data.draw(st.integers(stay.first, stay.last))
    worked = replace(stay, full=stay.full | {more}, half=stay.half - {more}, absent=stay.absent - {more})
    if more in stay.leave:
        worked = stay  # leave lowers what its week asks: what became of that day is another story

    assert total(asked, tuple(worked if one is stay else one for one in history), on) >= total(asked, history, on)


@EXAMPLES
@given(conditions, histories, moments)
def test_a_countersignature_never_takes_days_away(asked: Conditions, history: tuple[Stay, ...], on: date) -> None:
    signed = tuple(replace(stay, signed=frozenset(range(stay.first, stay.last + 1))) for stay in history)

    assert total(asked, signed, on) >= total(asked, history, on)


@EXAMPLES
@given(conditions, histories, moments)
def test_no_day_counts_twice(asked: Conditions, history: tuple[Stay, ...], on: date) -> None:
    begun = [range(stay.first, min(stay.last, on.toordinal()) + 1) for stay in history]
    copies = tuple(replace(stay, key=f"{stay.key} again") for stay in history)

    assert total(asked, history, on) <= 2 * len(set().union(*begun))
    assert total(replace(asked, measure=ServiceMeasure.CALENDAR_DAYS), (*history, *copies), on) == total(
        replace(asked, measure=ServiceMeasure.CALENDAR_DAYS), history, on
    )


@EXAMPLES
@given(conditions, histories, moments)
def test_what_is_hoped_for_only_grows_with_time(asked: Conditions, history: tuple[Stay, ...], on: date) -> None:
    planned = tuple(hopeful(stay, on) for stay in history)
    days = [on + timedelta(days=number) for number in range(0, WINDOW, 4)]
    totals = [total(asked, planned, later) for later in days]

    assert totals == sorted(totals)
    assert total(asked, planned, on) >= total(asked, history, on)
