"""My service on the phone: what counts and what is missing, how it is computed, a certificate, and nothing at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.accounts.models import Person
from backend.foundation import clock
from tests.support.careers import make_certificate, make_earlier_service, make_promotion_rule, serve
from tests.support.county import County
from tests.support.factories import make_dispatch
from tests.support.legibility import flaws_of, look
from tests.support.miniprogram import MiniProgram

SMALLEST_PX = 18


@pytest.mark.parametrize("screen", [(320, 568)])
def test_my_service_says_what_counts_and_what_is_missing(
    phone_app: MiniProgram, phone_county: County, on_duty: Person
) -> None:
    today = clock.today()
    phone_app.open(fontSize=23)  # the largest letters on the smallest screen
    phone_app.log_in()
    phone_app.open_tab("我的")
    phone_app.button("我的服务年限").click()
    phone_app.says("还没有晋升规则")
    look(phone_app.page, "phone-service-none")

    make_promotion_rule(phone_county.bureau, days_a_week=3, needs_evaluation=True, refusal_blocks_months=24)
    make_promotion_rule(phone_county.hospital, name="本院附加条件", required_days=60)
    past = make_dispatch(
        on_duty,
        phone_county.other_township,
        starts_on=today - timedelta(days=200),
        ends_on=today - timedelta(days=120),
    )
    serve(past, leave=[past.starts_on + timedelta(days=2)])
    make_earlier_service(on_duty, today - timedelta(days=900), today - timedelta(days=700))
    make_certificate(on_duty, phone_county.medical_affairs)
    phone_app.page.get_by_role("button", name="返回").click()
    phone_app.button("我的服务年限").click()
    phone_app.says("鉴定未完成，该段不计入")
    phone_app.button("看怎么算的").click()
    phone_app.says("缺证明材料201天")
    phone_app.says("本院附加条件")
    assert flaws_of(phone_app.page, SMALLEST_PX) == []
    look(phone_app.page, "phone-service-many")
    phone_app.button("看副主任医师服务证明").click()
    file = phone_app.page.get_by_role("link", name="在浏览器中打开").get_attribute("href")
    read = "address => fetch(address).then((file) => file.text()).then((text) => text.slice(0, 5))"
    assert phone_app.page.evaluate(read, file) == "%PDF-"
    phone_app.answer("关闭")

    phone_app.page.get_by_role("button", name="返回").click()
    phone_app.change(online=False)
    phone_app.button("我的服务年限").click()
    phone_app.says("没有读到最新的服务年限")
    assert flaws_of(phone_app.page, SMALLEST_PX) == []
