"""The personnel office at its screen: no rule, a list, one person with papers, a wrong form, a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect

from backend.domain.accounts.models import Person
from backend.domain.careers.rules.evaluations import Grade
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.browser import log_in_as
from tests.support.careers import make_earlier_service, make_evaluation, make_promotion_rule, serve
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch, make_person
from tests.support.legibility import look

NAMES = ["郑芳丽", "段怀山", "欧阳文静", "尉迟远", "金珊珊", "毕成林", "葛红梅", "饶学军"]


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        yield make_county()


@pytest.fixture
def personnel(county: County) -> Person:
    person = make_person(county.hospital, "方佩佩", roles=[Role.PERSONNEL])
    give_password(person)
    return person


def send_many(county: County) -> None:
    """Send eight people for longer and longer, some without evaluation, some with a month open."""
    make_promotion_rule(county.bureau, refusal_blocks_months=24)
    make_promotion_rule(county.hospital, name="本院附加条件", required_days=90, days_a_week=3, needs_evaluation=True)
    last = clock.today().replace(day=1) - timedelta(days=1)
    for number, name in enumerate(NAMES):
        first = last - timedelta(days=70 + 50 * number)
        person = make_person(county.hospital, name)
        dispatch = make_dispatch(person, county.township, starts_on=first, ends_on=last)
        serve(dispatch, leave=[first + timedelta(days=9)], unsigned=[last.replace(day=1)] if number % 3 == 1 else [])
        if number % 2:
            make_evaluation(dispatch, Grade.EXCELLENT if number % 4 else Grade.BARELY)
    make_earlier_service(county.doctor, date(2020, 1, 1), date(2020, 12, 31))


def test_the_personnel_office_goes_from_no_rule_to_a_certificate(
    office_server: Deployment, page: Page, county: County, personnel: Person
) -> None:
    log_in_as(page, office_server.url, county.hospital, personnel)
    page.get_by_role("link", name="晋升资格").click()
    expect(page.get_by_text("还没有生效的晋升规则")).to_be_visible()
    look(page, "promotion-none")
    page.get_by_role("link", name="晋升规则").first.click()
    page.get_by_role("link", name="提出规则").click()
    for label, text in (("拟申报职称", "副主任医师"), ("规则名称", "科室条件"), ("生效日期", "2026-01-01")):
        page.get_by_label(label).fill(text)
    page.get_by_label("怎样计天数").select_option(label="按日历天数")
    page.get_by_label("累计满多少天").fill("99999")
    page.get_by_label("依据文件").fill("晋升办法")
    page.get_by_label("文号").fill("1号")
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("请填写1至3660天。")).to_be_visible()
    look(page, "promotion-rule-wrong")
    page.get_by_label("累计满多少天").fill("300")
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("待批准")).to_be_visible()

    send_many(county)
    page.reload()
    look(page, "promotion-rules")
    page.get_by_role("link", name="晋升资格").last.click()
    expect(page.get_by_role("row", name=NAMES[7])).to_contain_text("已符合")
    look(page, "promotion-many")
    page.get_by_label("还缺什么").select_option(label="缺证明材料")
    page.get_by_role("link", name="吕芬春").click()
    upload = FilePayload(name="证明.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7\n%%EOF\n")
    page.get_by_label("石桥县中医医院的证明材料").set_input_files(upload)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("证明材料已上传，该段经历已计入。")).to_be_visible()
    look(page, "promotion-person")
    page.get_by_role("link", name="晋升资格").last.click()
    page.get_by_role("link", name=NAMES[7]).click()
    page.get_by_role("button", name="出具服务证明").click()
    expect(page.get_by_text("服务证明已出具，已通知本人。")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "promotion-person-narrow")
    page.goto(f"{office_server.url}/console/promotion")
    look(page, "promotion-many-narrow")
