"""What became of payments: by hand, or as the bank's answer says; each is settled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.subsidies.errors.payments import (
    OwnFailure,
    PaidOnInvalid,
    PaymentNotFound,
    PaymentSettled,
    ReasonInvalid,
    RunNotReleased,
)
from backend.domain.subsidies.models.payments import Payment, PaymentRun
from backend.domain.subsidies.rules.payments import safe_reason
from backend.domain.subsidies.rules.statuses import CLAIM_TRANSITIONS, ClaimAction, PaymentStatus, RunStatus
from backend.domain.subsidies.service.payment_notices import tell_settled
from backend.domain.subsidies.service.payment_runs import held_claims, held_run, release_claim
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction


@dataclass(frozen=True)
class Outcome:
    """What became of one payment: paid on a day, or failed for a reason."""

    paid_on: date | None = None
    reason: str = ""
    bank_reference: str = ""


def mark_paid(actor: Actor, run_id: UUID, payment_id: UUID, *, paid_on: date, bank_reference: str = "") -> Payment:
    """Mark one payment as paid on a day, as the bank said on the telephone or on paper.

    Raises:
        RunNotFound, Forbidden: as in get_run.
        RunNotReleased, PaymentNotFound, PaymentSettled: it does not wait to be settled.
        PaidOnInvalid: it cannot have been paid on that day.
    """
    return _mark(actor, run_id, payment_id, Outcome(paid_on=paid_on, bank_reference=bank_reference.strip()[:64]))


def mark_failed(actor: Actor, run_id: UUID, payment_id: UUID, *, reason: str) -> Payment:
    """Mark one payment as failed: its claims are approved again, for another run.

    Raises:
        RunNotFound, Forbidden, RunNotReleased, PaymentNotFound, PaymentSettled: as in mark_paid.
        ReasonInvalid: it does not say why.
        OwnFailure: it pays the actor.
    """
    if not reason.strip():
        raise ReasonInvalid
    return _mark(actor, run_id, payment_id, Outcome(reason=safe_reason(reason)))


def released_run(actor: Actor, run_id: UUID) -> tuple[PaymentRun, dict[UUID, Payment]]:
    """Return a run and its payments as they stand now, held until the commit.

    Raises:
        RunNotFound, Forbidden: as in get_run.
    """
    run = held_run(actor, run_id, Action.WRITE)
    statement = select(Payment).where(Payment.run_id == run.id).order_by(Payment.position)
    rows = db.session.scalars(statement, execution_options={"populate_existing": True})
    return run, {payment.id: payment for payment in rows}


def why_not_on(run: PaymentRun, paid_on: date) -> PaidOnInvalid | None:
    """Return why nothing of a run can have been paid on a day, None if it can."""
    released = clock.local(run.decided_at).date() if run.decided_at else clock.today()
    return None if released <= paid_on <= clock.today() else PaidOnInvalid()


def why_not_by(actor: Actor, payment: Payment, outcome: Outcome) -> OwnFailure | None:
    """Return why the actor may not settle a payment so: whose own failed would be paid a second time."""
    return OwnFailure() if outcome.paid_on is None and payment.person_id == actor.person_id else None


def settle(actor: Actor, run: PaymentRun, payments: Mapping[UUID, Payment], outcomes: Mapping[UUID, Outcome]) -> None:
    """Settle payments of a held run, and their claims with them; the run is settled with its last payment."""
    settled = [payments[payment_id] for payment_id in outcomes]
    for payment in settled:
        _settle_one(actor, payment, outcomes[payment.id])
    by_id = {payment.id: payment for payment in settled}
    for claim in held_claims(by_id):
        if by_id[claim.payment_id].status is PaymentStatus.FAILED:  # type: ignore[index]
            release_claim(claim)
            continue
        claim.status = CLAIM_TRANSITIONS[claim.status, ClaimAction.PAY]
        claim.paid_at = clock.now()
        claim.version += 1
    if all(payment.status is not PaymentStatus.WAITING for payment in payments.values()):
        run.status = RunStatus.SETTLED
        run.settled_at = clock.now()
    run.version += 1
    db.session.flush()
    tell_settled(settled)


def _settle_one(actor: Actor, payment: Payment, outcome: Outcome) -> None:
    paid = outcome.paid_on is not None
    payment.status = PaymentStatus.PAID if paid else PaymentStatus.FAILED
    payment.paid_on = outcome.paid_on
    payment.failure_reason = outcome.reason
    payment.bank_reference = outcome.bank_reference
    payment.settled_at = clock.now()
    payment.settled_by_person_id = actor.person_id


def _mark(actor: Actor, run_id: UUID, payment_id: UUID, outcome: Outcome) -> Payment:
    with transaction():
        run, payments = released_run(actor, run_id)
        payment = payments.get(payment_id)
        if payment is None:
            raise PaymentNotFound
        if payment.status in (PaymentStatus.PAID, PaymentStatus.FAILED):
            raise PaymentSettled
        if run.status is not RunStatus.RELEASED:
            raise RunNotReleased
        refusal = why_not_on(run, outcome.paid_on) if outcome.paid_on else why_not_by(actor, payment, outcome)
        if refusal is not None:
            raise refusal
        settle(actor, run, payments, {payment.id: outcome})
        record_event(
            actor,
            "settle_payment",
            "payment",
            payment.id,
            organisation_id=run.organisation_id,
            status=payment.status.value,
            amount_fen=payment.amount_fen,
        )
        return payment
