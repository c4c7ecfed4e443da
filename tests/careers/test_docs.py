"""The examples of docs/promotion.md come to what they say."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.domain.careers.rules.eligibility import (
    Demand,
    arithmetic_of,
    earliest_for,
    judge_title,
    total_of,
    what_is_missing,
)
from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.careers.rules.service_days import Conditions, Days, Standing, Stay

PAGE = Path(__file__).parents[2] / "docs" / "promotion.md"
EXAMPLES = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.S)]


def demand_of(rule: dict[str, Any]) -> Demand:
    conditions = Conditions(
        ServiceMeasure(rule.get("measure", "calendar_days")),
        days_a_week=rule.get("days_a_week"),
        needs_evaluation=rule.get("needs_evaluation", False),
    )
    return Demand("副主任医师", "医师法第四十六条", "云岭县卫生健康局", "《医师法》", rule["required_days"], conditions)


def stay_of(told: dict[str, Any]) -> Stay:
    first, last = told["from"], told["to"]
    days = between(first, last)
    working = frozenset(day for day in days if date.fromordinal(day).isoweekday() < 6)
    leave = between(*told["leave"]) if "leave" in told else frozenset()
    half = each(told.get("half", ()))
    return Stay(
        key=told["place"],
        place=told["place"],
        starts_on=first,
        ends_on=last,
        is_earlier="paper_days" in told,
        suspended=between(*told["suspended"]) if "suspended" in told else frozenset(),
        signed=days - (between(*told["unsigned"]) if "unsigned" in told else frozenset()),
        full=each(told["served"]) if "served" in told else working - leave - half,
        half=half,
        leave=leave,
        working=working,
        served_days=told.get("paper_days", 0),
        evaluation=Standing(told.get("evaluation", "open")),
    )


def between(first: date, last: date) -> Days:
    return frozenset(range(first.toordinal(), last.toordinal() + 1))


def each(days: list[date]) -> Days:
    return frozenset(day.toordinal() for day in days)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_an_example_comes_to_what_the_page_says(example: dict[str, Any]) -> None:
    stays = [stay_of(told) for told in example["stays"]]
    verdict = judge_title("副主任医师", [demand_of(example["rule"])], stays, [], example["on"])
    [finding] = verdict.findings
    missing = what_is_missing(verdict, stays)

    assert [arithmetic_of(segment) for segment in finding.segments] == example["each"]
    assert total_of(finding) == example["says"]
    assert earliest_for(verdict, missing) == example.get("by")
    if "missing" in example:
        assert [item.text for item in missing] == example["missing"]
