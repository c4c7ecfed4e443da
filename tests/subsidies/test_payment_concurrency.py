"""Money that several people move at once, each in a thread and a connection of its own: it is paid once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.payments import BankAnswer, PaidClaim, Payment, PaymentRun
from backend.domain.subsidies.rules.statuses import ClaimStatus, PaymentStatus, RunStatus
from backend.domain.subsidies.service.bank_answers import take_bank_answer
from backend.domain.subsidies.service.claims import approve_claim
from backend.domain.subsidies.service.payment_runs import prepare_run, refuse_run, release_run
from backend.domain.subsidies.service.settling import mark_failed, mark_paid
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from tests.subsidies.paying_world import PayingWorld, answered, as_csv, make_paying_world
from tests.support.at_once import at_once, counted
from tests.support.factories import acting, make_person
from tests.support.subsidies import make_chain, make_claim, make_item, make_programme, make_rule

_DOCTORS = 4


def payable_world() -> PayingWorld:
    """Return a world in which each doctor has an account and an approved claim."""
    world = make_paying_world(_DOCTORS)
    for doctor in range(_DOCTORS):
        world.claim(doctor)
        world.give_account(doctor)
    return world


def assert_that_money_adds_up() -> None:
    """Each claim is in at most one payment that is or may be made, and each payment is what its claims come to."""
    alive = (PaymentStatus.WAITING, PaymentStatus.PAID)
    in_payments = (
        select(PaidClaim.claim_id).join(Payment, Payment.id == PaidClaim.payment_id).where(Payment.status.in_(alive))
    )
    ids = list(db.session.scalars(in_payments))
    assert len(ids) == len(set(ids))
    sums = dict[UUID, int](
        (row.payment_id, row.total)
        for row in db.session.execute(
            select(SubsidyClaim.payment_id, func.sum(SubsidyClaim.total_fen).label("total"))
            .where(SubsidyClaim.payment_id.is_not(None))
            .group_by(SubsidyClaim.payment_id)
        )
    )
    for payment in db.session.scalars(select(Payment).where(Payment.status.in_(alive))):
        assert sums[payment.id] == payment.amount_fen


def test_of_two_who_prepare_at_once_one_takes_all_and_the_other_is_told(own_app: Flask) -> None:
    with own_app.app_context():
        world = payable_world()
        colleague = acting(make_person(world.county.hospital, roles=[Role.FINANCE]), Role.FINANCE)

    def preparing(actor: Actor) -> Callable[[], object]:
        return lambda: prepare_run(actor)

    outcome = counted(at_once(own_app, [preparing(actor) for actor in (world.finance, colleague) * 2]))

    assert outcome == {"done": 1, "nothing_to_pay": 3}
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Payment)) == _DOCTORS
        assert_that_money_adds_up()


def test_a_run_of_chosen_claims_and_one_of_all_never_share_a_claim(own_app: Flask) -> None:
    with own_app.app_context():
        world = payable_world()
        chosen = [(row.id, row.version) for row in db.session.scalars(select(SubsidyClaim)).all()]

    outcome = counted(
        at_once(
            own_app,
            [
                lambda: prepare_run(world.finance, chosen),
                lambda: prepare_run(world.finance),
                lambda: prepare_run(world.finance, chosen[:2]),
                lambda: prepare_run(world.finance, chosen[2:]),
            ],
        )
    )

    assert outcome["done"] >= 1
    assert outcome.keys() <= {"done", "claims_changed", "nothing_to_pay"}
    with own_app.app_context():
        assert_that_money_adds_up()
        assert sorted(db.session.scalars(select(PaymentRun.number))) == list(range(1, outcome["done"] + 1))


def test_a_claim_that_is_approved_while_a_run_is_prepared_is_in_it_whole_or_waits(own_app: Flask) -> None:
    with own_app.app_context():
        world = payable_world()
        approver = acting(make_person(world.county.hospital, roles=[Role.MEDICAL_AFFAIRS]), Role.MEDICAL_AFFAIRS)
        chain = make_chain(world.county.hospital, (("科室", Role.MEDICAL_AFFAIRS, 0),))
        rule = make_rule(make_item(make_programme(world.county.hospital, "再一份")))
        month = clock.today().replace(month=10, day=1)
        waiting = [
            make_claim(dispatch, month, status=ClaimStatus.SUBMITTED, rule=rule, chain=chain).id
            for dispatch in world.dispatches
        ]

    def approving(claim_id: UUID) -> Callable[[], object]:
        return lambda: approve_claim(approver, claim_id, 1)

    outcomes = at_once(own_app, [*map(approving, waiting), lambda: prepare_run(world.finance)])

    assert counted(outcomes) == {"done": 5}
    with own_app.app_context():
        assert_that_money_adds_up()
        stands = set(db.session.scalars(select(SubsidyClaim.status).where(SubsidyClaim.id.in_(waiting))))
        assert stands <= {ClaimStatus.APPROVED, ClaimStatus.PAYING}


def test_an_answer_that_is_uploaded_several_times_at_once_is_taken_once(own_app: Flask) -> None:
    with own_app.app_context():
        world = make_paying_world()
        run = world.released()
        run_id, content = run.id, as_csv([answered(run.payments[0]), answered(run.payments[1], "失败", reason="销户")])

    reports = at_once(own_app, [lambda: take_bank_answer(world.finance, run_id, content)] * 4)

    assert counted(reports) == {"done": 4}
    assert sum(not isinstance(report, str) and report.taken_before is None for report in reports) == 1
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(BankAnswer)) == 1
        assert sorted(db.session.scalars(select(SubsidyClaim.status))) == [ClaimStatus.APPROVED, ClaimStatus.PAID]
        assert_that_money_adds_up()


def test_hand_and_bank_at_once_settle_a_payment_once(own_app: Flask) -> None:
    with own_app.app_context():
        world = make_paying_world()
        run = world.released(1)
        [payment] = run.payments
        run_id, payment_id, content = run.id, payment.id, as_csv([answered(payment)])

    outcome = counted(
        at_once(
            own_app,
            [
                lambda: take_bank_answer(world.finance, run_id, content),
                lambda: mark_paid(world.finance, run_id, payment_id, paid_on=clock.today()),
                lambda: mark_failed(world.finance, run_id, payment_id, reason="销户"),
            ],
        )
    )

    assert outcome["done"] == 1
    assert outcome.keys() <= {"done", "payment_settled", "bank_answer_refused"}
    with own_app.app_context():
        assert_that_money_adds_up()


def test_of_deans_who_release_and_refuse_at_once_one_decides(own_app: Flask) -> None:
    with own_app.app_context():
        world = payable_world()
        other = acting(make_person(world.county.hospital, roles=[Role.DEAN]), Role.DEAN)
        run = prepare_run(world.finance).run
        run_id = run.id

    def releasing(actor: Actor) -> Callable[[], object]:
        return lambda: release_run(actor, run_id, 1)

    def refusing(actor: Actor) -> Callable[[], object]:
        return lambda: refuse_run(actor, run_id, 1, reason="再核对")

    outcome = counted(at_once(own_app, [act(actor) for act in (releasing, refusing) for actor in (world.dean, other)]))

    assert outcome == {"done": 1, "run_decided": 3}
    with own_app.app_context():
        status = db.session.scalars(select(PaymentRun.status)).one()
        assert status in (RunStatus.RELEASED, RunStatus.REFUSED)
        assert_that_money_adds_up()
