"""Rules of taps: verdicts, clocks, duty days, and which tap counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.attendance.rules.days import DayState, Presence, day_state, presence
from backend.domain.attendance.rules.taps import (
    CheckInKind,
    Duty,
    Fence,
    Fix,
    PhoneClock,
    Reason,
    Verdict,
    duty_of_tap,
    judge_lateness,
    judge_place,
    phone_clock_agrees,
    why_not_offline,
)
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.rules.places import Point, distance_m
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id

SITE, NARROW, WIDE = new_id(), new_id(), new_id()
CENTRE = Point(103.2, 27.3)
FENCE = Fence(SITE, CENTRE, 300)
METRES_PER_DEGREE_NORTH = 111_194.9  # 2πR/360 of the sphere on which distances are taken
NOON = datetime(2026, 9, 2, 4, 0, tzinfo=UTC)


def fix(metres_north: float, accuracy_m: float = 20) -> Fix:
    return Fix(Point(CENTRE.longitude, CENTRE.latitude + metres_north / METRES_PER_DEGREE_NORTH), accuracy_m)


@pytest.mark.parametrize(
    ("metres", "accuracy", "verdict"),
    [
        (0, 20, Verdict.INSIDE),
        (279, 20, Verdict.INSIDE),
        (290, 20, Verdict.UNCERTAIN),
        (310, 20, Verdict.UNCERTAIN),
        (321, 20, Verdict.OUTSIDE),
        (0, 500, Verdict.UNCERTAIN),
        (5000, 50, Verdict.OUTSIDE),
    ],
)
def test_a_fix_is_uncertain_as_soon_as_its_circle_crosses_the_fence(
    metres: float, accuracy: float, verdict: Verdict
) -> None:
    judgement = judge_place(fix(metres, accuracy), [FENCE])
    assert judgement.verdict is verdict
    assert judgement.distance_m == pytest.approx(metres, abs=0.5)
    beyond = metres - accuracy - FENCE.radius_m if verdict is Verdict.OUTSIDE else 0
    assert judgement.beyond_m == pytest.approx(beyond, abs=0.5)


def test_the_best_of_several_sites_counts_even_if_another_is_nearer() -> None:
    narrow = Fence(NARROW, CENTRE, 30)
    wide = Fence(WIDE, fix(200).point, 400)
    judgement = judge_place(fix(60, 20), [narrow, wide])
    assert (judgement.verdict, judgement.site_id) == (Verdict.INSIDE, WIDE)


@pytest.mark.parametrize(("denied", "reason"), [(True, Reason.LOCATION_DENIED), (False, Reason.LOCATION_MISSING)])
def test_a_tap_without_a_place_is_uncertain_and_says_why(denied: bool, reason: Reason) -> None:
    judgement = judge_place(None, [FENCE], denied=denied)
    assert (judgement.verdict, judgement.reasons) == (Verdict.UNCERTAIN, (reason,))


def test_a_dispatch_without_sites_leaves_every_tap_uncertain() -> None:
    assert judge_place(fix(0), []).reasons == (Reason.NO_SITE,)


@pytest.mark.parametrize(
    ("metres", "verdict"), [(0, Verdict.UNCERTAIN), (300, Verdict.UNCERTAIN), (5000, Verdict.OUTSIDE)]
)
def test_a_late_tap_is_at_most_uncertain_and_never_better_than_it_was(metres: float, verdict: Verdict) -> None:
    late = judge_lateness(judge_place(fix(metres), [FENCE]), clock_agrees=True)
    assert late.verdict is verdict
    assert late.beyond_m == judge_place(fix(metres), [FENCE]).beyond_m
    assert Reason.LATE_UPLOAD in late.reasons


def offline(**changes: object) -> PhoneClock:
    given: dict[str, object] = {
        "tapped_at": NOON,
        "sent_at": NOON + timedelta(hours=5),
        "last_server_time": NOON - timedelta(hours=2),
        "last_server_seen_at": NOON - timedelta(hours=2, seconds=30),
    }
    return PhoneClock(**(given | changes))  # type: ignore[arg-type]


def test_a_clock_that_agreed_before_and_agrees_now_is_believed() -> None:
    assert phone_clock_agrees(offline(), NOON + timedelta(hours=5))


@pytest.mark.parametrize(
    "changes",
    [
        {"last_server_time": None},
        {"last_server_seen_at": NOON - timedelta(hours=3)},
        {"tapped_at": NOON - timedelta(hours=3)},
        {"sent_at": NOON + timedelta(hours=4)},
        {"tapped_at": NOON + timedelta(hours=6)},
    ],
    ids=["never saw the server", "was apart", "was set back", "is apart now", "tapped after it was sent"],
)
def test_a_clock_that_was_or_is_apart_is_not_believed(changes: dict[str, object]) -> None:
    assert not phone_clock_agrees(offline(**changes), NOON + timedelta(hours=5))


def test_an_offline_tap_is_taken_up_to_the_days_allowed() -> None:
    phone = offline(sent_at=NOON + timedelta(days=3))
    assert why_not_offline(phone, NOON + timedelta(days=3), late_upload_days=3) is None
    assert why_not_offline(phone, NOON + timedelta(days=3, seconds=1), late_upload_days=3) == "tap_too_old"


def test_without_a_rule_on_days_no_offline_tap_is_refused_for_its_age() -> None:
    assert why_not_offline(offline(), NOON + timedelta(days=400), late_upload_days=None) is None


def test_an_offline_tap_from_the_future_is_named() -> None:
    assert why_not_offline(offline(), NOON - timedelta(minutes=6), late_upload_days=3) == "tap_in_future"


DAY = date(2026, 9, 2)
BOTH = (Shift.MORNING, Shift.AFTERNOON)
NIGHT_BEFORE = {date(2026, 9, 1): (Shift.NIGHT,)}


@pytest.mark.parametrize(
    ("at", "kind", "asked", "claims", "duty"),
    [
        (time(8), CheckInKind.IN, None, {DAY: (Shift.MORNING,)}, Duty(DAY, Shift.MORNING)),
        (time(8), CheckInKind.IN, Shift.AFTERNOON, {DAY: (Shift.MORNING,)}, None),
        (time(8), CheckInKind.IN, None, {}, None),
        (time(3), CheckInKind.IN, None, NIGHT_BEFORE, Duty(date(2026, 9, 1), Shift.NIGHT)),
        (time(8), CheckInKind.OUT, None, NIGHT_BEFORE, Duty(date(2026, 9, 1), Shift.NIGHT)),
        (time(8), CheckInKind.OUT, Shift.NIGHT, NIGHT_BEFORE, Duty(date(2026, 9, 1), Shift.NIGHT)),
        (
            time(8),
            CheckInKind.OUT,
            None,
            NIGHT_BEFORE | {DAY: (Shift.MORNING,)},
            Duty(DAY, Shift.MORNING),
        ),
        (time(13), CheckInKind.OUT, None, NIGHT_BEFORE, None),
        (time(20), CheckInKind.IN, None, {DAY: (Shift.NIGHT,)}, Duty(DAY, Shift.NIGHT)),
        (time(12, 30), CheckInKind.IN, Shift.MORNING, {DAY: BOTH}, Duty(DAY, Shift.MORNING)),
        (time(14, 59), CheckInKind.OUT, Shift.MORNING, {DAY: BOTH}, Duty(DAY, Shift.MORNING)),
        (time(15), CheckInKind.IN, Shift.MORNING, {DAY: BOTH}, Duty(DAY, Shift.AFTERNOON)),
        (time(20), CheckInKind.IN, Shift.MORNING, {DAY: BOTH}, Duty(DAY, Shift.AFTERNOON)),
        (time(4, 59), CheckInKind.IN, Shift.AFTERNOON, {DAY: BOTH}, Duty(DAY, Shift.MORNING)),
        (time(10, 59), CheckInKind.IN, Shift.AFTERNOON, {DAY: BOTH}, Duty(DAY, Shift.MORNING)),
        (time(11), CheckInKind.IN, Shift.AFTERNOON, {DAY: BOTH}, Duty(DAY, Shift.AFTERNOON)),
        (time(20, 59), CheckInKind.OUT, Shift.AFTERNOON, {DAY: tuple(Shift)}, Duty(DAY, Shift.AFTERNOON)),
        (time(21), CheckInKind.OUT, Shift.AFTERNOON, {DAY: tuple(Shift)}, Duty(DAY, Shift.NIGHT)),
        (time(9), CheckInKind.IN, Shift.NIGHT, {DAY: tuple(Shift)}, Duty(DAY, Shift.MORNING)),
        (time(15), CheckInKind.IN, Shift.NIGHT, {DAY: tuple(Shift)}, Duty(DAY, Shift.NIGHT)),
        (time(11, 59), CheckInKind.OUT, Shift.NIGHT, NIGHT_BEFORE, Duty(date(2026, 9, 1), Shift.NIGHT)),
        (time(20), CheckInKind.IN, Shift.MORNING, {DAY: (Shift.AFTERNOON,)}, None),
    ],
)
def test_a_tap_belongs_to_the_duty_that_can_be_meant(
    at: time, kind: CheckInKind, asked: Shift | None, claims: dict[date, tuple[Shift, ...]], duty: Duty | None
) -> None:
    tapped = datetime.combine(DAY, at, tzinfo=SHANGHAI)
    assert duty_of_tap(tapped, kind, asked, lambda day: claims.get(day, ())) == duty


@pytest.mark.parametrize(
    ("due", "arrived", "today", "state"),
    [
        ((), set(), DAY, DayState.OFF),
        (BOTH, {Shift.MORNING, Shift.AFTERNOON}, DAY, DayState.COMPLETE),
        (BOTH, {Shift.MORNING}, DAY, DayState.PARTIAL),
        (BOTH, set(), DAY, DayState.FUTURE),
        (BOTH, set(), DAY + timedelta(days=1), DayState.MISSING),
        (BOTH, set(), DAY - timedelta(days=1), DayState.FUTURE),
    ],
)
def test_a_day_is_missing_only_once_it_is_over(
    due: tuple[Shift, ...], arrived: set[Shift], today: date, state: DayState
) -> None:
    assert day_state(DAY, today, due=due, arrived=frozenset(arrived)) is state


def test_the_board_never_says_absent() -> None:
    assert presence(None, begun=True) is Presence.NOT_CHECKED_IN
    assert presence(None, begun=False) is Presence.NOT_DUE
    assert presence(Verdict.OUTSIDE, begun=True) is Presence.OUTSIDE
    assert presence(None, begun=False, on_leave=True, rests=True) is Presence.ON_LEAVE
    assert presence(None, begun=True, rests=True) is Presence.NIGHT_REST
    assert presence(Verdict.INSIDE, begun=True, on_leave=True, rests=True) is Presence.INSIDE
    assert presence(None, begun=True, due=False, on_leave=True, rests=True) is Presence.NOT_DUE


@given(st.floats(73, 135), st.floats(4, 53), st.floats(73, 135), st.floats(4, 53))
def test_distances_are_symmetric_and_never_negative(a: float, b: float, c: float, d: float) -> None:
    one, two = Point(a, b), Point(c, d)
    assert distance_m(one, two) == pytest.approx(distance_m(two, one))
    assert distance_m(one, two) >= 0
