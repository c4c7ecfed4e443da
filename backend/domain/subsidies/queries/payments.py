"""Reading what can be paid, runs with their payments, and what became of a claim's payment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.accounts.models import Person
from backend.domain.accounts.queries import names_of
from backend.domain.organisations.queries import parties_to_own, require_list_right, require_right
from backend.domain.subsidies.errors.payments import RunNotFound
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.payments import BankAccount, BankAnswer, PaidClaim, Payment, PaymentRun
from backend.domain.subsidies.rules.payments import ApprovedClaim, LeftOut, run_label, shares_of
from backend.domain.subsidies.rules.statuses import ClaimStatus, PaymentStatus, RunStatus
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden
from backend.foundation.paging import Page, fetch_page


@dataclass(frozen=True)
class Payable:
    """What somebody's approved claims come to, and why it is not paid now if it is not."""

    person: Person
    claims: list[SubsidyClaim]
    net_fen: int
    account: BankAccount | None
    left_out: LeftOut | None


@dataclass(frozen=True)
class ClaimPayment:
    """What became of the last payment that a claim was in."""

    run_label: str
    status: PaymentStatus
    paid_on: date | None
    account_masked: str
    failure_reason: str


def list_payable(actor: Actor) -> list[Payable]:
    """Return everybody of the hospital with approved claims: who can be paid first, then who is left out.

    Raises:
        Forbidden: the current role has no right to payment runs.
    """
    require_runs(actor)
    approved = (
        select(SubsidyClaim)
        .where(SubsidyClaim.supporting_id == actor.organisation_id, SubsidyClaim.status == ClaimStatus.APPROVED)
        .options(joinedload(SubsidyClaim.person), joinedload(SubsidyClaim.recipient))
        .order_by(SubsidyClaim.month, SubsidyClaim.id)
    )
    rows = payables_of(db.session.scalars(approved).all())
    return sorted(rows, key=lambda row: (row.left_out is not None, row.person.staff_number, row.person.id))


def payables_of(claims: Iterable[SubsidyClaim]) -> list[Payable]:
    """Return what these approved claims come to for each person, and where each is paid."""
    own: dict[UUID, list[SubsidyClaim]] = {}
    for claim in claims:
        own.setdefault(claim.person_id, []).append(claim)
    accounts = accounts_of(own)
    facts = [ApprovedClaim(claim.id, claim.person_id, claim.total_fen) for theirs in own.values() for claim in theirs]
    return [
        Payable(
            own[share.person_id][0].person,
            own[share.person_id],
            share.net_fen,
            accounts.get(share.person_id),
            share.left_out,
        )
        for share in shares_of(facts, accounts)
    ]


def accounts_of(person_ids: Collection[UUID]) -> dict[UUID, BankAccount]:
    """Return where these people are paid, without those of whom it is not known."""
    statement = select(BankAccount).where(BankAccount.person_id.in_(person_ids))
    return {account.person_id: account for account in db.session.scalars(statement)}


def require_runs(actor: Actor, action: Action = Action.READ) -> None:
    """Let somebody of an office to the runs of their hospital.

    Raises:
        Forbidden: the current role has no such right.
    """
    if Party.OWN not in require_list_right(actor, action, Resource.PAYMENT_RUN) or actor.organisation_id is None:
        raise Forbidden


def list_runs(actor: Actor, *, page: int, page_size: int) -> Page[PaymentRun]:
    """Return the runs of the hospital, the latest first.

    Raises:
        Forbidden: the current role has no right to them.
    """
    require_runs(actor)
    statement = (
        select(PaymentRun)
        .where(PaymentRun.organisation_id == actor.organisation_id)
        .options(joinedload(PaymentRun.prepared_by), joinedload(PaymentRun.decided_by))
        .order_by(PaymentRun.year.desc(), PaymentRun.number.desc())
    )
    return fetch_page(statement, page=page, page_size=page_size)


def outcomes_of(runs: Collection[PaymentRun]) -> Mapping[UUID, Mapping[PaymentStatus, int]]:
    """Return how many payments of each run stand where."""
    statement = (
        select(Payment.run_id, Payment.status, func.count())
        .where(Payment.run_id.in_([run.id for run in runs]))
        .group_by(Payment.run_id, Payment.status)
    )
    counts: dict[UUID, dict[PaymentStatus, int]] = {}
    for run_id, status, count in db.session.execute(statement):
        counts.setdefault(run_id, {})[status] = count
    return counts


def get_run(actor: Actor, run_id: UUID, action: Action = Action.READ) -> PaymentRun:
    """Return a run with its payments and the claims in them.

    Raises:
        RunNotFound: there is none in the actor's hospital.
        Forbidden: the current role has no such right.
    """
    statement = (
        select(PaymentRun)
        .where(PaymentRun.id == run_id)
        .options(
            joinedload(PaymentRun.prepared_by),
            joinedload(PaymentRun.decided_by),
            selectinload(PaymentRun.payments).options(
                joinedload(Payment.person),
                selectinload(Payment.claims).joinedload(PaidClaim.claim).joinedload(SubsidyClaim.recipient),
            ),
        )
    )
    return require_run(actor, db.session.scalars(statement).one_or_none(), action)


def require_run(actor: Actor, run: PaymentRun | None, action: Action) -> PaymentRun:
    """Let an action on a run that was looked for pass, or say why not.

    Raises:
        RunNotFound, Forbidden: as in get_run.
    """
    parties = parties_to_own(actor, run.organisation_id) if run is not None else frozenset()
    if run is None or not parties:
        raise RunNotFound
    require_right(actor, action, Resource.PAYMENT_RUN, parties)
    return run


def answers_of(run_id: UUID) -> list[BankAnswer]:
    """Return the bank's answers to a run that were taken, the latest first."""
    statement = (
        select(BankAnswer)
        .where(BankAnswer.run_id == run_id)
        .options(joinedload(BankAnswer.taken_by))
        .order_by(BankAnswer.taken_at.desc())
    )
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class AccountNews:
    """What about the account of a payment needs an eye before it is released."""

    changed_since: bool = False  # the person's account is another now than the one that is paid
    first: bool = False  # nobody has paid it to this person before
    entered_by: str = ""  # the name of who entered the account, where that is not the person


def account_news(run: PaymentRun) -> dict[UUID, AccountNews]:
    """Return of each payment of a run what is new about its account."""
    people = [payment.person_id for payment in run.payments]
    accounts = accounts_of(people)
    changers = {account.changed_by_person_id for account in accounts.values()}
    names = names_of(changer for changer in changers if changer is not None)
    known = _paid_accounts(people, Payment.run_id != run.id)
    return {payment.id: _news(payment, accounts.get(payment.person_id), names, known) for payment in run.payments}


def _news(
    payment: Payment, account: BankAccount | None, names: Mapping[UUID, str], known: set[tuple[UUID, str, str]]
) -> AccountNews:
    by_another = account is not None and account.changed_by_person_id != payment.person_id
    return AccountNews(
        changed_since=account is None or account.changed_at > payment.run.prepared_at,
        first=(payment.person_id, payment.bank, payment.account_masked) not in known,
        entered_by=names.get(account.changed_by_person_id, "") if account and by_another else "",  # type: ignore[arg-type]
    )


def _paid_accounts(people: Collection[UUID], other: ColumnElement[bool]) -> set[tuple[UUID, str, str]]:
    statement = select(Payment.person_id, Payment.bank, Payment.account_masked).where(
        Payment.person_id.in_(people), Payment.status == PaymentStatus.PAID, other
    )
    return {(row.person_id, row.bank, row.account_masked) for row in db.session.execute(statement)}


def latest_payments(claim_ids: Collection[UUID]) -> dict[UUID, ClaimPayment]:
    """Return the last payment of each of these claims, a failed one too; a refused run's does not count."""
    statement = (
        select(PaidClaim.claim_id, Payment, PaymentRun)
        .join(Payment, Payment.id == PaidClaim.payment_id)
        .join(PaymentRun, PaymentRun.id == Payment.run_id)
        .where(PaidClaim.claim_id.in_(claim_ids), PaymentRun.status != RunStatus.REFUSED)
        .order_by(PaidClaim.claim_id, PaymentRun.prepared_at.desc())
        .ext(distinct_on(PaidClaim.claim_id))
    )
    return {
        claim_id: ClaimPayment(
            f"批次{run_label(run.year, run.number)}",
            payment.status,
            payment.paid_on,
            payment.account_masked,
            payment.failure_reason,
        )
        for claim_id, payment, run in db.session.execute(statement)
    }
