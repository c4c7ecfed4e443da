"""A hospital with a chain of approvals, its approvers, and claims of its people: for tests of approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.accounts.models import Person
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Organisation
from backend.domain.subsidies.models.approvals import ApprovalChain
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.programmes import SubsidyBudget, SubsidyRule
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.ids import new_id
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.subsidies import (
    make_chain,
    make_claim,
    make_item,
    make_month,
    make_programme,
    make_rule,
    working_days,
)

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
CHAIN = (("经办", Role.MEDICAL_AFFAIRS, 0), ("财务", Role.FINANCE, 0), ("分管院长", Role.DEAN, 15_000))


@dataclass(frozen=True)
class Office:
    """A county, who approves in its hospital, and the dispatch of its doctor; ten yuan a day."""

    county: County
    chain: ApprovalChain
    rule: SubsidyRule
    dispatch: Dispatch
    approvers: dict[Role, Person]

    @property
    def hospital(self) -> Organisation:
        return self.county.hospital

    @property
    def doctor(self) -> Actor:
        return self.county.visitor

    def actor(self, role: Role) -> Actor:
        """Return the one who approves in a role."""
        return acting(self.approvers[role], role)

    def claim(
        self,
        *,
        days: int = 10,
        month: date = OCTOBER,
        status: ClaimStatus = ClaimStatus.DRAFT,
        step: int = 1,
        dispatch: Dispatch | None = None,
    ) -> SubsidyClaim:
        """Return the claim of a month of so many days: the doctor's, unless told otherwise."""
        dispatch = dispatch or self.dispatch
        sheet = make_month(dispatch, month, working_days(month)[:days])
        return make_claim(dispatch, month, status=status, rule=self.rule, timesheet=sheet, chain=self.chain, step=step)

    def someone_sent(self) -> Dispatch:
        """Return the dispatch of another one of the hospital."""
        return make_dispatch(make_person(self.hospital), self.county.township, starts_on=SEPTEMBER)

    def budget(self, yuan: int, year: int = 2026) -> SubsidyBudget:
        """Return a budget of so much."""
        budget = SubsidyBudget(
            id=new_id(),
            programme_id=self.rule.item.programme_id,
            year=year,
            amount_fen=100 * yuan,
            document_title="关于预算的批复",
            document_number="云财〔2026〕1号",
        )
        db.session.add(budget)
        db.session.commit()
        return budget


def make_office() -> Office:
    """Return an office with one approver for each role; the dean is asked from 150 yuan on."""
    county = make_county()
    rule = make_rule(make_item(make_programme(county.hospital)))
    approvers = {role: make_person(county.hospital, roles=[role]) for role in (Role.FINANCE, Role.DEAN)}
    approvers[Role.MEDICAL_AFFAIRS] = county.medical_affairs
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2026, 6, 1))
    return Office(county, make_chain(county.hospital, CHAIN), rule, dispatch, approvers)
