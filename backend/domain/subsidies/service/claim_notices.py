"""What approvers are told of claims that wait for them, and claimants of what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from backend.domain.accounts.queries import holders_of
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.money import yuan

_TITLES = {
    ClaimStatus.APPROVED: "下乡补贴已批准",
    ClaimStatus.RETURNED: "下乡补贴申领已退回",
    ClaimStatus.REJECTED: "下乡补贴不予发放",
}


def tell_whose_turn(claims: Collection[SubsidyClaim]) -> None:
    """Owe those whose step it is one notice a day and step, however many claims come to wait for them.

    Not the one who claims, nor who has decided in this round already.
    """
    waiting: dict[tuple[UUID, Role, str], list[SubsidyClaim]] = defaultdict(list)
    for claim in claims:
        step = next((one for one in claim.chain.steps if one.position == claim.step), None) if claim.chain else None
        if step is not None:
            waiting[claim.supporting_id, step.role, step.label].append(claim)
    owe_notices(
        [
            _waiting(person_id, supporting_id, label)
            for (supporting_id, role, label), theirs in waiting.items()
            for person_id in holders_of(role, supporting_id)
            if any(person_id not in _kept_out(claim) for claim in theirs)
        ]
    )


def tell_decided(claims: Collection[SubsidyClaim]) -> None:
    """Owe each claimant what became of their claim."""
    owe_notices([_decided(claim) for claim in claims])


def _kept_out(claim: SubsidyClaim) -> set[UUID]:
    return {claim.person_id} | {row.decided_by_person_id for row in claim.decisions if row.round == claim.round}


def _waiting(person_id: UUID, supporting_id: UUID, label: str) -> Owed:
    notice = Notice(
        NoticeKind.SUBSIDY_SUBMITTED,
        "下乡补贴待审批",
        f"有下乡补贴申领等待您审批（{label}）。",
        "/office/claims/index",
    )
    key = f"{notice.kind}:{person_id}:{supporting_id}:{label}:{clock.today()}"
    return Owed(person_id=person_id, notice=notice, dedupe_key=key)


def _decided(claim: SubsidyClaim) -> Owed:
    month, reason = f"{claim.month.year}年{claim.month.month}月的补贴", claim.decisions[-1].reason
    sums = f"{month}{yuan(claim.total_fen)}元已批准，等待发放。"
    notice = Notice(
        NoticeKind.SUBSIDY_DECIDED,
        _TITLES[claim.status],
        sums if claim.status is ClaimStatus.APPROVED else f"{month}：{reason}",
        f"/doctor/claim/index?id={claim.id}",
    )
    return Owed(person_id=claim.person_id, notice=notice, dedupe_key=f"{notice.kind}:{claim.id}:{claim.version}")
