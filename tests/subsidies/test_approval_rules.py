"""Who may decide, and whose turn it is: gone through exhaustively."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from uuid import UUID, uuid4

import pytest

from backend.domain.subsidies.rules.approval import (
    APPROVING_ROLES,
    Obstacle,
    Step,
    StepState,
    next_step,
    state_of_step,
    why_not_chain,
    why_not_decide,
)
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.foundation.actor import Role

CLAIMANT, *OTHERS = (uuid4() for _ in range(4))
CHAIN = (
    Step(1, "经办", Role.MEDICAL_AFFAIRS),
    Step(2, "财务", Role.FINANCE),
    Step(3, "院长", Role.DEAN, 50_000),
)


def ways_through(roles: tuple[Role, ...], deciders: tuple[UUID, ...] = ()) -> Iterator[tuple[UUID, ...]]:
    """Yield by whom a chain can be gone through, where everybody holds every role, the claimant too."""
    if len(deciders) == len(roles):
        yield deciders
        return
    for person, role in product([CLAIMANT, *OTHERS], APPROVING_ROLES):
        step_role = roles[len(deciders)]
        if why_not_decide(person, role, claimant=CLAIMANT, step_role=step_role, deciders=deciders) is None:
            yield from ways_through(roles, (*deciders, person))


def test_whatever_roles_people_hold_nobody_decides_their_own_nor_twice() -> None:
    for roles in product(APPROVING_ROLES, repeat=3):
        ways = list(ways_through(roles))
        assert {frozenset(way) for way in ways} == {frozenset(OTHERS)}
        assert all(len(set(way)) == len(way) for way in ways)
        assert len(ways) == 6  # all orders of three people, each in the role of the step


def test_no_other_role_than_the_steps_decides_and_nobody_in_particular() -> None:
    for decider, role in [*((OTHERS[0], role) for role in (*Role, None)), (None, Role.FINANCE)]:
        obstacle = why_not_decide(decider, role, claimant=CLAIMANT, step_role=Role.FINANCE, deciders=())
        may = decider is not None and role is Role.FINANCE
        assert obstacle is (None if may else Obstacle.NOT_YOUR_STEP)


@pytest.mark.parametrize(
    ("total_fen", "positions"),
    [(49_999, [1, 2]), (50_000, [1, 2, 3]), (-50_000, [1, 2, 3]), (-1, [1, 2])],
)
def test_a_sum_goes_through_the_steps_whose_limit_it_reaches(total_fen: int, positions: list[int]) -> None:
    taken, step = [], next_step(CHAIN, total_fen)
    while step is not None:
        taken.append(step.position)
        step = next_step(CHAIN, total_fen, after=step.position)
    assert taken == positions


def test_steps_are_done_current_ahead_or_skipped() -> None:
    def states(status: ClaimStatus, current: int | None, total_fen: int, decided: set[int]) -> list[StepState]:
        return [state_of_step(step, status, current, total_fen, decided=step.position in decided) for step in CHAIN]

    done, now, ahead, skipped = StepState.DONE, StepState.CURRENT, StepState.AHEAD, StepState.SKIPPED
    assert states(ClaimStatus.SUBMITTED, 2, 50_000, {1}) == [done, now, ahead]
    assert states(ClaimStatus.SUBMITTED, 2, 100, {1}) == [done, now, skipped]
    assert states(ClaimStatus.REJECTED, None, 50_000, {1, 2}) == [done, done, skipped]
    assert states(ClaimStatus.RETURNED, None, 50_000, {1}) == [done, ahead, ahead]
    assert states(ClaimStatus.APPROVED, None, 100, {1, 2}) == [done, done, skipped]


def test_a_chain_that_cannot_be_is_told() -> None:
    assert why_not_chain(CHAIN) is None
    first = CHAIN[0]
    wrong = {
        "至少填写一个": [],
        "不能超过6个": [replace(first, position=n, label=f"环节{n}") for n in range(1, 10)],
        "名称，不超过": [replace(first, label="　")],
        "不能相同": [first, replace(first, position=2)],
        "哪种身份": [replace(first, role=Role.DIRECTOR)],
        "不能小于0": [first, replace(CHAIN[1], minimum_fen=-1)],
        "无人审批": [replace(first, minimum_fen=1)],
    }
    for sentence, steps in wrong.items():
        assert sentence in (why_not_chain(steps) or "")
