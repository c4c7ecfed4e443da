"""Claims handed in, and decided step by step by those whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domain.notifications.models.notices import InboxItem
from backend.domain.organisations.models import Setting
from backend.domain.subsidies.errors.claims import (
    ApprovalChainMissing,
    BudgetExceeded,
    ClaimNotFound,
    ClaimNotOpen,
    ClaimNotWaiting,
    DecidedAlready,
    DecisionReasonMissing,
    NothingDue,
    NotYourStep,
    OwnClaim,
    ScanMissing,
)
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.rules.statuses import CLAIM_TRANSITIONS, ClaimAction, ClaimStatus
from backend.domain.subsidies.service import claims as service
from backend.domain.subsidies.service.claims import (
    approve_claim,
    approve_together,
    hand_in_owed,
    reject_claim,
    return_claim,
    submit_claim,
)
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import BangfuError, Forbidden, StaleVersion
from backend.foundation.ids import new_id
from tests.subsidies.approval_world import SEPTEMBER, Office, make_office
from tests.support.factories import acting, make_dispatch, make_person, make_setting
from tests.support.subsidies import make_chain

pytestmark = pytest.mark.usefixtures("app")
WAITING = ClaimStatus.SUBMITTED


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office()


def told(office: Office, role: Role | None = None) -> list[str]:
    """Return the titles of what an approver, or the doctor, has been told."""
    person = office.approvers[role] if role else office.county.doctor
    return list(db.session.scalars(select(InboxItem.title).where(InboxItem.person_id == person.id)))


def test_a_claim_goes_through_the_steps_that_its_sum_needs(office: Office) -> None:
    claim = submit_claim(office.doctor, office.claim(days=10).id, 1, explanation=" 本月值班较多 ")
    assert (claim.status, claim.step, claim.round, claim.explanation) == (WAITING, 1, 1, "本月值班较多")
    assert told(office, Role.MEDICAL_AFFAIRS) == ["下乡补贴待审批"]

    claim = approve_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 2)
    assert (claim.status, claim.step) == (WAITING, 2)
    assert told(office, Role.FINANCE) == ["下乡补贴待审批"]
    assert told(office) == []

    claim = approve_claim(office.actor(Role.FINANCE), claim.id, 3)
    assert (claim.status, claim.step, claim.version) == (ClaimStatus.APPROVED, None, 4)
    assert [row.step_label for row in claim.decisions] == ["经办", "财务"]
    assert told(office) == ["下乡补贴已批准"]
    assert told(office, Role.DEAN) == []  # 100 yuan are below the dean's limit


def test_the_dean_is_asked_from_the_limit_on(office: Office) -> None:
    claim = office.claim(days=15, status=WAITING, step=2)
    assert approve_claim(office.actor(Role.FINANCE), claim.id, 1).step == 3
    assert approve_claim(office.actor(Role.DEAN), claim.id, 2).status is ClaimStatus.APPROVED


def attempts(office: Office, claim: SubsidyClaim, version: int = 1) -> dict[ClaimAction, Callable[[], SubsidyClaim]]:
    approver = office.actor(Role.FINANCE)
    return {
        ClaimAction.SUBMIT: lambda: submit_claim(acting(claim.person, Role.STAFF), claim.id, version),
        ClaimAction.APPROVE: lambda: approve_claim(approver, claim.id, version),
        ClaimAction.RETURN: lambda: return_claim(approver, claim.id, version, reason="请补票据"),
        ClaimAction.REJECT: lambda: reject_claim(approver, claim.id, version, reason="不符合规定"),
    }


@pytest.mark.parametrize("action", [ClaimAction.SUBMIT, ClaimAction.APPROVE, ClaimAction.RETURN, ClaimAction.REJECT])
def test_each_cell_of_the_state_table_is_as_it_says(office: Office, action: ClaimAction) -> None:
    for status in ClaimStatus:
        claim = office.claim(status=status, step=2, dispatch=office.someone_sent())
        expected = CLAIM_TRANSITIONS.get((status, action))
        if expected is not None:
            assert attempts(office, claim)[action]().status is expected
        else:
            refusal = ClaimNotOpen if action is ClaimAction.SUBMIT else ClaimNotWaiting
            with pytest.raises(refusal):
                attempts(office, claim)[action]()
            assert db.session.get_one(SubsidyClaim, claim.id).status is status


def test_nobody_decides_their_own_claim_in_any_role(office: Office) -> None:
    doctor = office.county.doctor
    claim = office.claim(status=WAITING)
    for role in (Role.MEDICAL_AFFAIRS, Role.FINANCE, Role.DEAN):
        with pytest.raises(OwnClaim):
            approve_claim(acting(doctor, role), claim.id, 1)


def test_one_who_holds_all_roles_decides_once_in_a_round(office: Office) -> None:
    everything = make_person(office.hospital, roles=[Role.MEDICAL_AFFAIRS, Role.FINANCE])
    claim = office.claim(status=WAITING)
    approve_claim(acting(everything, Role.MEDICAL_AFFAIRS), claim.id, 1)
    again = acting(everything, Role.FINANCE)
    with pytest.raises(DecidedAlready):
        approve_claim(again, claim.id, 2)
    for send_back in (return_claim, reject_claim):
        with pytest.raises(DecidedAlready):
            send_back(again, claim.id, 2, reason="再看看")
    return_claim(office.actor(Role.FINANCE), claim.id, 2, reason="请补说明")
    submit_claim(office.doctor, claim.id, 3)
    assert approve_claim(acting(everything, Role.MEDICAL_AFFAIRS), claim.id, 4).step == 2  # another round


@pytest.mark.parametrize("own", [True, False])
def test_the_database_refuses_what_the_rules_would_let_pass(
    office: Office, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    monkeypatch.setattr(service, "why_not_decide", lambda *_args, **_rest: None)
    claim = office.claim(status=WAITING)
    decider = office.county.doctor if own else office.county.medical_affairs
    if not own:
        approve_claim(acting(decider, Role.MEDICAL_AFFAIRS), claim.id, 1)
    with pytest.raises(IntegrityError, match="oneself" if own else "decided_by_person_id_key"):
        approve_claim(acting(decider, Role.FINANCE), claim.id, claim.version)


def test_others_are_refused_by_where_they_stand(office: Office) -> None:
    claim = office.claim(status=WAITING)
    refusals: list[tuple[object, type[BangfuError]]] = [
        (office.actor(Role.FINANCE), NotYourStep),
        (acting(make_person(office.hospital), Role.PERSONNEL), Forbidden),
        (office.county.recipient, Forbidden),
        (office.county.overseer, Forbidden),
        (office.county.stranger, ClaimNotFound),
    ]
    for actor, error in refusals:
        with pytest.raises(error) as refused:
            approve_claim(actor, claim.id, 1)  # type: ignore[arg-type]
        assert refused.type is error
    with pytest.raises(Forbidden):
        submit_claim(office.county.office, office.claim(month=SEPTEMBER).id, 1)
    with pytest.raises(ClaimNotFound):
        approve_claim(office.actor(Role.FINANCE), new_id(), 1)


def test_a_claim_that_changed_since_it_was_read_is_left_alone(office: Office) -> None:
    claim = office.claim(status=WAITING)
    for act in attempts(office, claim, version=2).values():
        with pytest.raises(StaleVersion):
            act()


def test_nothing_is_handed_in_without_a_sum_or_a_chain(office: Office) -> None:
    empty = office.claim(days=0)
    with pytest.raises(NothingDue):
        submit_claim(office.doctor, empty.id, 1)
    elsewhere = make_person(office.county.foreign_hospital)
    claim = office.claim(dispatch=make_dispatch(elsewhere, office.county.township, starts_on=SEPTEMBER))
    with pytest.raises(ApprovalChainMissing):
        submit_claim(acting(elsewhere, Role.STAFF), claim.id, 1)


def test_the_chain_is_the_nearest_of_the_day_and_stays_with_what_was_handed_in(office: Office) -> None:
    today = clock.today()
    make_chain(office.county.bureau, [("局里", Role.DEAN, 0)], effective_on=today)
    make_chain(office.hospital, [("明天起", Role.DEAN, 0)], effective_on=today + timedelta(days=1))
    claim = submit_claim(office.doctor, office.claim().id, 1)
    assert claim.chain_id == office.chain.id

    make_chain(office.hospital, [("财务", Role.FINANCE, 0)], effective_on=today)
    claim = approve_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 2)
    assert (claim.chain_id, claim.step) == (office.chain.id, 2)
    claim = return_claim(office.actor(Role.FINANCE), claim.id, 3, reason="请补说明")
    assert submit_claim(office.doctor, claim.id, 4).chain_id != office.chain.id


def test_a_returned_claim_goes_through_every_step_anew(office: Office) -> None:
    claim = office.claim(status=WAITING)
    approve_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 1)
    claim = return_claim(office.actor(Role.FINANCE), claim.id, 2, reason="请说明夜班")
    assert claim.lines[0].in_force
    assert told(office) == ["下乡补贴申领已退回"]
    claim = submit_claim(office.doctor, claim.id, 3, explanation="夜班两次")
    assert (claim.round, claim.step) == (2, 1)


def test_a_refused_claim_pays_nothing_any_more(office: Office) -> None:
    claim = office.claim(status=WAITING)
    with pytest.raises(DecisionReasonMissing):
        reject_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 1, reason=" ")
    claim = reject_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 1, reason="不在派驻期")
    assert [(line.in_force, line.voided) for line in claim.lines] == [(False, True)]
    assert told(office) == ["下乡补贴不予发放"]


def test_the_last_step_asks_for_the_scan_where_it_is_set(office: Office) -> None:
    make_setting(office.hospital, "attendance.timesheet_needs_scan", "是", effective_on=date(2026, 10, 1))
    before = office.claim(month=SEPTEMBER, status=WAITING, step=2)
    claim = office.claim(status=WAITING)
    assert approve_claim(office.actor(Role.FINANCE), before.id, 1).status is ClaimStatus.APPROVED
    claim = approve_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 1)
    with pytest.raises(ScanMissing):
        approve_claim(office.actor(Role.FINANCE), claim.id, 2)
    db.session.execute(db.delete(Setting))
    assert approve_claim(office.actor(Role.FINANCE), claim.id, 2).status is ClaimStatus.APPROVED


def test_the_last_step_spends_no_more_than_the_budget(office: Office) -> None:
    budget = office.budget(150)
    first, second = office.claim(status=WAITING, step=2), office.claim(month=SEPTEMBER, status=WAITING)
    approve_claim(office.actor(Role.FINANCE), first.id, 1)
    second = approve_claim(office.actor(Role.MEDICAL_AFFAIRS), second.id, 1)  # not the last step
    with pytest.raises(BudgetExceeded) as refused:
        approve_claim(office.actor(Role.FINANCE), second.id, 2)
    assert "还剩50.00元，这笔申领需要100.00元" in refused.value.text
    budget.amount_fen = 20_000
    db.session.commit()
    assert approve_claim(office.actor(Role.FINANCE), second.id, 2).status is ClaimStatus.APPROVED


def test_approving_together_decides_each_whole_and_reports_what_is_left(office: Office) -> None:
    office.budget(150)
    approver = office.approvers[Role.FINANCE]
    good, too_much, changed = (
        office.claim(status=WAITING, step=2, dispatch=office.someone_sent()) for _number in range(3)
    )
    own = office.claim(
        status=WAITING,
        step=2,
        dispatch=make_dispatch(approver, office.county.township, starts_on=SEPTEMBER),
    )
    earlier = office.claim(status=WAITING, step=1, dispatch=office.someone_sent())
    unknown = new_id()

    chosen = [(one.id, 1) for one in (good, too_much, own, earlier)] + [(changed.id, 7), (unknown, 1)]
    report = approve_together(office.actor(Role.FINANCE), chosen)

    assert [claim.id for claim in report.done] == [good.id]
    assert report.total_fen == 10_000
    assert {one.claim_id: one.error.code for one in report.left} == {
        too_much.id: "budget_exceeded",
        own.id: "own_claim",
        earlier.id: "not_your_step",
        changed.id: "stale_version",
        unknown: "claim_not_found",
    }
    assert good.status is ClaimStatus.APPROVED
    assert all(claim.status is WAITING and not claim.decisions for claim in (too_much, own, earlier, changed))


def test_whose_turn_it_is_is_told_once_a_day_and_never_who_may_not_decide(office: Office) -> None:
    both = make_person(office.hospital, roles=[Role.MEDICAL_AFFAIRS, Role.FINANCE])
    claims = [office.claim(status=WAITING, dispatch=office.someone_sent()) for _number in range(2)]
    for claim in claims:
        approve_claim(acting(both, Role.MEDICAL_AFFAIRS), claim.id, 1)
    assert told(office, Role.FINANCE) == ["下乡补贴待审批"]
    assert db.session.scalars(select(InboxItem.id).where(InboxItem.person_id == both.id)).all() == []


def owed_back(office: Office, status: ClaimStatus, *, days_ago: int, fen: int = -500) -> SubsidyClaim:
    """Return a claim of the doctor that takes back more than it pays and has lain with them for so long."""
    claim, since = office.claim(status=status), clock.now() - timedelta(days=days_ago)
    claim.total_fen, claim.drafted_at = fen, since
    claim.submitted_at = None if status is ClaimStatus.DRAFT else since
    db.session.commit()
    return claim


@pytest.mark.parametrize("status", [ClaimStatus.DRAFT, ClaimStatus.RETURNED])
def test_what_is_owed_back_is_handed_in_after_a_week_though_its_person_does_not(
    office: Office, status: ClaimStatus
) -> None:
    claim = owed_back(office, status, days_ago=8)
    before = claim.round, claim.version

    assert hand_in_owed() == 1
    assert hand_in_owed() == 0

    db.session.refresh(claim)
    assert (claim.status, claim.step) == (WAITING, 1)
    assert (claim.round, claim.version) == (before[0] + 1, before[1] + 1)
    assert told(office, Role.MEDICAL_AFFAIRS) == ["下乡补贴待审批"]


@pytest.mark.parametrize(("days_ago", "fen"), [(6, -500), (8, 500), (8, 0)])
def test_nothing_else_is_handed_in_for_its_person(office: Office, days_ago: int, fen: int) -> None:
    claim = owed_back(office, ClaimStatus.DRAFT, days_ago=days_ago, fen=fen)
    assert hand_in_owed() == 0
    db.session.refresh(claim)
    assert claim.status is ClaimStatus.DRAFT
