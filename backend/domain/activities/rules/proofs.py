"""What is odd about a file that proves a record: it is told to who reads the record, and decides nothing.

What a camera did not write is no oddity: many phones and WeChat itself leave it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from backend.domain.activities.rules.kinds import Proof
from backend.domain.organisations.rules.places import Point, distance_m

FAR_M: Final = 10_000  # beyond a site's radius: a village of the same township is no other place
REUSABLE: Final = frozenset({Proof.MATERIAL})  # a lecture may be given twice from the same slides


class ProofFindingCode(StrEnum):
    """What is odd about a file."""

    TAKEN_ANOTHER_DAY = "taken_another_day"
    TAKEN_ELSEWHERE = "taken_elsewhere"
    USED_BEFORE = "used_before"


@dataclass(frozen=True)
class ProofFinding:
    """One thing that is odd about a file, in Chinese."""

    code: ProofFindingCode
    text: str

    def as_told(self) -> dict[str, str]:
        """Return it as it is kept with the file."""
        return {"code": self.code.value, "text": self.text}


@dataclass(frozen=True)
class Use:
    """Another record that has the same file, or one that looks the same."""

    occurred_on: date
    kind_label: str
    by_same_person: bool
    identical: bool


def find_other_day(taken_on: date | None, occurred_on: date) -> ProofFinding | None:
    """Tell that a photograph was taken on another day than what it proves."""
    if taken_on is None or taken_on == occurred_on:
        return None
    text = f"照片拍摄于{_day(taken_on)}，与记录的日期{_day(occurred_on)}不同。"
    return ProofFinding(ProofFindingCode.TAKEN_ANOTHER_DAY, text)


def find_other_place(place: Point | None, sites: Iterable[tuple[Point, int]]) -> ProofFinding | None:
    """Tell that a photograph was taken far from all sites (centre, radius in metres) of the dispatch."""
    beyond = [distance_m(place, centre) - radius_m for centre, radius_m in sites] if place is not None else []
    if not beyond or min(beyond) <= FAR_M:
        return None
    text = f"照片拍摄地点距派驻点约{round(min(beyond) / 1000)}公里。"
    return ProofFinding(ProofFindingCode.TAKEN_ELSEWHERE, text)


def find_reuse(use: Use | None) -> ProofFinding | None:
    """Tell that a file proves another record too; whose that is, is told by what they are to the author only."""
    if use is None:
        return None
    whose = "本人" if use.by_same_person else "另一名派驻人员"
    how = "相同" if use.identical else "几乎相同"
    text = f"与{whose}{_day(use.occurred_on)}“{use.kind_label}”记录所附的文件{how}，请核对。"
    return ProofFinding(ProofFindingCode.USED_BEFORE, text)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
