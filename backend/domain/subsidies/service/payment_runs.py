"""Payment runs (发放批次): prepared by finance, released or refused by another person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.organisations.models import Organisation
from backend.domain.subsidies.errors.payments import (
    ClaimsChanged,
    NothingToPay,
    OwnPayment,
    OwnRun,
    ReasonInvalid,
    RunDecided,
    SumsDiffer,
)
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.payments import BankAccount, PaidClaim, Payment, PaymentRun
from backend.domain.subsidies.queries.payments import Payable, payables_of, require_run, require_runs
from backend.domain.subsidies.rules.payments import LONGEST_REASON
from backend.domain.subsidies.rules.statuses import (
    CLAIM_TRANSITIONS,
    ClaimAction,
    ClaimStatus,
    PaymentStatus,
    RunStatus,
)
from backend.domain.subsidies.service.bank_accounts import number_of
from backend.domain.subsidies.service.payment_files import hashes_of
from backend.domain.subsidies.service.payment_notices import tell_left_out, tell_of_decision, tell_releasers
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import encrypt
from backend.foundation.errors import StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


@dataclass(frozen=True)
class Prepared:
    """A new run, who was left out of it, with the reason in each, and how many were told that it waits."""

    run: PaymentRun
    left: list[Payable]
    releasers: int


def prepare_run(actor: Actor, chosen: Collection[tuple[UUID, int]] | None = None) -> Prepared:
    """Take approved claims of the hospital, all or those of these (id, version), into a run: one payment a person.

    Who is owed nothing once all is offset, or has no account, is left out and told; their claims stay approved.
    What somebody owes back cannot be left out: with a person's claims go all of theirs that take back.

    Raises:
        Forbidden: the current role prepares none.
        ClaimsChanged: some do not stand as they were read, or one that takes back was approved meanwhile.
        NothingToPay: nobody can be paid now.
    """
    require_runs(actor, Action.WRITE)
    with transaction() as session:
        # Before the claims, so that of two who prepare at once the second reads what the first has left.
        holding = select(Organisation.id).where(Organisation.id == actor.organisation_id)
        session.execute(holding.with_for_update(key_share=True)).all()
        payables = payables_of(_held(actor, chosen))
        paid = [one for one in payables if one.left_out is None]
        left = [one for one in payables if one.left_out is not None]
        if not paid:
            raise NothingToPay
        run = _new_run(actor, paid)
        session.add(run)
        session.flush()
        for payment, one in zip(run.payments, paid, strict=True):
            _take(payment, one)
        session.flush()
        _record(actor, "prepare_payment_run", run, left_out=len(left))
        tell_left_out(run, left)
        return Prepared(run, left, tell_releasers(run))


def release_run(actor: Actor, run_id: UUID, version: int) -> PaymentRun:
    """Let a run be paid: its files are fixed by their hashes.

    Raises:
        RunNotFound, Forbidden: as in get_run.
        StaleVersion, RunDecided: it stands otherwise than when it was read.
        OwnRun, OwnPayment: the actor prepared it, or is paid by it.
        SumsDiffer: its payments are not what the claims in them come to.
    """
    with transaction() as session:
        run = _for_decision(actor, run_id, version)
        if any(payment.person_id == actor.person_id for payment in run.payments):
            raise OwnPayment
        _check_sums(run)
        run.file_hash, run.workbook_hash = hashes_of(run)
        _decide(actor, run, RunStatus.RELEASED)
        _record(actor, "release_payment_run", run)
        session.flush()
        return run


def refuse_run(actor: Actor, run_id: UUID, version: int, *, reason: str) -> PaymentRun:
    """Refuse a run: nothing of it is paid, its claims are approved as before.

    Raises:
        RunNotFound, Forbidden, StaleVersion, RunDecided, OwnRun: as in release_run.
        ReasonInvalid: it does not say why.
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise ReasonInvalid
    with transaction() as session:
        run = _for_decision(actor, run_id, version)
        for claim in held_claims([payment.id for payment in run.payments]):
            release_claim(claim)
        for payment in run.payments:
            payment.status = PaymentStatus.CANCELLED
        run.refusal_reason = reason.strip()
        _decide(actor, run, RunStatus.REFUSED)
        _record(actor, "refuse_payment_run", run)
        session.flush()
        return run


def held_run(actor: Actor, run_id: UUID, action: Action) -> PaymentRun:
    """Return a run as it stands now, held until the commit: what is done to its payments is done one after another.

    Raises:
        RunNotFound, Forbidden: as in get_run.
    """
    statement = select(PaymentRun).where(PaymentRun.id == run_id).with_for_update()
    found = db.session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    return require_run(actor, found, action)


def held_claims(payment_ids: Collection[UUID]) -> Sequence[SubsidyClaim]:
    """Return the claims that are in these payments now, held until the commit in the order that everybody keeps."""
    statement = select(SubsidyClaim).where(SubsidyClaim.payment_id.in_(payment_ids)).order_by(SubsidyClaim.id)
    return db.session.scalars(statement.with_for_update(), execution_options={"populate_existing": True}).all()


def release_claim(claim: SubsidyClaim) -> None:
    """Let a claim that was to be paid be approved again, for another run."""
    claim.status = CLAIM_TRANSITIONS[claim.status, ClaimAction.RELEASE_FROM_RUN]
    claim.payment_id = None
    claim.version += 1


def _held(actor: Actor, chosen: Collection[tuple[UUID, int]] | None) -> Sequence[SubsidyClaim]:
    """Return the claims to pay, held until the commit, in the order that everybody holds them in."""
    approved = SubsidyClaim.status == ClaimStatus.APPROVED
    statement = (
        select(SubsidyClaim)
        .where(SubsidyClaim.supporting_id == actor.organisation_id)
        .order_by(SubsidyClaim.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if chosen is None:
        return db.session.scalars(statement.where(approved)).all()
    versions = dict(chosen)
    held = db.session.scalars(statement.where(SubsidyClaim.id.in_(versions))).all()
    if any(claim.status is not ClaimStatus.APPROVED or claim.version != versions[claim.id] for claim in held):
        raise ClaimsChanged
    if len(held) < len(versions):
        raise ClaimsChanged
    people = {claim.person_id for claim in held}
    owing = select(SubsidyClaim.id).where(
        SubsidyClaim.supporting_id == actor.organisation_id,
        approved,
        SubsidyClaim.total_fen < 0,
        SubsidyClaim.person_id.in_(people),
        SubsidyClaim.id.not_in(versions),
    )
    if db.session.scalars(owing.limit(1)).first() is not None:
        raise ClaimsChanged
    return held


def _new_run(actor: Actor, paid: list[Payable]) -> PaymentRun:
    now = clock.now()
    year = clock.today().year
    ours = (PaymentRun.organisation_id == actor.organisation_id, PaymentRun.year == year)
    number = db.session.scalar(select(func.max(PaymentRun.number)).where(*ours)) or 0
    paid.sort(key=lambda one: (one.person.staff_number, one.person.id))
    return PaymentRun(
        id=new_id(),
        organisation_id=actor.organisation_id,
        year=year,
        number=number + 1,
        total_fen=sum(one.net_fen for one in paid),
        payments_count=len(paid),
        prepared_by_person_id=actor.person_id,
        prepared_at=now,
        version=1,
        payments=[_new_payment(position, one) for position, one in enumerate(paid, 1)],
    )


def _new_payment(position: int, one: Payable) -> Payment:
    account = one.account
    if account is None:
        raise NothingToPay
    payment_id = new_id()
    return Payment(
        id=payment_id,
        position=position,
        person_id=one.person.id,
        payee=one.person.name,
        staff_number=one.person.staff_number,
        amount_fen=one.net_fen,
        bank=account.bank,
        account=_copied(account, payment_id),
        account_masked=account.number_masked,
        status=PaymentStatus.WAITING,
    )


def _copied(account: BankAccount, payment_id: UUID) -> bytes:
    return encrypt(number_of(account), table="payments", column="account", row_id=payment_id)


def _take(payment: Payment, one: Payable) -> None:
    for claim in one.claims:
        claim.status = CLAIM_TRANSITIONS[claim.status, ClaimAction.TAKE_INTO_RUN]
        claim.payment_id = payment.id
        claim.version += 1
        db.session.add(PaidClaim(payment_id=payment.id, claim_id=claim.id, amount_fen=claim.total_fen))


def _for_decision(actor: Actor, run_id: UUID, version: int) -> PaymentRun:
    run = held_run(actor, run_id, Action.DECIDE)
    if run.status is not RunStatus.PREPARED:
        raise RunDecided
    if run.version != version:
        raise StaleVersion
    if run.prepared_by_person_id == actor.person_id:
        raise OwnRun
    return run


def _check_sums(run: PaymentRun) -> None:
    sums: dict[UUID | None, int] = {}
    for claim in held_claims([payment.id for payment in run.payments]):
        sums[claim.payment_id] = sums.get(claim.payment_id, 0) + claim.total_fen
    fits = all(sums.get(payment.id) == payment.amount_fen for payment in run.payments)
    if not fits or sum(sums.values()) != run.total_fen:
        raise SumsDiffer


def _decide(actor: Actor, run: PaymentRun, status: RunStatus) -> None:
    run.status = status
    run.decided_by_person_id = actor.person_id
    run.decided_at = clock.now()
    run.version += 1
    tell_of_decision(run)


def _record(actor: Actor, event: str, run: PaymentRun, **more: int) -> None:
    record_event(
        actor,
        event,
        "payment_run",
        run.id,
        organisation_id=run.organisation_id,
        payments=run.payments_count,
        total_fen=run.total_fen,
        **more,
    )
