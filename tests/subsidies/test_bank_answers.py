"""The bank's answer and what is marked by hand: payments, their claims and the run are settled once, or not at all."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend.domain.accounts.models import RoleHolding
from backend.domain.audit.models import AuditEvent
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.subsidies.errors.bank_answers import BankAnswerRefused
from backend.domain.subsidies.errors.payments import (
    OwnFailure,
    PaidOnInvalid,
    PaymentNotFound,
    PaymentSettled,
    ReasonInvalid,
    RunNotReleased,
)
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.payments import Payment, PaymentRun
from backend.domain.subsidies.queries.payments import latest_payments
from backend.domain.subsidies.rules.statuses import ClaimStatus, PaymentStatus, RunStatus
from backend.domain.subsidies.service.bank_answers import take_bank_answer
from backend.domain.subsidies.service.payment_runs import prepare_run
from backend.domain.subsidies.service.settling import mark_failed, mark_paid
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from tests.subsidies.paying_world import CARD, HEADER, PayingWorld, answered, as_csv, make_paying_world, reference_of
from tests.support.factories import acting


@pytest.fixture
def world(app: Flask) -> PayingWorld:
    return make_paying_world()


@pytest.fixture
def run(world: PayingWorld) -> PaymentRun:
    return world.released()


def statuses(run: PaymentRun) -> list[PaymentStatus]:
    return [payment.status for payment in run.payments]


def claims() -> dict[int, ClaimStatus]:
    rows = db.session.execute(select(SubsidyClaim.total_fen, SubsidyClaim.status))
    return {row.total_fen: row.status for row in rows}


def problems_of(world: PayingWorld, run: PaymentRun, *lines: list[str]) -> list[tuple[int, str]]:
    with pytest.raises(BankAnswerRefused) as refused:
        take_bank_answer(world.finance, run.id, as_csv(lines))
    return [(problem.row, problem.text) for problem in refused.value.problems]


def test_an_answer_settles_payments_claims_and_the_run_and_tells_everybody(world: PayingWorld, run: PaymentRun) -> None:
    good, bad = run.payments
    content = as_csv([answered(good), answered(bad, "失败", reason=f"账号{CARD}户名不符")])

    report = take_bank_answer(world.finance, run.id, content)

    assert (report.paid_count, report.paid_fen, report.failed_count, report.failed_fen) == (1, 10_000, 1, 20_000)
    assert (statuses(run), run.status) == ([PaymentStatus.PAID, PaymentStatus.FAILED], RunStatus.SETTLED)
    assert (good.paid_on, bad.failure_reason) == (clock.today(), "账号6228 **** 0018户名不符")
    assert claims() == {10_000: ClaimStatus.PAID, 20_000: ClaimStatus.APPROVED}
    titles = db.session.scalars(select(InboxItem.title).where(InboxItem.kind == NoticeKind.SUBSIDY_PAID))
    assert sorted(titles) == ["下乡补贴发放失败", "下乡补贴已发放"]
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "take_bank_answer"))
    assert event.details == {"paid": 1, "paid_fen": 10_000, "failed": 1, "failed_fen": 20_000}


def test_a_claim_whose_payment_failed_still_tells_why_and_goes_into_another_run(
    world: PayingWorld, run: PaymentRun
) -> None:
    good, bad = run.payments
    take_bank_answer(world.finance, run.id, as_csv([answered(good), answered(bad, "失败", reason="户名不符")]))
    claim = db.session.scalars(select(SubsidyClaim).where(SubsidyClaim.status == ClaimStatus.APPROVED)).one()

    told = latest_payments([claim.id])[claim.id]
    assert (told.status, told.failure_reason, claim.payment_id) == (PaymentStatus.FAILED, "户名不符", None)

    again = prepare_run(world.finance).run
    assert [payment.amount_fen for payment in again.payments] == [20_000]
    assert latest_payments([claim.id])[claim.id].status is PaymentStatus.WAITING


def test_a_part_of_the_answer_leaves_the_run_open_for_the_rest(world: PayingWorld, run: PaymentRun) -> None:
    first, second = run.payments
    after_first = take_bank_answer(world.finance, run.id, as_csv([answered(first)]))
    stood = run.status
    take_bank_answer(world.finance, run.id, as_csv([answered(second)]))
    assert (after_first.still_waiting, stood, run.status) == (1, RunStatus.RELEASED, RunStatus.SETTLED)


def test_the_same_answer_again_changes_nothing_even_from_another_file(world: PayingWorld, run: PaymentRun) -> None:
    lines = [answered(payment) for payment in run.payments]
    take_bank_answer(world.finance, run.id, as_csv(lines))
    before = (run.version, claims())
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([HEADER, *lines[::-1]]):
            sheet.write_row(row, 0, cells)

    again = take_bank_answer(world.finance, run.id, output.getvalue())

    assert again.taken_before is not None
    assert (run.version, claims()) == before
    assert db.session.query(InboxItem).filter_by(kind=NoticeKind.SUBSIDY_PAID).count() == 2


def test_one_wrong_line_and_nothing_of_the_answer_is_taken(world: PayingWorld, run: PaymentRun) -> None:
    first, second = run.payments
    wrong = [reference_of(second), "199.99", "成功", "", str(clock.today())]

    told = problems_of(
        world,
        run,
        answered(first),
        wrong,
        ["BF2026999-0001", "1.00", "成功", "", str(clock.today())],
        answered(first),
        answered(second, "处理中"),
    )

    assert told == [
        (3, "金额199.99元与批次中的200.00元不符。"),
        (4, "流水号不属于本批次。"),
        (5, "流水号与第2行重复。"),
        (6, "还不是最终结果，请等银行处理完再上传。"),
    ]
    assert statuses(run) == [PaymentStatus.WAITING, PaymentStatus.WAITING]
    assert set(claims().values()) == {ClaimStatus.PAYING}


def test_a_line_that_is_settled_already_is_named(world: PayingWorld, run: PaymentRun) -> None:
    first, second = run.payments
    mark_paid(world.finance, run.id, first.id, paid_on=clock.today())

    assert problems_of(world, run, answered(second), answered(first)) == [
        (3, "这笔已登记为“已发放”，不能再次登记。"),
    ]
    assert second.status is PaymentStatus.WAITING


def test_nothing_was_paid_before_it_was_released_nor_will_have_been_tomorrow(
    world: PayingWorld, run: PaymentRun
) -> None:
    first = run.payments[0]
    for day in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=1)):
        assert [row for row, _text in problems_of(world, run, answered(first, day=day))] == [2]
        with pytest.raises(PaidOnInvalid):
            mark_paid(world.finance, run.id, first.id, paid_on=day)


def test_a_run_that_was_not_released_takes_no_answer(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run
    with pytest.raises(RunNotReleased):
        take_bank_answer(world.finance, run.id, as_csv([answered(run.payments[0])]))
    with pytest.raises(RunNotReleased):
        mark_paid(world.finance, run.id, run.payments[0].id, paid_on=clock.today())


def test_by_hand_each_payment_is_settled_once_with_a_reason_where_it_failed(
    world: PayingWorld, run: PaymentRun
) -> None:
    first, second = run.payments
    mark_paid(world.finance, run.id, first.id, paid_on=clock.today(), bank_reference="回单 77")
    with pytest.raises(ReasonInvalid):
        mark_failed(world.finance, run.id, second.id, reason="  ")
    mark_failed(world.finance, run.id, second.id, reason="账户已销户")

    assert (run.status, first.bank_reference) == (RunStatus.SETTLED, "回单 77")
    for payment in (first, second):
        with pytest.raises(PaymentSettled):
            mark_failed(world.finance, run.id, payment.id, reason="再来一次")
    with pytest.raises(PaymentNotFound):
        mark_paid(world.finance, run.id, new_id(), paid_on=clock.today())


def test_only_finance_says_what_became_of_payments(world: PayingWorld, run: PaymentRun) -> None:
    with pytest.raises(Forbidden):
        take_bank_answer(world.dean, run.id, as_csv([answered(run.payments[0])]))
    with pytest.raises(Forbidden):
        mark_paid(world.dean, run.id, run.payments[0].id, paid_on=clock.today())


def test_the_database_lets_nothing_that_is_paid_be_paid_again(world: PayingWorld, run: PaymentRun) -> None:
    take_bank_answer(world.finance, run.id, as_csv([answered(payment) for payment in run.payments]))

    for change in (
        update(SubsidyClaim).values(paid_at=clock.now()),
        update(SubsidyClaim).values(status=ClaimStatus.APPROVED, payment_id=None, paid_at=None),
        update(Payment).values(paid_on=None, settled_at=None, status=PaymentStatus.WAITING),
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(change)


def test_nobody_says_that_a_payment_to_themselves_failed_and_is_paid_again(world: PayingWorld, run: PaymentRun) -> None:
    own, others = run.payments
    db.session.add(RoleHolding(person_id=own.person_id, organisation_id=world.county.hospital.id, role=Role.FINANCE))
    db.session.commit()
    clerk = acting(own.person, Role.FINANCE)

    with pytest.raises(OwnFailure):
        mark_failed(clerk, run.id, own.id, reason="户名不符")
    with pytest.raises(BankAnswerRefused) as refused:
        take_bank_answer(clerk, run.id, as_csv([answered(others), answered(own, "失败", reason="户名不符")]))

    assert [(problem.row, problem.text) for problem in refused.value.problems] == [(3, OwnFailure.message)]
    db.session.expire_all()
    assert statuses(run) == [PaymentStatus.WAITING, PaymentStatus.WAITING]
    take_bank_answer(clerk, run.id, as_csv([answered(others, "失败", reason="户名不符"), answered(own)]))
    assert statuses(run) == [PaymentStatus.PAID, PaymentStatus.FAILED]
