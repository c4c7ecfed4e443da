"""What old ledgers call the kinds of activities: the labels and words of the table of kinds, however they are typed."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from backend.domain.activities.rules.kinds import KINDS, ActivityKind, KindEntry
from backend.domain.imports.rules.cells import text_of
from backend.domain.imports.rules.findings import CellProblem

_BRACKETS = re.compile(r"[(\[【〔{<《“\"].*?[)\]】〕}>》”\"]")
_BEFORE = re.compile(r"^\d{0,2}(?:开展|参与|参加|进行|举办|组织|完成|实施|主持|协助)?")
_AFTER = re.compile(r"(?:工作量|工作|活动|情况|人次数|人次|人数|台次|例数|例次|次数|场次|数量|数)$")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


_BY_WORD: dict[str, ActivityKind] = {
    _plain(word): entry.kind for entry in KINDS.values() for word in (*entry.words, entry.label)
}


def activity_kind_of(value: object) -> ActivityKind:
    """Return the kind of activity that a cell names.

    Raises:
        CellProblem: it names none, with those that come near, or more than one.
    """
    text = text_of(value)
    for reading in _readings(text):
        kind = _BY_WORD.get(reading)
        if kind is not None:
            return kind
    parts = {_BY_WORD.get(_plain(part)) for part in re.split(r"[/、,，;；+和及与]", text)} - {None}
    if len(parts) > 1:
        message = f"“{text[:20]}”写了不止一个类别，请分成几行，每行一个类别。"
        raise CellProblem("activity_kind_ambiguous", message)
    near = "、".join(KINDS[kind].label for kind in _near(_plain(text)))
    choices = f"是不是“{near}”？" if near else f"请从这些里选：{'、'.join(entry.label for entry in KINDS.values())}。"
    raise CellProblem("activity_kind_unknown", f"没有“{text[:20]}”这个类别。{choices}")


def unit_fits(entry: KindEntry, unit: str) -> bool:
    """Tell whether a quantity of this kind may be counted in a unit."""
    return unit == entry.unit or unit in entry.units_said


def _readings(text: str) -> Iterator[str]:
    """Yield a word as it may be read: whole, without what stands in brackets, without 开展 … 工作."""
    for words in (text, _BRACKETS.sub("", unicodedata.normalize("NFKC", text))):
        plain = _plain(words)
        yield plain
        bare = _BEFORE.sub("", plain)
        yield bare
        yield _AFTER.sub("", bare)
        yield _AFTER.sub("", plain)


def _near(plain: str) -> list[ActivityKind]:
    """Return up to three kinds whose words look like this one, or share two characters in a row with it."""
    words = difflib.get_close_matches(plain, _BY_WORD, n=5, cutoff=0.6)
    pairs = {first + second for first, second in pairwise(plain)}
    words += [word for word in _BY_WORD if any(pair in word for pair in pairs)]
    return list(dict.fromkeys(_BY_WORD[word] for word in words))[:3]
