"""A hospital with finance, deans and doctors whose claims are approved, and answers as the bank writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain.accounts.models import Person
from backend.domain.dispatch.models import Dispatch
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.payments import Payment, PaymentRun
from backend.domain.subsidies.rules.payments import payment_reference
from backend.domain.subsidies.rules.statuses import ClaimKind, ClaimStatus
from backend.domain.subsidies.service.bank_accounts import set_bank_account
from backend.domain.subsidies.service.payment_runs import prepare_run, release_run
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.ids import new_id
from backend.foundation.money import yuan
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.subsidies import make_claim, make_item, make_programme, make_rule

CARD = "6228480402564890018"
PASSBOOK = "2408013109200012345"
MONTH = date(2026, 9, 1)
HEADER = ("流水号", "金额", "结果", "原因", "日期")


@dataclass
class PayingWorld:
    """Everybody who has to do with a payment."""

    county: County
    finance: Actor
    dean: Actor
    doctors: list[Person]
    dispatches: list[Dispatch]

    def claim(self, doctor: int, *, month: date = MONTH, yuan_a_day: int = 10) -> SubsidyClaim:
        """Return an approved claim of ten days."""
        dispatch = self.dispatches[doctor]
        programme = make_programme(self.county.hospital, f"补助{new_id()}")
        rule = make_rule(make_item(programme), amount_fen=yuan_a_day * 100)
        return make_claim(dispatch, month, status=ClaimStatus.APPROVED, rule=rule)

    def owed_back(self, doctor: int, fen: int) -> SubsidyClaim:
        """Return an approved claim that takes back."""
        dispatch, now = self.dispatches[doctor], clock.now()
        claim = SubsidyClaim(
            id=new_id(),
            kind=ClaimKind.ADJUSTMENT,
            dispatch_id=dispatch.id,
            person_id=dispatch.person_id,
            supporting_id=dispatch.supporting_id,
            recipient_id=dispatch.recipient_id,
            month=MONTH,
            status=ClaimStatus.APPROVED,
            total_fen=-fen,
            round=1,
            drafted_at=now,
            approved_at=now,
        )
        db.session.add(claim)
        db.session.commit()
        return claim

    def give_account(self, doctor: int, number: str = CARD) -> None:
        """Let a doctor enter an account."""
        person = self.doctors[doctor]
        set_bank_account(acting(person, Role.STAFF), person.id, bank="农业银行云岭支行", number=number)

    def released(self, doctors: int = 2) -> PaymentRun:
        """Return a released run of a claim of each of the first doctors: 100.00 yuan, 200.00 …"""
        for number in range(doctors):
            self.claim(number, yuan_a_day=10 * (number + 1))
            self.give_account(number)
        run = prepare_run(self.finance).run
        return release_run(self.dean, run.id, run.version)


def make_paying_world(doctors: int = 3) -> PayingWorld:
    """Return the world, kept; no claim is made yet and nobody has an account."""
    county = make_county()
    people = [county.doctor, *(make_person(county.hospital, f"医生{number}") for number in range(2, doctors + 1))]
    return PayingWorld(
        county,
        acting(make_person(county.hospital, "董志财", roles=[Role.FINANCE]), Role.FINANCE),
        acting(make_person(county.hospital, "洪远信", roles=[Role.DEAN]), Role.DEAN),
        people,
        [make_dispatch(one, county.township, starts_on=date(2026, 3, 1), ends_on=date(2026, 12, 31)) for one in people],
    )


def reference_of(payment: Payment) -> str:
    """Return the 流水号 of a payment."""
    run = payment.run
    return payment_reference(run.year, run.number, payment.position)


def answered(payment: Payment, result: str = "成功", *, reason: str = "", day: date | None = None) -> list[str]:
    """Return a line of the bank's about a payment."""
    return [reference_of(payment), yuan(payment.amount_fen), result, reason, str(day or clock.today())]


def as_csv(lines: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """Return an answer as the bank writes it."""
    quoted = [",".join(f'"{cell}"' for cell in line) for line in (header, *lines)]
    return "\r\n".join(quoted).encode("gb18030")
