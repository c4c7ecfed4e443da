"""What is missing or thin in a record, and what is missing in a week: hints, never reasons to refuse.

Few and gentle: each says what would make the record hold, or which day has nothing written yet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount
from backend.domain.activities.rules.fields import Field, FieldKind
from backend.domain.activities.rules.kinds import PROOF_LABELS, KindEntry, Proof, Unit

SHORTEST_TEXT = 10  # characters without blanks and marks, of a conclusion that is asked for
ALIKE = 0.9  # from this share of equal characters on a long text is the last one again
LONG_FROM = 30  # characters; shorter texts are alike only when they are equal, and below SHORTEST_TEXT never
DAYS_FOR_TEACHING = 3  # days of presence from which a week without any teaching is told
_DAYS_NAMED = 3


class FindingCode(StrEnum):
    """What was found."""

    NO_PROOF = "no_proof"
    NOT_COUNTED = "not_counted"  # how many is not reported
    NOBODY = "nobody"  # 0 reported
    PASTED = "pasted"
    SHORT = "short"
    NO_DIAGNOSIS_CODE = "no_diagnosis_code"
    NO_RECORDS = "no_records"
    DAYS_WITHOUT_RECORD = "days_without_record"
    NO_TEACHING = "no_teaching"
    DRAFTS = "drafts"


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or thin, in Chinese."""

    code: FindingCode
    text: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a record tells, as far as its completeness goes by it. `values`: its fields, those of a patient too."""

    occurred_on: date
    values: Mapping[str, Any] = field(default_factory=dict)
    quantity: Amount = NOT_REPORTED
    person_times: Amount = NOT_REPORTED
    proofs: frozenset[Proof] = frozenset()


def findings_of_record(entry: KindEntry, told: Told, before: Told | None = None) -> list[Finding]:
    """Say what is missing or thin in a record; `before` is the person's last earlier record of the kind."""
    return [
        *_absent_proofs(entry, told),
        *_uncounted(entry, told),
        *_short_texts(entry, told),
        *_pasted_texts(entry, told, before),
        *_uncoded(entry, told),
    ]


def _absent_proofs(entry: KindEntry, told: Told) -> list[Finding]:
    absent = [PROOF_LABELS[proof] for proof in entry.proofs if proof not in told.proofs]
    return [Finding(FindingCode.NO_PROOF, f"没有{'、'.join(absent)}")] if absent else []


def _uncounted(entry: KindEntry, told: Told) -> list[Finding]:
    found = []
    if entry.quantity and told.quantity.value is None:
        labels = "、".join(entry.field(name).label for name in entry.quantity)
        found.append(Finding(FindingCode.NOT_COUNTED, f"没有填{labels}的{entry.unit}数"))
    if entry.person_times:
        label = entry.field(entry.person_times).label
        if told.person_times.value is None:
            found.append(Finding(FindingCode.NOT_COUNTED, f"没有填{label}"))
        elif told.person_times.value == 0:
            found.append(Finding(FindingCode.NOBODY, f"{label}为0"))
    return found


def _short_texts(entry: KindEntry, told: Told) -> list[Finding]:
    asked = [field for field in entry.fields if field.required and field.kind is FieldKind.LONG_TEXT]
    lengths = [(field, len(_bare(told.values.get(field.name)))) for field in asked]
    return [
        Finding(FindingCode.SHORT, f"{field.label}只有{length}个字" if length else f"没有填{field.label}")
        for field, length in lengths
        if length < SHORTEST_TEXT
    ]


def _uncoded(entry: KindEntry, told: Told) -> list[Finding]:
    coded = [field for field in entry.fields if field.kind is FieldKind.ICD_10]
    return [Finding(FindingCode.NO_DIAGNOSIS_CODE, f"没有填{one.label}") for one in coded if not _said(told, one)]


def _pasted_texts(entry: KindEntry, told: Told, before: Told | None) -> list[Finding]:
    if before is None:
        return []
    day = f"{before.occurred_on.month}月{before.occurred_on.day}日"
    found = [
        Finding(FindingCode.PASTED, f"{field.label}与{day}那条几乎相同")
        for field in entry.fields
        if field.kind is FieldKind.LONG_TEXT and are_alike(_said(told, field), _said(before, field))
    ]
    title = _own_title(entry)
    if title is not None and _bare(_said(told, title)) and _bare(_said(told, title)) == _bare(_said(before, title)):
        found.append(Finding(FindingCode.PASTED, f"{title.label}与{day}那条相同"))
    return found


def _own_title(entry: KindEntry) -> Field | None:
    """Return the field that names what was done this once, if a second record of the same name is odd.

    Two operations of one name are no surprise, nor two visits to one place; two lectures are.
    """
    title = entry.field(entry.title) if entry.title else None
    return title if title is not None and entry.unit is Unit.TIMES and not title.remembered else None


def are_alike(text: str, before: str) -> bool:
    """Tell whether a text looks pasted from the one before: equal, or a long one that is nearly so."""
    text, before = _bare(text), _bare(before)
    if len(text) < SHORTEST_TEXT:
        return False
    if text == before:
        return True
    if min(len(text), len(before)) < LONG_FROM:
        return False
    matcher = SequenceMatcher(None, before, text, autojunk=False)
    # The two upper bounds cost little, and most texts are told apart by them.
    return all(share() >= ALIKE for share in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))


def _said(told: Told, field: Field) -> str:
    return str(told.values.get(field.name) or "")


def _bare(text: object) -> str:
    """Return a text without blanks and marks, full-width as half-width, small as capital letters."""
    folded = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return "".join(mark for mark in folded if mark.isalnum())


@dataclass(frozen=True, kw_only=True)
class WeekTold:
    """What a week is judged by: the days of presence that are over, the days with a record, and what was recorded."""

    present: Sequence[date]
    recorded: Collection[date] = ()
    taught: bool = False
    drafts: int = 0  # not handed in, or returned; only their author is told of them


def missing_in_week(week: WeekTold) -> list[Finding]:
    """Say what is missing in somebody's week; nothing of a week in which nobody was there."""
    if not week.present:
        return []
    drafts = [Finding(FindingCode.DRAFTS, f"有{week.drafts}条还没有提交")] if week.drafts else []
    if not week.recorded:
        return [Finding(FindingCode.NO_RECORDS, f"在岗{len(week.present)}天，还没有工作日志")]
    found = []
    if bare := [day for day in week.present if day not in week.recorded]:
        found.append(Finding(FindingCode.DAYS_WITHOUT_RECORD, f"{_named(bare)}在岗，没有记录"))
    if len(week.present) >= DAYS_FOR_TEACHING and not week.taught:
        found.append(Finding(FindingCode.NO_TEACHING, "还没有教学记录"))
    return [*found, *drafts]


def week_label(monday: date) -> str:
    """Return a week from its Monday to its Sunday in Chinese, the month said again where it is another."""
    sunday = monday + timedelta(days=6)
    month = f"{sunday.month}月" if sunday.month != monday.month else ""
    return f"{monday.month}月{monday.day}日–{month}{sunday.day}日"


def _named(days: Sequence[date]) -> str:
    """Return the first of these days, the month said again where it is another."""
    shown = days[:_DAYS_NAMED]
    firsts = {min(day for day in shown if day.month == month) for month in {day.month for day in shown}}
    names = "、".join(f"{day.month}月{day.day}日" if day in firsts else f"{day.day}日" for day in shown)
    return f"{names}等{len(days)}天" if len(days) > _DAYS_NAMED else names


def in_one_sentence(missing: Sequence[Finding], thin: Sequence[tuple[str, Sequence[Finding]]]) -> str:
    """Return what is missing in a week as one sentence, the first thin records by their label behind it."""
    parts = [finding.text for finding in missing]
    parts += [f"{label}{'、'.join(finding.text for finding in findings)}" for label, findings in thin[:_DAYS_NAMED]]
    if len(thin) > _DAYS_NAMED:
        parts.append(f"另有{len(thin) - _DAYS_NAMED}条待完善")
    return f"本周{'；'.join(parts)}。" if parts else ""
