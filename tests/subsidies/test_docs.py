"""The examples of docs/subsidies.md come to what they say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.domain.subsidies.rules.amounts import Withheld, amount_due, arithmetic, halves_needed
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.terms import RuleTerms, why_not_terms
from backend.foundation.money import fen_of, yuan

PAGE = Path(__file__).parents[2] / "docs" / "subsidies.md"
EXAMPLES = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.S)]


def terms_of(example: dict[str, Any]) -> RuleTerms:
    written: dict[str, Any] = dict(example["rule"])
    sums: dict[str, Any] = {f"{name}_fen": fen_of(written.pop(name)) for name in ("amount", "cap") if name in written}
    return RuleTerms(**written, **sums)


def inputs_of(example: dict[str, Any]) -> dict[str, Any]:
    inputs: dict[str, Any] = {name: example[name] for name in ("evaluated", "excluded_by") if name in example}
    if "served" in example:
        inputs["served"] = round(2 * example["served"])
    inputs["weeks"] = [
        {"from": str(week["from"]), "working": week["working"]}
        | {name: round(2 * week[name]) for name in ("leave", "served")}
        for week in example.get("weeks", ())
    ]
    inputs["receipts"] = [
        {"number": str(number), "amount_fen": fen_of(text)} for number, text in enumerate(example.get("receipts", ()))
    ]
    return inputs


def needed_of(example: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Yield for each week what the page says is needed, and what the rule says, in days."""
    for week in example.get("weeks", ()):
        halves = halves_needed(example["rule"]["days_a_week"], week["working"], round(2 * week["leave"]))
        yield week["needed"], halves / 2


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_an_example_comes_to_what_the_page_says(example: dict[str, Any]) -> None:
    kind, terms, inputs = ItemKind(example["kind"]), terms_of(example), inputs_of(example)
    assert why_not_terms(kind, terms) is None
    due = amount_due(kind, terms, inputs)
    assert yuan(due.amount_fen) == example["due"]
    assert due.withheld == (Withheld(example["withheld"]) if "withheld" in example else None)
    assert arithmetic(kind, terms, inputs) == example["says"]
    assert all(said == needed for said, needed in needed_of(example))
    if "takes_back" in example:
        assert yuan(due.amount_fen - fen_of(example["takes_back"])) == example["difference"]


def test_the_page_works_every_kind_of_item_and_every_reason_that_a_rule_gives() -> None:
    assert {example["kind"] for example in EXAMPLES} == set(ItemKind)
    told = {example.get("withheld") for example in EXAMPLES}
    assert told >= set(Withheld) - {Withheld.TOO_FEW_DAYS, Withheld.ALREADY_PAID}
