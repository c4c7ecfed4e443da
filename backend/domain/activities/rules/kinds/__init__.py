"""The kinds of activity records, one declarative table: form, validation, API, list, import and count derive from it.

Source: the kinds, units and forms of counterpart-support programmes (docs/activities.md). Adding a kind is adding one
entry and its name.
"""

from __future__ import annotations

from collections.abc import Mapping

from backend.domain.activities.rules.kinds import bedside, outreach, teaching
from backend.domain.activities.rules.kinds.entry import ActivityKind, Group, KindEntry, Proof, Unit

__all__ = [
    "GROUP_LABELS",
    "KINDS",
    "PROOF_LABELS",
    "ActivityKind",
    "Group",
    "KindEntry",
    "Proof",
    "Unit",
]

KINDS: Mapping[ActivityKind, KindEntry] = {
    entry.kind: entry for entry in (*bedside.ENTRIES, *teaching.ENTRIES, *outreach.ENTRIES)
}
GROUP_LABELS = {
    Group.CLINIC: "门诊与查房",
    Group.SURGERY: "手术",
    Group.CASES: "病例",
    Group.TEACHING: "教学",
    Group.PUBLIC: "新技术与义诊",
    Group.REMOTE: "远程",
}
PROOF_LABELS = {
    Proof.PHOTO: "现场照片",
    Proof.SIGN_IN_SHEET: "签到表",
    Proof.MATERIAL: "课件资料",
    Proof.OTHER: "其他材料",
}
