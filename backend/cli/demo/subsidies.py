"""The demo's subsidies: what (invented) documents of its hospital say is paid, out of which purse, approved by whom.

The sums are those that real programmes use: ten yuan for each actual day; six hundred yuan a month instead where it is
far, never beside the other or a meal allowance; a return fare every two months against receipts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.organisations.models import Organisation
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyProgramme
from backend.domain.subsidies.rules.approval import Step
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.terms import RuleTerms
from backend.domain.subsidies.service.budgets import set_budget
from backend.domain.subsidies.service.chains import set_chain
from backend.domain.subsidies.service.rules import (
    RuleProposal,
    add_item,
    approve_rule,
    create_programme,
    propose_rule,
)
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI

_ONE_OF_THESE = "下乡伙食"  # the group of which only one is paid
_BUDGET_FEN = 3_600_000
_DEAN_FROM_FEN = 50_000


@dataclass(frozen=True)
class _Office:
    """Who does what at the hospital."""

    clerk: Actor
    finance: Actor
    dean: Actor
    admin: Actor
    hospital: Organisation
    far: Organisation  # where the month is paid
    wide: Organisation  # where the way between villages is paid by meals

    def document(self, year: int, number: int, title: str) -> dict[str, Any]:
        return {"document_title": f"{title}（演示）", "document_number": f"青禾医发〔{year}〕{number}号"}


def settle_subsidies(hospital_code: str, far_code: str, wide_code: str) -> None:
    """Let the hospital have its programme, items, approved rules, a rule that waits, budgets and approvers."""
    office, today = _office(hospital_code, far_code, wide_code), clock.today()
    first = date(today.year - 1, 1, 1)
    with _on(first):
        _set_rules(office, first)
        set_chain(
            office.admin,
            office.hospital.id,
            [
                Step(1, "经办", Role.MEDICAL_AFFAIRS),
                Step(2, "财务", Role.FINANCE),
                Step(3, "院长", Role.DEAN, minimum_fen=_DEAN_FROM_FEN),
            ],
            effective_on=first,
            **office.document(first.year, 6, "下乡补助审批办法"),
        )
    programme = db.session.scalars(select(SubsidyProgramme)).one()
    for year in (today.year - 1, today.year):
        with _on(date(year, 1, 4)):
            document = office.document(year, 3, f"{year}年度预算批复")
            set_budget(office.finance, programme.id, year, _BUDGET_FEN, **document)
    _propose_more(office, date(today.year + 1, 1, 1))


def _set_rules(office: _Office, first: date) -> None:
    programme = create_programme(office.clerk, organisation_id=office.hospital.id, name="对口支援下乡补助")

    def item(name: str, kind: ItemKind, priority: int = 0) -> SubsidyItem:
        exclusion = _ONE_OF_THESE if priority else ""
        return add_item(office.clerk, programme.id, name=name, kind=kind, exclusion=exclusion, priority=priority)

    def rule(of: SubsidyItem, terms: RuleTerms, at: Organisation | None = None) -> None:
        proposal = RuleProposal(
            starts_on=first,
            recipient_id=at.id if at else None,
            terms=terms,
            **office.document(first.year, 5, "下乡补助发放办法"),
        )
        proposed = propose_rule(office.clerk, of.id, proposal)
        approve_rule(office.dean, proposed.id, proposed.version)

    month, day = item("驻点生活补贴", ItemKind.PER_MONTH, 1), item("下乡补贴", ItemKind.PER_DAY, 2)
    meals, fare = item("差旅伙食补助", ItemKind.PER_DAY, 3), item("往返路费", ItemKind.RETURN_FARE)
    rule(month, RuleTerms(amount_fen=60_000, days_a_week=3), office.far)
    rule(day, RuleTerms(amount_fen=1_000))
    rule(meals, RuleTerms(amount_fen=2_000, cap_days=10), office.wide)
    rule(fare, RuleTerms(interval_months=2, cap_fen=30_000))


def _propose_more(office: _Office, first: date) -> None:
    item = db.session.scalars(select(SubsidyItem).where(SubsidyItem.name == "下乡补贴")).one()
    propose_rule(
        office.finance,
        item.id,
        RuleProposal(
            starts_on=first,
            terms=RuleTerms(amount_fen=1_500),
            **office.document(first.year - 1, 41, "关于调整下乡补助标准的请示"),
        ),
    )


def _office(hospital_code: str, far_code: str, wide_code: str) -> _Office:
    codes = (hospital_code, far_code, wide_code)
    places = {one.code: one for one in db.session.scalars(select(Organisation).where(Organisation.code.in_(codes)))}
    hospital = places[hospital_code]

    def holder(staff_number: str, role: Role) -> Actor:
        statement = select(Person).where(Person.staff_number == staff_number, Person.organisation_id == hospital.id)
        person = db.session.scalars(statement).one()
        return Actor(person_id=person.id, role=role, organisation_id=hospital.id, channel="command")

    return _Office(
        clerk=holder("M0001", Role.MEDICAL_AFFAIRS),
        finance=holder("F0001", Role.FINANCE),
        dean=holder("D0001", Role.DEAN),
        admin=holder("admin", Role.ADMIN),
        hospital=hospital,
        far=places[far_code],
        wide=places[wide_code],
    )


@contextmanager
def _on(day: date) -> Iterator[None]:
    with clock.as_of(datetime.combine(day, time(9), SHANGHAI)):
        yield
