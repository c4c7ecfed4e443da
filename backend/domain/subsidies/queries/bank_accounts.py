"""Reading where people are paid; the number itself stays encrypted here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.accounts.models import Person
from backend.domain.organisations.queries import parties_to_own, require_list_right, require_right
from backend.domain.subsidies.errors.bank_accounts import AccountHolderNotFound
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.payments import BankAccount
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden
from backend.foundation.paging import Page


@dataclass(frozen=True)
class Holder:
    """Somebody who is paid, and where; None where that is not known yet."""

    person: Person
    account: BankAccount | None
    changed_by: str | None  # the name of who entered it, where that is somebody else


def get_holder(actor: Actor, person_id: UUID | None, action: Action = Action.READ) -> Person:
    """Return a person whose account the actor may read or write.

    Raises:
        AccountHolderNotFound: there is none in the actor's hospital.
        Forbidden: the current role has no right to others' accounts, or the actor is on no roster.
    """
    if person_id is None:
        raise Forbidden
    person = db.session.get(Person, person_id)
    if person is None:
        raise AccountHolderNotFound
    oneself = frozenset({Party.SELF} if actor.person_id == person.id else ())
    parties = parties_to_own(actor, person.organisation_id) | oneself
    if not parties:
        raise AccountHolderNotFound
    require_right(actor, action, Resource.BANK_ACCOUNT, parties)
    return person


def find_bank_account(actor: Actor, person_id: UUID | None) -> BankAccount | None:
    """Return where a person is paid, None where that is not known yet.

    Raises:
        AccountHolderNotFound, Forbidden: as in get_holder.
    """
    holder = get_holder(actor, person_id)
    return db.session.scalars(select(BankAccount).where(BankAccount.person_id == holder.id)).one_or_none()


def list_holders(actor: Actor, text: str = "", *, missing: bool = False, page: int, page_size: int) -> Page[Holder]:
    """Return who is or was owed anything by the hospital, or has an account; who has none comes first.

    `missing` leaves out who has one.

    Raises:
        Forbidden: the current role has no right to others' accounts.
    """
    statement = _holders(actor)
    if found := text.strip():
        alike = (column.icontains(found, autoescape=True) for column in (Person.name, Person.staff_number))
        statement = statement.where(or_(*alike))
    if missing:
        statement = statement.where(BankAccount.id.is_(None))
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = db.session.execute(
        statement.order_by(BankAccount.id.is_not(None), Person.staff_number, Person.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    return Page([Holder(*row) for row in rows], page, page_size, total)


def _holders(actor: Actor) -> Select[Person, BankAccount | None, str | None]:
    if Party.OWN not in require_list_right(actor, Action.READ, Resource.BANK_ACCOUNT):
        raise Forbidden
    changer = select(Person).subquery("changer")
    claimed = select(SubsidyClaim.id).where(SubsidyClaim.person_id == Person.id)
    return (
        select(Person, BankAccount, changer.c.name)
        .outerjoin(BankAccount, BankAccount.person_id == Person.id)
        .outerjoin(
            changer,
            (changer.c.id == BankAccount.changed_by_person_id) & (changer.c.id != Person.id),
        )
        .where(
            Person.organisation_id == actor.organisation_id,
            or_(BankAccount.id.is_not(None), claimed.exists()),
        )
    )
