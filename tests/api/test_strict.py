"""JSON's own types and no other."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from marshmallow import Schema, ValidationError
from marshmallow.fields import Field

from backend.api.schemas.strict import (
    Choice,
    Day,
    Flag,
    Id,
    Input,
    Instant,
    Month,
    Number,
    Part,
    Parts,
    Patterned,
    QueryWhole,
    Text,
    Whole,
)


class Colour(StrEnum):
    RED = "red"


class Inner(Input):
    size = Whole(minimum=0, maximum=9, required=True)


FIELDS: dict[str, Field[Any]] = {
    "whole": Whole(minimum=0, maximum=10),
    "query_whole": QueryWhole(minimum=1, maximum=10),
    "number": Number(minimum=-180, maximum=180),
    "flag": Flag(),
    "day": Day(),
    "month": Month(),
    "instant": Instant(),
    "id": Id(),
    "choice": Choice(Colour),
    "text": Text(maximum=5),
    "lines": Text(maximum=5, multiline=True, minimum=0),
    "patterned": Patterned(r"[a-z]+", error="只能是小写字母。"),
    "part": Part(Inner),
    "parts": Parts(Part(Inner), maximum=2),
}
SCHEMA = Schema.from_dict(dict(FIELDS))
ID = "018f3c1e-0000-7000-8000-00000000000a"


@pytest.mark.parametrize(
    ("field", "given", "meant"),
    [
        ("whole", 0, 0),
        ("query_whole", "7", 7),
        ("number", 103.5, 103.5),
        ("number", 2.6e-42, 2.6e-42),
        ("number", 103, 103.0),
        ("flag", False, False),
        ("day", "2026-02-28", date(2026, 2, 28)),
        ("month", "2026-02", date(2026, 2, 1)),
        ("instant", "2026-03-15T08:00:00+08:00", datetime.fromisoformat("2026-03-15T00:00:00+00:00")),
        ("instant", "2026-03-15T00:00:00.123Z", datetime.fromisoformat("2026-03-15T00:00:00.123+00:00")),
        ("id", ID, UUID(ID)),
        ("choice", "red", Colour.RED),
        ("text", " 五个字符 ", "五个字符"),
        ("lines", "a\nb", "a\nb"),
        ("lines", "", ""),
        ("patterned", "abc", "abc"),
        ("part", {"size": 3}, {"size": 3}),
        ("parts", [{"size": 3}], [{"size": 3}]),
    ],
)
def test_what_is_right_is_taken(field: str, given: Any, meant: Any) -> None:
    assert SCHEMA().load({field: given}) == {field: meant}


WRONG: dict[str, list[Any]] = {
    "whole": [1.0, 2.6e-42, "1", True, None, -1, 11, [1], float("nan")],
    "query_whole": ["", "1.0", "-1", "+1", " 1", "1_0", "１", "11", 1, "0x1"],
    "number": ["1.5", True, None, float("nan"), float("inf"), 181, -181, [], 10**400],
    "flag": ["true", 1, 0, "", None, []],
    "day": ["2026-02-30", "2026-2-3", "20260203", "1999-01-01", "２０２６-01-01", 20260203],
    "month": ["2026-13", "2026-1", "2026-01-01", 202601],
    "instant": ["2026-03-15T08:00:00", "2026-03-15", "2026-03-15T25:00:00Z", 1773532800, "2026-03-15 08:00:00Z"],
    "id": ["1", ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", f"{ID}\n", 1],
    "choice": ["RED", "blue", 1, None, ["red"]],
    "text": ["", " ", "六个字符长的", "a\x00", "a\nb", "\x7f", "a\u0085b", 5, None],
    "lines": ["a\x00", "a\rb", "\ud800"],
    "patterned": ["ABC", "abc\n", "", 1],
    "part": [[], "x", {"size": "3"}, {"size": 3, "more": 1}, {}, None],
    "parts": [{}, "x", [{"size": 3}] * 3, [3], None],
}


@pytest.mark.parametrize(
    ("field", "given"), [(field, given) for field, all_of_it in WRONG.items() for given in all_of_it]
)
def test_what_is_wrong_is_refused_in_chinese(field: str, given: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        SCHEMA().load({field: given})
    assert all("\u4e00" <= text[0] <= "\u9fff" for text in _texts(caught.value.messages))


def test_what_nobody_asked_for_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        Inner().load({"size": 1, "colour": "red"})
    assert list(caught.value.messages_dict) == ["colour"]


def _texts(messages: Any) -> list[str]:
    if isinstance(messages, dict):
        return [text for inner in messages.values() for text in _texts(inner)]
    return [str(text) for text in messages]
