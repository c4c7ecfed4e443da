"""The approval desk in a browser: worked through by keys, approved together, one given back; on a phone as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.domain.accounts.models import Person
from backend.domain.dispatch.models import Dispatch
from backend.domain.subsidies.models.approvals import ApprovalChain
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch, make_person
from tests.support.legibility import look
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
LONG_NAME = "阿卜杜热依木·买买提吐尔逊"


@dataclass(frozen=True)
class Desk:
    """A hospital with a chain, the finance officer whose step it is, and a rule for days."""

    county: County
    finance: Person
    chain: ApprovalChain
    rule: SubsidyRule

    def waiting(self, name: str, days: int, *, before: int = 10) -> SubsidyClaim:
        """Return the claim of October of somebody new, which waits for finance."""
        dispatch = make_dispatch(make_person(self.county.hospital, name), self.county.township, starts_on=SEPTEMBER)
        self._claim(dispatch, SEPTEMBER, before, status=ClaimStatus.APPROVED)
        return self._claim(dispatch, OCTOBER, days, status=ClaimStatus.SUBMITTED, step=2)

    def _claim(self, dispatch: Dispatch, month: date, days: int, *, status: ClaimStatus, step: int = 1) -> SubsidyClaim:
        sheet = make_month(dispatch, month, working_days(month)[:days])
        return make_claim(dispatch, month, status=status, rule=self.rule, timesheet=sheet, chain=self.chain, step=step)


@pytest.fixture
def desk(office_server: Deployment) -> Iterator[Desk]:
    with office_server.app.app_context():
        county = make_county()
        finance = make_person(county.hospital, "何婉清", roles=[Role.FINANCE])
        give_password(finance)
        rule = make_rule(make_item(make_programme(county.hospital)))
        yield Desk(county, finance, make_chain(county.hospital), rule)


def test_who_approves_works_through_the_desk_by_keys(page: Page, office_server: Deployment, desk: Desk) -> None:
    odd, clean, other = desk.waiting(LONG_NAME, 15), desk.waiting("王建国", 10), desk.waiting("李芳", 10)
    log_in_as(page, office_server.url, desk.county.hospital, desk.finance)
    page.get_by_role("link", name="下乡补贴", exact=True).click()
    expect(page.get_by_role("button", name="同意所选 2 笔")).to_be_visible()
    page.keyboard.press("j")  # what needs an eye is first, and not chosen
    expect(page.get_by_role("link", name=LONG_NAME)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="同意所选 3 笔")).to_be_visible()
    expect(page.locator("[data-sum]")).to_have_text("350.00")
    look(page, "claims-desk")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name=LONG_NAME)).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="确认同意以下 2 笔，合计 250.00 元")).to_be_visible()
    look(page, "claims-approve")
    page.keyboard.press("a")
    expect(page.get_by_text("已同意 2 笔，合计 250.00 元")).to_be_visible()
    look(page, "claims-approved")
    db.session.expire_all()
    assert odd.status is ClaimStatus.APPROVED
    assert sorted((clean.status, other.status)) == [ClaimStatus.APPROVED, ClaimStatus.SUBMITTED]


def test_one_claim_tells_why_and_is_given_back_with_a_reason(
    page: Page, browser: Browser, office_server: Deployment, desk: Desk
) -> None:
    claim = desk.waiting(LONG_NAME, 15)
    log_in_as(page, office_server.url, desk.county.hospital, desk.finance)
    page.goto(f"{office_server.url}/console/claims")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("15 天 × 10.00 元 = 150.00 元")).to_be_visible()
    expect(page.get_by_text("云卫发〔2025〕12号")).to_be_in_viewport()
    expect(page.locator(".days .good")).to_have_count(30)
    look(page, "claim")
    with new_page(browser, 390, 844) as phone:
        log_in_as(phone, office_server.url, desk.county.hospital, desk.finance)
        for path, name in (("/claims", "claims-phone"), (f"/claims/{claim.id}", "claim-phone")):
            phone.goto(f"{office_server.url}/console{path}")
            expect(phone.get_by_role("heading", level=1)).to_be_visible()
            look(phone, name)
    page.keyboard.press("r")
    expect(page.get_by_label("退回原因")).to_be_focused()
    page.keyboard.type("请补充往返路费的票据")
    page.get_by_role("button", name="确认退回").click()
    expect(page.get_by_text("已退回本人，原因：请补充往返路费的票据")).to_be_visible()
    page.goto(f"{office_server.url}/console/claims")
    expect(page.get_by_text("没有等您审批的补贴")).to_be_visible()
    look(page, "claims-none")
