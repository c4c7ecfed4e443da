"""Payment runs: who is in one and with what, who releases it, and what is then left as it was."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend.domain.accounts.models import RoleHolding
from backend.domain.audit.models import AuditEvent
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.subsidies.errors.payments import (
    ClaimsChanged,
    NothingToPay,
    OwnPayment,
    OwnRun,
    ReasonInvalid,
    RunDecided,
    RunNotFound,
    SumsDiffer,
)
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.payments import PaidClaim, Payment
from backend.domain.subsidies.queries.payments import account_news, get_run, latest_payments, list_payable, list_runs
from backend.domain.subsidies.rules.payments import LeftOut
from backend.domain.subsidies.rules.statuses import ClaimStatus, PaymentStatus, RunStatus
from backend.domain.subsidies.service.bank_accounts import set_bank_account
from backend.domain.subsidies.service.payment_runs import prepare_run, refuse_run, release_run
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, StaleVersion
from tests.subsidies.paying_world import CARD, PASSBOOK, PayingWorld, make_paying_world
from tests.support.factories import acting, make_person


@pytest.fixture
def world(app: Flask) -> PayingWorld:
    return make_paying_world()


def bodies(kind: NoticeKind) -> list[str]:
    return list(db.session.scalars(select(InboxItem.body).where(InboxItem.kind == kind)))


def test_a_person_gets_one_payment_of_all_that_is_approved_and_less_what_is_taken_back(world: PayingWorld) -> None:
    claims = [world.claim(0), world.claim(0, month=date(2026, 10, 1), yuan_a_day=30), world.owed_back(0, 12_345)]
    world.give_account(0)

    run = prepare_run(world.finance).run

    assert [(payment.amount_fen, payment.payee) for payment in run.payments] == [(27_655, world.doctors[0].name)]
    assert (run.total_fen, run.payments_count, run.status) == (27_655, 1, RunStatus.PREPARED)
    assert {claim.status for claim in claims} == {ClaimStatus.PAYING}
    assert {claim.payment_id for claim in claims} == {run.payments[0].id}
    assert [claim.version for claim in claims] == [2, 2, 2]


def test_whoever_is_owed_nothing_or_has_no_account_is_left_out_and_told(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    without_account = world.claim(1)
    offset = [world.claim(2), world.owed_back(2, 10_000)]

    prepared = prepare_run(world.finance)

    left = {one.person.id: one.left_out for one in prepared.left}
    assert left == {world.doctors[1].id: LeftOut.NO_ACCOUNT, world.doctors[2].id: LeftOut.NOTHING_DUE}
    assert {claim.status for claim in (without_account, *offset)} == {ClaimStatus.APPROVED}
    assert sorted(bodies(NoticeKind.SUBSIDY_PAID)) == [
        "抵扣后没有应发金额，留待以后的补贴继续抵扣。",
        "没有登记收款账号，登记后可在下一批次发放。",
    ]
    assert len(bodies(NoticeKind.RUN_PREPARED)) == 1


def test_nobody_to_pay_makes_no_run(world: PayingWorld) -> None:
    world.claim(0)
    with pytest.raises(NothingToPay):
        prepare_run(world.finance)
    assert list_runs(world.finance, page=1, page_size=20).total == 0


def test_what_was_chosen_must_stand_as_it_was_read(world: PayingWorld) -> None:
    first, second = world.claim(0), world.claim(1)
    for doctor in (0, 1):
        world.give_account(doctor)

    with pytest.raises(ClaimsChanged):
        prepare_run(world.finance, [(first.id, first.version), (second.id, second.version + 1)])
    assert first.status is ClaimStatus.APPROVED

    run = prepare_run(world.finance, [(first.id, first.version)]).run
    assert [payment.person_id for payment in run.payments] == [world.doctors[0].id]
    with pytest.raises(ClaimsChanged):
        prepare_run(world.finance, [(first.id, first.version)])


def test_what_somebody_owes_back_cannot_be_left_out_of_the_choice(world: PayingWorld) -> None:
    granted = world.claim(0)
    world.give_account(0)
    world.owed_back(0, 5_000)

    with pytest.raises(ClaimsChanged):
        prepare_run(world.finance, [(granted.id, granted.version)])


def test_claims_of_another_hospital_are_not_there_to_be_paid(world: PayingWorld) -> None:
    claim = world.claim(0)
    world.give_account(0)
    elsewhere = acting(make_person(world.county.foreign_hospital, roles=[Role.FINANCE]), Role.FINANCE)

    with pytest.raises(ClaimsChanged):
        prepare_run(elsewhere, [(claim.id, claim.version)])
    run = prepare_run(world.finance).run
    with pytest.raises(RunNotFound):
        get_run(elsewhere, run.id)
    assert list_payable(elsewhere) == []


def test_finance_prepares_and_a_dean_releases_and_neither_does_the_others_part(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    with pytest.raises(Forbidden):
        prepare_run(world.dean)
    run = prepare_run(world.finance).run
    with pytest.raises(Forbidden):
        release_run(world.finance, run.id, run.version)
    with pytest.raises(Forbidden):
        prepare_run(world.county.office)


def test_whoever_prepared_a_run_does_not_release_it_in_another_role(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run
    both = Actor(person_id=world.finance.person_id, role=Role.DEAN, organisation_id=world.finance.organisation_id)

    with pytest.raises(OwnRun):
        release_run(both, run.id, run.version)
    with pytest.raises(OwnRun):
        refuse_run(both, run.id, run.version, reason="不放")


def test_a_dean_whom_a_run_pays_does_not_release_it(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run
    db.session.add(RoleHolding(person_id=world.doctors[0].id, organisation_id=world.county.hospital.id, role=Role.DEAN))
    with pytest.raises(OwnPayment):
        release_run(acting(world.doctors[0], Role.DEAN), run.id, run.version)


def test_a_run_is_released_or_refused_once_and_as_it_was_read(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run
    with pytest.raises(StaleVersion):
        release_run(world.dean, run.id, run.version + 1)

    released = release_run(world.dean, run.id, run.version)

    assert (released.status, len(released.file_hash), len(released.workbook_hash)) == (RunStatus.RELEASED, 64, 64)
    with pytest.raises(RunDecided):
        refuse_run(world.dean, run.id, released.version, reason="不放")
    assert bodies(NoticeKind.RUN_DECIDED) == [f"批次{run.year}-001已放行，可以下载付款文件。"]


def test_the_claims_of_a_refused_run_are_approved_as_before_and_go_into_another(world: PayingWorld) -> None:
    claim = world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run
    with pytest.raises(ReasonInvalid):
        refuse_run(world.dean, run.id, run.version, reason=" ")

    refused = refuse_run(world.dean, run.id, run.version, reason="金额请再核对")

    assert (refused.status, refused.payments[0].status) == (RunStatus.REFUSED, PaymentStatus.CANCELLED)
    assert (claim.status, claim.payment_id) == (ClaimStatus.APPROVED, None)
    assert latest_payments([claim.id]) == {}
    again = prepare_run(world.finance).run
    assert (again.number, again.payments[0].amount_fen) == (2, claim.total_fen)
    assert latest_payments([claim.id])[claim.id].run_label == f"批次{again.year}-002"


def test_a_run_that_is_not_what_its_claims_come_to_is_not_released(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run
    other = world.claim(1)
    other.status, other.payment_id = ClaimStatus.PAYING, run.payments[0].id
    db.session.commit()

    with pytest.raises(SumsDiffer):
        release_run(world.dean, run.id, run.version)


def test_the_account_is_paid_that_was_known_when_the_run_was_prepared_and_a_change_is_shown(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run
    assert account_news(run)[run.payments[0].id].first

    person = world.doctors[0]
    set_bank_account(world.finance, person.id, bank="信用社", number=PASSBOOK, version=1)

    news = account_news(run)[run.payments[0].id]
    assert (news.changed_since, news.entered_by) == (True, "董志财")
    assert run.payments[0].account_masked == "6228 **** 0018"


def test_the_database_keeps_what_was_prepared(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    prepare_run(world.finance)

    for table, values in (
        (Payment, {"amount_fen": 1}),
        (Payment, {"account_masked": "x"}),
        (SubsidyClaim, {"total_fen": 1}),
        (PaidClaim, {"amount_fen": 1}),
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(update(table).values(values))


def test_the_trail_tells_of_a_run_without_a_name_or_an_account(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run
    release_run(world.dean, run.id, run.version)

    events = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == run.id).order_by(AuditEvent.id)).all()

    assert [event.action for event in events] == ["prepare_payment_run", "release_payment_run"]
    assert events[1].details == {"payments": 1, "total_fen": 10_000}
    assert CARD[-4:] not in str([event.details for event in events])
