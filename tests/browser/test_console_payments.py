"""A run from finance's choice over the dean to the bank's answer, in the browser; its pages on both screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.subsidies.models.payments import PaymentRun
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.bank_accounts import set_bank_account
from backend.domain.subsidies.service.payment_runs import prepare_run
from backend.extensions import db
from tests.subsidies.paying_world import CARD, PASSBOOK, PayingWorld, answered, as_csv, make_paying_world
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.deployment import Deployment
from tests.support.legibility import look


@pytest.fixture
def world(office_server: Deployment) -> Iterator[PayingWorld]:
    """Return a world in the deployment; its finance and its dean can log in."""
    with office_server.app.app_context():
        world = make_paying_world()
        for actor in (world.finance, world.dean):
            give_password(person_of(actor.person_id))
        yield world


def person_of(person_id: object) -> Person:
    person = db.session.get(Person, person_id)
    assert person is not None
    return person


def enter(page: Page, server: Deployment, world: PayingWorld, person_id: object) -> None:
    """Log in and go to the runs as one does with the mouse."""
    log_in_as(page, server.url, world.county.hospital, person_of(person_id))
    page.get_by_role("link", name="发放批次", exact=True).click()


def test_a_run_is_chosen_released_downloaded_and_answered(
    browser: Browser, office_server: Deployment, world: PayingWorld, tmp_path: Path
) -> None:
    for doctor in (0, 1):
        world.claim(doctor, yuan_a_day=10 * (doctor + 1))
        world.give_account(doctor)
    with new_page(browser, 1366, 768) as page:
        enter(page, office_server, world, world.finance.person_id)
        page.get_by_role("link", name="编制发放批次").click()
        look(page, "payments-choice")
        page.get_by_label("选择医生2").uncheck()
        expect(page.locator("[data-sum]")).to_have_text("100.00")
        page.get_by_label("选择医生2").check()
        page.get_by_role("button", name="编制 2 人的批次").click()
        expect(page.get_by_text("2人，共300.00元")).to_be_visible()
        run = db.session.scalars(select(PaymentRun)).one()
        with new_page(browser, 1366, 768) as deans:
            enter(deans, office_server, world, world.dean.person_id)
            deans.get_by_role("link", name=f"{run.year}-001").click()
            deans.locator("summary", has_text="放行").click()
            look(deans, "payments-releasing")
            deans.get_by_role("button", name="确认放行").click()
            expect(deans.get_by_text("已放行，财务科可以下载付款文件")).to_be_visible()
        page.reload()
        with page.expect_download() as downloading:
            page.get_by_role("link", name="下载完整付款文件（CSV）").click()
        assert CARD.encode() in downloading.value.path().read_bytes()
        answer = tmp_path / "回盘.csv"
        answer.write_bytes(as_csv([answered(payment) for payment in run.payments]))
        page.get_by_label("回盘文件").set_input_files(answer)
        page.locator("summary", has_text="手工登记").first.click()
        look(page, "payments-released")
        page.get_by_role("button", name="上传并登记").click()
        expect(page.get_by_text("成功2笔、300.00元；本批次已办结。")).to_be_visible()


def test_pages_of_payments_are_legible_on_a_phone_with_much_nothing_and_errors(
    browser: Browser, office_server: Deployment, world: PayingWorld, tmp_path: Path
) -> None:
    width, height = 390, 844
    with new_page(browser, width, height) as page:
        log_in_as(page, office_server.url, world.county.hospital, person_of(world.finance.person_id))

        def see(path: str, name: str) -> None:
            page.goto(f"{office_server.url}/console/payments{path}")
            look(page, f"payments-{name}-{width}")

        for path, name in (("", "none"), ("/new", "new-none"), ("/accounts", "accounts-none")):
            see(path, name)
        run = a_busy_hospital(world)
        for path, name in (("", "list"), ("/new", "new"), ("/accounts", "accounts"), (f"/{run.id}", "run")):
            see(path, name)
        page.locator("summary", has_text="手工登记").first.click()
        look(page, f"payments-hand-{width}")
        answer = tmp_path / "回盘.csv"
        lines = [answered(payment) for payment in run.payments]
        answer.write_bytes(as_csv([*lines, lines[0], ["BF2026999-0001", "1.00", "成功", "", "2026-11-20"]]))
        page.get_by_label("回盘文件").set_input_files(answer)
        page.get_by_role("button", name="上传并登记").click()
        expect(page.get_by_text("流水号不属于本批次")).to_be_visible()
        look(page, f"payments-answer-{width}")
        see(f"/accounts/{world.doctors[0].id}", "account")
        page.get_by_label("银行账号").fill("6228480402564890081")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("银行账号有误")).to_be_visible()
        look(page, f"payments-account-error-{width}")
    with new_page(browser, width, height) as page:
        log_in_as(page, office_server.url, world.county.hospital, person_of(world.dean.person_id))
        prepared = prepare_run(world.finance).run
        set_bank_account(world.finance, world.doctors[2].id, bank="农村信用社云岭联社", number=PASSBOOK, version=1)
        page.goto(f"{office_server.url}/console/payments/{prepared.id}")
        page.locator("summary", has_text="否决").click()
        look(page, f"payments-release-{width}")


def a_busy_hospital(world: PayingWorld) -> PaymentRun:
    """Return a released run, beside who can be paid next and who cannot."""
    world.doctors[1].name = "阿卜杜热西提·买买提明"
    run = world.released()
    world.claim(2, yuan_a_day=60)
    for doctor in (1, 2):
        world.claim(doctor, month=date(2026, 10, 1), yuan_a_day=33)
    world.owed_back(1, 99_999_99)
    world.owed_back(2, 5_050)
    world.give_account(2)
    db.session.commit()
    assert {claim.claim.status for payment in run.payments for claim in payment.claims} == {ClaimStatus.PAYING}
    return run
