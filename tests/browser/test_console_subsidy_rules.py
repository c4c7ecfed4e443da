"""A rule goes from finance to the dean in the browser, tried on last year; the budget's chart at both widths."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.domain.accounts.models import Person
from backend.domain.subsidies.models.programmes import SubsidyBudget
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch, make_person
from tests.support.legibility import flaws_of
from tests.support.subsidies import DOCUMENT, make_claim, make_item, make_month, make_programme, make_rule, working_days


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    """Return a county that pays ten yuan a day, with a month of ten days a year ago."""
    with office_server.app.app_context():
        yield make_county()


@pytest.fixture
def offices(county: County) -> tuple[Person, Person]:
    """Return finance and the dean, who can log in."""
    finance = make_person(county.hospital, "钱财务", roles=[Role.FINANCE])
    dean = make_person(county.hospital, "赵院长", roles=[Role.DEAN])
    for person in (finance, dean):
        give_password(person)
    return finance, dean


def test_a_rule_is_proposed_tried_on_last_year_and_approved(
    page: Page, browser: Browser, office_server: Deployment, county: County, offices: tuple[Person, Person]
) -> None:
    rule = make_rule(make_item(make_programme(county.hospital), name="驻点补贴"))
    year = clock.today().year
    before = make_dispatch(county.doctor, county.township, starts_on=date(year - 1, 1, 1))
    make_month(before, date(year - 1, 3, 1), working_days(date(year - 1, 3, 1))[:10])
    finance, dean = offices

    log_in_as(page, office_server.url, county.hospital, finance)
    page.get_by_role("link", name="补贴规则").click()
    page.get_by_role("link", name=rule.item.name).click()
    page.get_by_label("每天金额（元）").fill("15")
    page.get_by_label("从哪个月起").fill(f"{year + 1}-01")
    page.get_by_label("依据文件").fill("关于调整补贴标准的通知")
    page.get_by_label("文号").fill("云医发〔2026〕9号")
    page.get_by_role("button", name="提出规则").click()
    expect(page.get_by_text("规则已提出，由另一人批准后执行")).to_be_visible()
    expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)

    with new_page(browser, 1366, 768) as other:
        log_in_as(other, office_server.url, county.hospital, dean)
        other.get_by_role("link", name="补贴规则").click()
        other.get_by_role("row", name="每天 15.00 元").get_by_role("link", name=rule.item.name).click()
        other.get_by_role("button", name="试算").click()
        expect(other.get_by_text("多 50.00 元")).to_be_visible()
        other.get_by_role("button", name="批准", exact=True).click()
        expect(other.get_by_text("规则已批准，从起始月份起执行")).to_be_visible()
        assert flaws_of(other) == []


def test_a_budgets_chart_and_its_figures_agree_at_both_widths(
    browser: Browser, office_server: Deployment, county: County, offices: tuple[Person, Person]
) -> None:
    rule = make_rule(make_item(make_programme(county.hospital)))
    year = clock.today().year
    db.session.add(SubsidyBudget(programme_id=rule.item.programme_id, year=year, amount_fen=25_000, **DOCUMENT))
    for status in (ClaimStatus.PAID, ClaimStatus.APPROVED, ClaimStatus.SUBMITTED):
        dispatch = make_dispatch(make_person(county.hospital), county.township, starts_on=date(year, 1, 1))
        make_claim(dispatch, date(year, 1, 1), status=status, rule=rule)
    for width, height in ((1366, 768), (390, 844)):
        with new_page(browser, width, height) as page:
            log_in_as(page, office_server.url, county.hospital, offices[0])
            page.get_by_role("link", name="补贴预算").click()
            expect(page.get_by_text("审批中的全部批准后将超出预算 50.00 元")).to_be_visible()
            expect(page.get_by_role("img", name="已发放 100.00 元，待发放 100.00 元，审批中 100.00 元")).to_be_visible()
            expect(page.get_by_role("row", name="全年 100.00 100.00 100.00 300.00")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert flaws_of(page) == []
