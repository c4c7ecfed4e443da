"""The steps of an approval: which a sum needs, whose turn it is, and who may not decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from backend.domain.access.rules import TABLE, Action, Party, Resource
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.foundation.actor import Role

APPROVING_ROLES: Final = tuple(
    role for role in Role if role in TABLE[Resource.SUBSIDY_CLAIM][Action.DECIDE][Party.SUPPORTING]
)
MOST_STEPS: Final = 6
LONGEST_LABEL: Final = 10


@dataclass(frozen=True)
class Step:
    """One step of a chain, by its position from 1."""

    position: int
    label: str
    role: Role
    minimum_fen: int = 0  # of the whole claim, whichever its sign

    def is_needed(self, total_fen: int) -> bool:
        """Tell whether a claim of this total goes through this step."""
        return self.minimum_fen <= abs(total_fen)


class Obstacle(StrEnum):
    """Why somebody may not decide a claim."""

    OWN_CLAIM = "own_claim"
    NOT_YOUR_STEP = "not_your_step"
    DECIDED_ALREADY = "decided_already"


class StepState(StrEnum):
    """Where a claim stands with one step of its chain."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"
    SKIPPED = "skipped"


def next_step(steps: Sequence[Step], total_fen: int, *, after: int = 0) -> Step | None:
    """Return the first step beyond a position that a claim of this total needs, None where that was the last one."""
    needed = [step for step in steps if step.position > after and step.is_needed(total_fen)]
    return min(needed, key=lambda step: step.position, default=None)


def why_not_decide(
    decider: UUID | None, role: Role | None, *, claimant: UUID, step_role: Role, deciders: Collection[UUID]
) -> Obstacle | None:
    """Say why somebody may not decide a claim now, None when they may.

    It goes by the person, whatever roles they hold: nobody decides on their own, and nobody twice in one round, of
    which `deciders` are those who have decided already.
    """
    if decider == claimant:
        return Obstacle.OWN_CLAIM
    if decider is None or role is not step_role:
        return Obstacle.NOT_YOUR_STEP
    if decider in deciders:
        return Obstacle.DECIDED_ALREADY
    return None


def state_of_step(step: Step, status: ClaimStatus, current: int | None, total_fen: int, *, decided: bool) -> StepState:
    """Return where a claim stands with a step; `decided` tells whether somebody has, in the present round."""
    if decided:
        return StepState.DONE
    if not step.is_needed(total_fen) or status is ClaimStatus.REJECTED:
        return StepState.SKIPPED
    return StepState.CURRENT if step.position == current else StepState.AHEAD


def why_not_chain(steps: Sequence[Step]) -> str | None:
    """Say in Chinese why these steps cannot be a chain, None when they can."""
    labels = [step.label.strip() for step in steps]
    found = {
        "请至少填写一个审批环节。": not steps,
        f"审批环节不能超过{MOST_STEPS}个。": len(steps) > MOST_STEPS,
        f"请填写每个环节的名称，不超过{LONGEST_LABEL}个字。": any(
            not 0 < len(label) <= LONGEST_LABEL for label in labels
        ),
        "各环节的名称不能相同。": len(set(labels)) < len(labels),
        "请选择由哪种身份审批。": any(step.role not in APPROVING_ROLES for step in steps),
        "起审金额不能小于0。": any(step.minimum_fen < 0 for step in steps),
        "至少有一个环节的起审金额为0，否则小额申领无人审批。": all(step.minimum_fen > 0 for step in steps),
    }
    return next((sentence for sentence, holds in found.items() if holds), None)
