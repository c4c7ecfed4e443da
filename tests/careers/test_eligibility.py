"""Titles are judged by every rule that holds, and what is missing says by when it can be there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from backend.domain.careers.rules.conditions import sentence_of
from backend.domain.careers.rules.eligibility import (
    Demand,
    arithmetic_of,
    codes_missing,
    earliest_for,
    judge_title,
    months_later,
    total_of,
    what_is_missing,
)
from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.careers.rules.service_days import Conditions, Excluded, Standing, Stay

LAW = Demand(
    title="副主任医师",
    name="医师法第四十六条",
    set_by="云岭县卫生健康局",
    document="《中华人民共和国医师法》（主席令第九十四号）",
    required_days=365,
    conditions=Conditions(ServiceMeasure.CALENDAR_DAYS),
)
LOCAL = Demand(
    title="副主任医师",
    name="县级附加条件",
    set_by="云岭县人民医院",
    document="《办法》（1号）",
    required_days=60,
    conditions=Conditions(ServiceMeasure.SERVED_DAYS, days_a_week=3, needs_evaluation=True),
    refusal_blocks_months=24,
)


def stay(place: str, first: date, last: date, **facts: object) -> Stay:
    """Somebody posted from a day to a day, every month countersigned, each working day served."""
    days = range(first.toordinal(), last.toordinal() + 1)
    working = frozenset(day for day in days if date.fromordinal(day).isoweekday() < 6)
    served = working - facts.get("leave", frozenset()) - facts.get("absent", frozenset())  # type: ignore[operator]
    whole = Stay(place, place, first, last, signed=frozenset(days), full=served, working=working)
    return replace(whole, **facts)  # type: ignore[arg-type]


SPRING = stay("青石镇中心卫生院", date(2025, 1, 1), date(2025, 6, 30))  # 181 days
AUTUMN = stay("白沙乡卫生院", date(2025, 9, 1), date(2026, 3, 3))  # 184 days


def test_several_dispatches_add_up_to_the_laws_year() -> None:
    verdict = judge_title("副主任医师", [LAW], [SPRING, AUTUMN], [], date(2026, 3, 31))

    assert verdict.is_eligible
    assert total_of(verdict.findings[0]) == "181天 + 184天 = 365天 ≥ 365天，天数符合"
    assert what_is_missing(verdict, [SPRING, AUTUMN]) == []


def test_a_day_less_is_a_day_short_and_says_when_it_will_be_there() -> None:
    verdict = judge_title("副主任医师", [LAW], [SPRING, AUTUMN], [], date(2026, 3, 2))

    assert not verdict.is_eligible
    [missing] = what_is_missing(verdict, [SPRING, AUTUMN])
    assert (missing.text, missing.by) == ("医师法第四十六条：还差1天", date(2026, 3, 3))


def test_the_arithmetic_of_a_stay_names_what_does_not_count() -> None:
    first = SPRING.first
    interrupted = replace(
        SPRING, suspended=frozenset(range(first, first + 10)), leave=frozenset(range(first + 20, first + 23))
    )
    [finding] = judge_title("副主任医师", [LAW], [interrupted], [], date(2025, 12, 31)).findings

    assert arithmetic_of(finding.segments[0]) == "181天 − 暂停派驻10天 − 请假3天 = 168天"
    assert total_of(finding) == "168天 ＜ 365天，还差197天"


def test_a_local_rule_only_adds_to_the_laws() -> None:
    passed = [replace(one, evaluation=Standing.PASSED) for one in (SPRING, AUTUMN)]
    on = date(2026, 3, 31)

    assert not judge_title("副主任医师", [LAW, LOCAL], [SPRING, AUTUMN], [], on).is_eligible
    assert judge_title("副主任医师", [LAW, LOCAL], passed, [], on).is_eligible
    assert not judge_title("副主任医师", [LAW, LOCAL], passed[:1], [], on).is_eligible  # the law's year is not there


def test_a_missing_evaluation_and_an_open_month_are_named() -> None:
    may = frozenset(day for day in SPRING.signed if date.fromordinal(day).month != 5)
    unsigned = replace(SPRING, signed=may, evaluation=Standing.PASSED)
    verdict = judge_title("副主任医师", [LAW, LOCAL], [unsigned, AUTUMN], [], date(2026, 3, 31))

    texts = [item.text for item in what_is_missing(verdict, [unsigned, AUTUMN])]
    assert "青石镇中心卫生院（2025-01-01至2025-06-30）：31天的考勤表未会签" in texts
    assert codes_missing(verdict) == {"days", "timesheets"}  # by the local rule the spring alone is enough


def test_a_refusal_closes_a_title_until_its_time_is_over() -> None:
    passed = [replace(one, evaluation=Standing.PASSED) for one in (SPRING, AUTUMN)]
    refused = [date(2024, 5, 31)]

    blocked = judge_title("副主任医师", [LAW, LOCAL], passed, refused, date(2026, 5, 30))
    assert not blocked.is_eligible
    missing = what_is_missing(blocked, passed)
    assert missing[0].text == "县级附加条件：拒绝派驻后24个月内不得申报"
    assert earliest_for(blocked, missing) == date(2026, 5, 31)
    assert judge_title("副主任医师", [LAW, LOCAL], passed, refused, date(2026, 5, 31)).is_eligible


def test_weeks_in_which_too_few_days_were_served_do_not_count() -> None:
    # Two weeks from a Monday: in the first two days served of five, of which three are asked; in the second three.
    first = date(2026, 3, 2)
    days = range(first.toordinal(), first.toordinal() + 14)
    served = frozenset({days[0], days[1], days[7], days[8], days[9]})
    two_weeks = replace(stay("青石镇中心卫生院", first, date(2026, 3, 15)), full=served, evaluation=Standing.PASSED)
    [finding] = judge_title("副主任医师", [LOCAL], [two_weeks], [], date(2026, 12, 31)).findings

    assert finding.counted == 6
    assert finding.segments[0].excluded == {Excluded.WEEK_NOT_KEPT: 14, Excluded.NOT_SERVED: 8}
    on_leave = replace(two_weeks, leave=frozenset(days[2:5]), excused=dict.fromkeys(days[2:5], 2))
    [eased] = judge_title("副主任医师", [LOCAL], [on_leave], [], date(2026, 12, 31)).findings
    assert eased.counted == 10  # three days of leave: of two working days ⌈6/5⌉ = 2 are asked, and served


def test_a_dispatch_that_was_too_short_and_a_paper_that_is_missing_count_nothing() -> None:
    demand = replace(LAW, conditions=replace(LAW.conditions, minimum_dispatch_days=90))
    short = stay("红岩乡卫生院", date(2026, 1, 1), date(2026, 3, 30))  # 89 days
    told = Stay("纸质", "某县医院", date(2020, 1, 1), date(2020, 12, 31), is_earlier=True, has_paper=False)
    verdict = judge_title("副主任医师", [demand], [short, told], [], date(2026, 12, 31))

    assert verdict.findings[0].counted == 0
    assert codes_missing(verdict) == {"days", "paper"}
    proven = judge_title("副主任医师", [demand], [short, replace(told, has_paper=True)], [], date(2026, 12, 31))
    assert proven.is_eligible  # 366 days


def test_who_visits_is_there_on_the_days_that_were_served() -> None:
    visits = replace(SPRING, is_visiting=True, full=frozenset(sorted(SPRING.full)[:20]), half=frozenset())
    [finding] = judge_title("副主任医师", [LAW], [visits], [], date(2025, 12, 31)).findings

    assert finding.counted == 40


def test_nobody_foretells_when_nothing_more_is_planned() -> None:
    verdict = judge_title("副主任医师", [LAW], [SPRING], [], date(2025, 12, 31))
    missing = what_is_missing(verdict, [SPRING])

    assert missing[0].text == "医师法第四十六条：还差184天，现有派驻安排不够，须另行派驻"
    assert earliest_for(verdict, missing) is None


def test_a_rule_is_told_in_one_sentence() -> None:
    assert sentence_of(LOCAL) == (
        "累计服务满60天（按实际在岗天数）；每周按3天在岗要求，未达到的周不计入；鉴定合格才计入；拒绝派驻后24个月内不得申报。"
    )


def test_months_end_where_they_end() -> None:
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2024, 11, 30), 15) == date(2026, 2, 28)
    assert months_later(date(2024, 12, 15), 12) == date(2025, 12, 15)


def test_a_week_waits_until_all_of_it_is_countersigned() -> None:
    # From Monday 30 March to Sunday 5 April: only March is countersigned.
    first, last = date(2026, 3, 30), date(2026, 4, 5)
    march = frozenset({first.toordinal(), first.toordinal() + 1})
    week = replace(stay("青石镇中心卫生院", first, last), signed=march, evaluation=Standing.PASSED)
    [finding] = judge_title("副主任医师", [LOCAL], [week], [], date(2026, 12, 31)).findings

    assert (finding.counted, finding.segments[0].excluded) == (0, {Excluded.UNSIGNED: 14})
