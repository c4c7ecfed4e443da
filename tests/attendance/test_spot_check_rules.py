"""Spot checks: their states cell by cell, their hours, and the draw."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.attendance.rules.absences import Absence
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.spot_check_draws import (
    Candidate,
    draw_spot_checks,
    evening_windows,
    presence_windows,
)
from backend.domain.attendance.rules.spot_checks import (
    TRANSITIONS,
    AnswerMeans,
    SpotCheckAction,
    SpotCheckKind,
    SpotCheckStatus,
    Whereabouts,
    action_of,
    last_delivery,
    needs_review,
    shift_running,
    why_not_asked,
)
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.foundation.clock import SHANGHAI

MONDAY = date(2026, 9, 7)
WEEK = [MONDAY + timedelta(days=offset) for offset in range(7)]
EVERY_DAY = WeeklyPattern.every_day().shifts_on


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def is_weekday(day: date) -> bool:
    return day.isoweekday() < 6


def never(_day: date, _shift: Shift) -> bool:
    return False


# What stands in no line is refused.
ALLOWED = """
planned      send          sent
planned      spare         exempt
planned      lapse         undelivered
sent         deliver       delivered
sent         record_call   answered
sent         lapse         undelivered
delivered    answer        answered
delivered    claim         exempt
delivered    record_call   answered
delivered    lapse         missed
undelivered  record_call   answered
"""


@pytest.mark.parametrize("status", SpotCheckStatus)
@pytest.mark.parametrize("action", SpotCheckAction)
def test_each_cell_of_the_states(status: SpotCheckStatus, action: SpotCheckAction) -> None:
    allowed = {(line.split()[0], line.split()[1]): line.split()[2] for line in ALLOWED.strip().splitlines()}
    assert TRANSITIONS.get((status, action)) == allowed.get((status, action))


def test_only_what_was_delivered_can_be_missed() -> None:
    assert {before for (before, _), after in TRANSITIONS.items() if after is SpotCheckStatus.MISSED} == {
        SpotCheckStatus.DELIVERED
    }


@pytest.mark.parametrize("means", AnswerMeans)
def test_surgery_and_clinic_are_claims_and_the_rest_are_answers(means: AnswerMeans) -> None:
    claims = means in (AnswerMeans.SURGERY, AnswerMeans.CLINIC)
    assert action_of(means) is (SpotCheckAction.CLAIM if claims else SpotCheckAction.ANSWER)


@pytest.mark.parametrize(
    ("status", "means", "verdict", "needed"),
    [
        (SpotCheckStatus.MISSED, None, None, True),
        (SpotCheckStatus.EXEMPT, AnswerMeans.SURGERY, None, True),
        (SpotCheckStatus.EXEMPT, None, None, False),  # on leave when its instant came
        (SpotCheckStatus.ANSWERED, AnswerMeans.LOCATION, Verdict.INSIDE, False),
        (SpotCheckStatus.ANSWERED, AnswerMeans.LOCATION, Verdict.UNCERTAIN, True),
        (SpotCheckStatus.ANSWERED, AnswerMeans.LANDLINE, Verdict.OUTSIDE, True),
        (SpotCheckStatus.UNDELIVERED, None, None, False),
        (SpotCheckStatus.DELIVERED, None, None, False),
    ],
)
def test_a_person_looks_at_misses_claims_and_doubtful_answers(
    status: SpotCheckStatus, means: AnswerMeans | None, verdict: Verdict | None, needed: bool
) -> None:
    assert needs_review(status, means, verdict) is needed


def test_a_night_runs_into_the_next_morning_and_belongs_to_its_first_day() -> None:
    shifts_on = WeeklyPattern.of([1], [Shift.NIGHT]).shifts_on
    tuesday = MONDAY + timedelta(days=1)
    assert shift_running(at(23), shifts_on) == (MONDAY, Shift.NIGHT)
    assert shift_running(at(7, 59, tuesday), shifts_on) == (MONDAY, Shift.NIGHT)
    assert shift_running(at(8, 0, tuesday), shifts_on) is None
    assert shift_running(at(12, 30), EVERY_DAY) is None  # at noon nobody is on duty


@pytest.mark.parametrize(
    ("sent", "kind", "running", "until"),
    [
        (at(8), SpotCheckKind.PRESENCE, (MONDAY, Shift.MORNING), at(10)),
        (at(11), SpotCheckKind.PRESENCE, (MONDAY, Shift.MORNING), at(12)),
        (at(16, 30), SpotCheckKind.PRESENCE, (MONDAY, Shift.AFTERNOON), at(18)),
        (at(20), SpotCheckKind.RESIDENCE, None, at(22)),
        (at(21, 30), SpotCheckKind.RESIDENCE, None, at(23)),
    ],
)
def test_delivery_ends_after_two_hours_or_with_the_shift_or_the_evening(
    sent: datetime, kind: SpotCheckKind, running: tuple[date, Shift] | None, until: datetime
) -> None:
    assert last_delivery(sent, kind, running) == until


def test_who_is_where_they_should_be_is_asked_and_others_are_not() -> None:
    fine = {"posted": True, "expected": True, "absent": False, "resting": False}
    assert why_not_asked(SpotCheckKind.PRESENCE, Whereabouts(**fine)) is None
    for field, value, word in (
        ("posted", False, "定期坐诊"),
        ("expected", False, "在岗时间"),
        ("absent", True, "准假"),
        ("resting", True, "下夜班"),
    ):
        why_not = why_not_asked(SpotCheckKind.PRESENCE, Whereabouts(**fine | {field: value}))
        assert why_not is not None
        assert word in why_not


def test_windows_lie_on_working_days_only() -> None:
    windows = presence_windows(WEEK, EVERY_DAY, is_weekday, never)
    assert len(windows) == 10
    assert {starts.date() for starts, _ in windows} == set(WEEK[:5])


def test_a_day_of_a_calendar_that_is_not_loaded_has_no_window() -> None:
    assert presence_windows(WEEK, EVERY_DAY, lambda day: None, never) == ()
    assert evening_windows(WEEK, EVERY_DAY, lambda day: None, never) == ()


def test_leave_and_the_day_after_a_night_have_no_window() -> None:
    leave = Absence(LeaveSpan(MONDAY, Shift.AFTERNOON, WEEK[1], Shift.MORNING))
    starts = [window[0] for window in presence_windows(WEEK[:2], EVERY_DAY, is_weekday, leave.covers)]
    assert starts == [at(8, 15), at(14, 15, WEEK[1])]

    nights = WeeklyPattern(WeeklyPattern.of(range(1, 6)).claims | {(1, Shift.NIGHT)}).shifts_on
    days = [window[0] for window in presence_windows(WEEK[:3], nights, is_weekday, never)]
    assert days == [at(8, 15), at(14, 15), at(18, 30), at(8, 15, WEEK[2]), at(14, 15, WEEK[2])]


def test_evenings_are_asked_between_two_days_of_duty() -> None:
    days = [starts.date() for starts, _ in evening_windows(WEEK, EVERY_DAY, is_weekday, never)]
    assert days == WEEK[:4]  # on Friday evening one may have gone home


def candidate(recent: int = 0, days: list[date] | None = None, person_id: UUID | None = None) -> Candidate:
    windows = presence_windows(days or WEEK[:5], EVERY_DAY, is_weekday, never)
    return Candidate(uuid4(), person_id or uuid4(), recent, windows)


BEFORE = at(0)


def test_the_share_is_of_the_people_and_a_fraction_is_a_chance() -> None:
    people = [candidate() for _ in range(25)]
    counts = Counter(len(draw_spot_checks(people, 10, BEFORE, Random(seed))) for seed in range(200))
    assert set(counts) == {2, 3}
    assert 60 < counts[2] < 140


def test_every_draw_lies_in_a_window_of_the_one_who_is_drawn() -> None:
    people = [candidate(days=[WEEK[number % 5]]) for number in range(10)]
    by_dispatch = {one.dispatch_id: one for one in people}
    for seed in range(50):
        for draw in draw_spot_checks(people, 100, BEFORE, Random(seed)):
            windows = by_dispatch[draw.dispatch_id].windows
            assert any(starts <= draw.at < ends for starts, ends in windows)


def test_nobody_is_ever_safe_and_nobody_is_asked_twice_in_one_shift() -> None:
    people = [candidate() for _ in range(4)]
    again = 0
    for seed in range(100):
        draws = draw_spot_checks(people, 100, BEFORE, Random(seed))
        again += len({draw.person_id for draw in draws}) < len(draws)
        shifts = [(draw.person_id, draw.at.date(), draw.at.hour < 13) for draw in draws]
        assert len(set(shifts)) == len(shifts)
    assert again > 20


def test_who_was_asked_least_of_late_is_the_likeliest_and_who_was_asked_most_is_not_spared() -> None:
    often, seldom = candidate(recent=9), candidate(recent=0)
    drawn = Counter(
        draw.person_id for seed in range(400) for draw in draw_spot_checks([often, seldom], 50, BEFORE, Random(seed))
    )
    assert drawn[seldom.person_id] > 5 * drawn[often.person_id] > 0


def test_what_has_passed_of_the_week_is_not_drawn() -> None:
    people = [candidate() for _ in range(10)]
    noon = at(12, 0, WEEK[3])
    draws = [draw for seed in range(50) for draw in draw_spot_checks(people, 100, noon, Random(seed))]
    assert draws
    assert all(draw.at > noon for draw in draws)


@given(
    st.lists(st.integers(0, 20), max_size=12),
    st.integers(1, 100),
    st.randoms(use_true_random=False),
)
def test_never_more_is_drawn_than_the_share_rounded_up(recents: list[int], share: int, random: Random) -> None:
    draws = draw_spot_checks([candidate(recent) for recent in recents], share, BEFORE, random)
    assert len(recents) * share // 100 <= len(draws) <= -(-len(recents) * share // 100)


def test_with_nobody_on_duty_nobody_is_drawn() -> None:
    assert draw_spot_checks([], 100, BEFORE, Random(1)) == []
    assert draw_spot_checks([Candidate(uuid4(), uuid4(), 0, ())], 100, BEFORE, Random(1)) == []
