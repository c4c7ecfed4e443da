"""What about a record needs a person's eye before it is countersigned: such are opened, not signed with others."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from backend.domain.activities.rules.kinds import KINDS, ActivityKind, Group
from backend.domain.activities.rules.presence import Presence


class Oddity(StrEnum):
    """What makes a record one to be opened by itself."""

    LATE = "late"
    NOT_PRESENT = "not_present"
    FINDINGS = "findings"
    AMENDED = "amended"


ODDITY_LABELS: Mapping[Oddity, str] = {
    Oddity.LATE: "补记（交得晚）",
    Oddity.NOT_PRESENT: "当天无在岗记录",
    Oddity.FINDINGS: "附件需核对",
    Oddity.AMENDED: "更正版本",
}


def oddities_of(
    kind: ActivityKind, presence: Presence, *, is_late: bool, has_findings: bool, edition: int
) -> tuple[Oddity, ...]:
    """Return what about a record needs an eye; nobody has to be at the recipient for what is done remotely."""
    elsewhere = presence is not Presence.PRESENT and KINDS[kind].group is not Group.REMOTE
    found = {
        Oddity.LATE: is_late,
        Oddity.NOT_PRESENT: elsewhere,
        Oddity.FINDINGS: has_findings,
        Oddity.AMENDED: edition > 1,
    }
    return tuple(oddity for oddity, holds in found.items() if holds)
