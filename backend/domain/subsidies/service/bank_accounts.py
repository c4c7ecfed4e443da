"""Keeping where somebody is paid: by themselves on the phone, or by finance."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.subsidies.errors.bank_accounts import AccountNumberInvalid, BankNameInvalid
from backend.domain.subsidies.models.payments import BankAccount
from backend.domain.subsidies.queries.bank_accounts import get_holder
from backend.domain.subsidies.rules.bank import LONGEST_BANK, NotAnAccount, account_number, masked
from backend.domain.subsidies.service.payment_notices import tell_account_entered
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt, encrypt
from backend.foundation.errors import StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction


class TakenMeanwhile(StaleVersion):
    """Somebody entered the first account of the person at the same time."""


def set_bank_account(
    actor: Actor, person_id: UUID | None, *, bank: str, number: str, version: int | None = None
) -> BankAccount:
    """Keep where a person is paid; `version` is that of the account it replaces, None of the first one.

    Who did not enter it themselves is told. What is being paid already goes where it was when the run was prepared.

    Raises:
        AccountHolderNotFound, Forbidden: as in get_holder.
        BankNameInvalid, AccountNumberInvalid: it cannot be.
        StaleVersion: somebody else changed it since it was read.
    """
    with transaction() as session:
        holder = get_holder(actor, person_id, Action.WRITE)
        digits = _checked(number)
        statement = select(BankAccount).where(BankAccount.person_id == holder.id).with_for_update()
        account = session.scalars(statement).one_or_none()
        if (account.version if account else None) != version:
            raise StaleVersion
        is_first = account is None
        if account is None:
            account = BankAccount(id=new_id(), person_id=holder.id, version=0)
            session.add(account)
        account.bank = _named(bank)
        account.number = encrypt(digits, table="bank_accounts", column="number", row_id=account.id)
        account.number_masked = masked(digits)
        account.changed_by_person_id = actor.person_id
        account.changed_at = clock.now()
        account.version += 1
        with refusals({"bank_accounts_person_id_key": TakenMeanwhile}):
            session.flush()
        record_event(
            actor,
            "set_bank_account",
            "bank_account",
            account.id,
            organisation_id=holder.organisation_id,
            person_id=str(holder.id),
            first=is_first,
        )
        if actor.person_id != holder.id:
            tell_account_entered(account)
        return account


def number_of(account: BankAccount) -> str:
    """Return the number of an account, for the payment that is made to it; never to be shown or logged."""
    return decrypt(account.number, table="bank_accounts", column="number", row_id=account.id)


def _named(bank: str) -> str:
    name = " ".join(bank.split())
    if not 0 < len(name) <= LONGEST_BANK:
        raise BankNameInvalid
    return name


def _checked(number: str) -> str:
    try:
        return account_number(number)
    except NotAnAccount:
        raise AccountNumberInvalid from None
