"""Where the demo's people are paid: invented numbers with a check digit that fits; one has entered none yet."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Organisation
from backend.domain.subsidies.rules.bank import with_check_digit
from backend.domain.subsidies.service.bank_accounts import set_bank_account
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI

_BANKS = ("农业银行青禾支行", "农村信用社青禾联社", "建设银行青禾支行")


def give_accounts(hospital_code: str) -> None:
    """Let those whom the hospital sends enter their accounts on the phone, all but the last."""
    sent = (
        select(Person)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Organisation.code == hospital_code, Person.id.in_(select(Dispatch.person_id)))
        .order_by(Person.staff_number)
    )
    people = db.session.scalars(sent).all()
    with clock.as_of(datetime.combine(date(clock.today().year, 1, 5), time(9), SHANGHAI)):
        for place, person in enumerate(people[:-1]):
            actor = Actor(person_id=person.id, role=Role.STAFF, organisation_id=person.organisation_id, channel="phone")
            number = with_check_digit(f"62999900000000{place:04d}")
            set_bank_account(actor, person.id, bank=_BANKS[place % len(_BANKS)], number=number)
