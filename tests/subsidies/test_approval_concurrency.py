"""Claims that several approvers decide on at once, each in a thread and connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select, text

from backend.domain.subsidies.drafting.running import hold_drafting
from backend.domain.subsidies.models.approvals import SubsidyDecision
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.claims import (
    ApprovalReport,
    approve_claim,
    approve_together,
    reject_claim,
    return_claim,
)
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.transaction import transaction
from tests.subsidies.approval_world import Office, make_office
from tests.support.at_once import at_once, counted
from tests.support.factories import acting, make_person

WAITING = ClaimStatus.SUBMITTED


def finance(office: Office) -> list[Actor]:
    """Return two of the finance office."""
    return [
        office.actor(Role.FINANCE),
        acting(make_person(office.hospital, roles=[Role.FINANCE]), Role.FINANCE),
    ]


def test_of_two_approvers_who_decide_at_once_one_wins_and_the_other_is_told(own_app: Flask) -> None:
    with own_app.app_context():
        office = make_office()
        first, second = finance(office)
        ids = [office.claim(status=WAITING, step=2, dispatch=office.someone_sent()).id for _round in range(4)]

    def acts(claim_id: UUID) -> list[Callable[[], UUID]]:
        return [
            *(lambda actor=actor: approve_claim(actor, claim_id, 1).id for actor in (first, second)),
            *(lambda actor=actor: return_claim(actor, claim_id, 1, reason="不对").id for actor in (first, second)),
        ]

    for claim_id in ids:
        assert counted(at_once(own_app, acts(claim_id))) == {"done": 1, "stale_version": 3}
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SubsidyDecision)) == len(ids)


def test_two_who_approve_the_same_many_in_other_orders_do_not_wait_for_each_other(own_app: Flask) -> None:
    with own_app.app_context():
        office = make_office()
        office.budget(100_000)
        signers = finance(office)
        ids = [office.claim(status=WAITING, step=2, dispatch=office.someone_sent()).id for _number in range(12)]

    def approve(actor: Actor, order: list[UUID]) -> ApprovalReport:
        return approve_together(actor, [(claim_id, 1) for claim_id in order])

    reports = at_once(own_app, [lambda: approve(signers[0], ids), lambda: approve(signers[1], ids[::-1])])

    done = [claim for report in reports if isinstance(report, ApprovalReport) for claim in report.done]
    left = [one.error.code for report in reports if isinstance(report, ApprovalReport) for one in report.left]
    assert len(done) == len(ids)
    assert left == ["stale_version"] * len(ids)


def test_what_is_left_of_a_budget_is_spent_once(own_app: Flask) -> None:
    with own_app.app_context():
        office = make_office()
        office.budget(150)  # one claim of 100 yuan
        signers = finance(office)
        ids = [office.claim(status=WAITING, step=2, dispatch=office.someone_sent()).id for _number in range(4)]

    outcome = at_once(
        own_app,
        [
            lambda: approve_claim(signers[0], ids[0], 1).id,
            lambda: approve_claim(signers[1], ids[1], 1).id,
            lambda: approve_claim(signers[0], ids[2], 1).id,
            lambda: approve_claim(signers[1], ids[3], 1).id,
        ],
    )

    assert counted(outcome) == {"done": 1, "budget_exceeded": 3}
    with own_app.app_context():
        approved = select(func.sum(SubsidyClaim.total_fen)).where(SubsidyClaim.status == ClaimStatus.APPROVED)
        assert db.session.scalar(approved) == 10_000


def test_a_refusal_waits_for_drafting_before_it_holds_the_claim(own_app: Flask) -> None:
    """Who enters a receipt holds drafting, then the claim: in the other order each waited for the other."""
    with own_app.app_context():
        office = make_office()
        approver = office.actor(Role.FINANCE)
        claim_id = office.claim(status=WAITING, step=2).id

    def reject() -> ClaimStatus:
        with own_app.app_context():
            return reject_claim(approver, claim_id, 1, reason="不对").status

    with ThreadPoolExecutor(1) as other, own_app.app_context():
        with transaction():
            hold_drafting()
            refusal = other.submit(reject)
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            for _ in range(1000):
                if refusal.done() or db.session.scalar(waiting):
                    break
                time.sleep(0.01)
            db.session.scalars(select(SubsidyClaim).with_for_update(nowait=True)).one()
        assert refusal.result() is ClaimStatus.REJECTED
