"""The phone of who is paid and of who approves, on the narrowest screen with the largest letters: why a sum is what it
is, handing in, what came back, the bank account; the queue, together and one by one."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Locator, expect

from backend.domain.accounts.models import Person
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyReceipt
from backend.domain.subsidies.models.payments import BankAccount
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.claims import approve_claim, return_claim
from backend.domain.subsidies.service.drafting import draft_claims
from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.accounts import make_account
from tests.support.county import County
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.legibility import flaws_of
from tests.support.miniprogram import MiniProgram
from tests.support.subsidies import (
    make_chain,
    make_claim,
    make_item,
    make_month,
    make_programme,
    make_rule,
    working_days,
)

SMALLEST_PX, LARGEST_LETTERS = 18, 23
FEBRUARY, MARCH, APRIL, AUGUST = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 8, 31)
CARD, MISTYPED = "6228480402564890018", "6228480402564890013"


@pytest.fixture
def screen() -> tuple[int, int]:
    """Return the narrowest phone."""
    return 320, 568


@pytest.fixture
def rule(phone_county: County) -> SubsidyRule:
    """Return ten yuan a day, and the chain: medical affairs, then finance."""
    make_chain(phone_county.hospital)
    return make_rule(make_item(make_programme(phone_county.hospital)))


def is_legible(phone: MiniProgram) -> None:
    assert flaws_of(phone.page, SMALLEST_PX) == []


def field(phone: MiniProgram, label: str) -> Locator:
    return phone.shown.locator(".field", has_text=label)


def of_id(claim: SubsidyClaim) -> SubsidyClaim:
    db.session.expire_all()
    return db.session.get_one(SubsidyClaim, claim.id)


def open_as(phone: MiniProgram, person: Person) -> None:
    make_account(person, phone.openid)
    phone.open(fontSize=LARGEST_LETTERS)
    phone.log_in()


def test_a_sum_is_explained_down_to_the_day_and_handed_in_and_comes_back_with_the_reason(
    phone_app: MiniProgram, phone_county: County, rule: SubsidyRule
) -> None:
    dispatch = make_dispatch(phone_county.doctor, phone_county.township, starts_on=FEBRUARY, ends_on=AUGUST)
    days = working_days(MARCH)
    claim = make_claim(dispatch, MARCH, rule=rule, timesheet=make_month(dispatch, MARCH, days[:10]))
    open_as(phone_app, phone_county.doctor)
    phone_app.button("我的补贴（1 笔要提交）").click()
    expect(phone_app.shown.locator(".claim")).to_contain_text("100.00元")
    expect(phone_app.button("收款账户（还没有登记）")).to_be_visible()
    is_legible(phone_app)
    phone_app.shown.locator(".claim").click()
    phone_app.shown.get_by_role("button").filter(has_text="为什么是这个数").click()
    phone_app.says("《关于对口支援人员补助的通知》云卫发〔2025〕12号")
    first = phone_app.shown.locator(".day").first
    expect(first).to_contain_text(f"{days[0].month}月{days[0].day}日")
    expect(first).to_contain_text("✓ 计")
    phone_app.button(f"显示全部 {len(days)} 天").click()
    expect(phone_app.shown.locator(".day").nth(10)).to_contain_text("✕ 不计")
    is_legible(phone_app)

    phone_app.shown.get_by_label("给审批人的说明").fill("3 月 18 日在村卫生室")
    with phone_app.losing_answers("**/submit") as statuses:
        phone_app.button("提交").click()
        phone_app.answer("提交")
        phone_app.says("没有提交成功：现在没有网络")
    assert statuses == [200]
    phone_app.button("提交").click()
    phone_app.answer("提交")
    phone_app.says("正在等：科室")
    expect(phone_app.button("提交")).to_have_count(0)
    phone_app.does_not_say("没有提交成功")
    is_legible(phone_app)
    submitted = of_id(claim)
    assert (submitted.status, submitted.explanation) == (ClaimStatus.SUBMITTED, "3 月 18 日在村卫生室")

    return_claim(phone_county.office, claim.id, submitted.version, reason="请附 3 月 18 日的派工单")
    phone_app.page.get_by_role("button", name="返回").click()
    phone_app.says("退回原因：请附 3 月 18 日的派工单")
    is_legible(phone_app)
    phone_app.shown.locator(".claim").click()
    phone_app.button("再次提交").click()
    phone_app.answer("提交")
    phone_app.says("正在等：科室")
    assert of_id(claim).round == 2


def test_clean_ones_are_approved_together_and_the_odd_one_by_itself(
    phone_app: MiniProgram, phone_county: County, rule: SubsidyRule
) -> None:
    chain = make_chain(phone_county.hospital, effective_on=FEBRUARY)
    claims = []
    for name in ("许文丽", "马福", "周文一", "古丽努尔·阿卜杜热西提"):
        dispatch = make_dispatch(make_person(phone_county.hospital, name), phone_county.township, starts_on=FEBRUARY)
        claims.append(make_claim(dispatch, MARCH, status=ClaimStatus.SUBMITTED, rule=rule, chain=chain))
    kept, taken, approved, odd = claims
    odd.explanation = "3 月 18 日在村卫生室"
    db.session.commit()
    open_as(phone_app, phone_county.medical_affairs)
    phone_app.shown.locator(".errand", has_text="补贴审批").filter(has_text="4").click()
    phone_app.says("400.00元")
    expect(phone_app.shown.locator(".card-title").first).to_have_text("需要留意 1 笔，要逐笔打开")
    phone_app.says("没有疑点 3 笔")
    is_legible(phone_app)
    phone_app.shown.get_by_role("checkbox", name="许文丽").click()
    phone_app.says("200.00元")
    colleague = make_person(phone_county.hospital, roles=[Role.MEDICAL_AFFAIRS])
    approve_claim(acting(colleague, Role.MEDICAL_AFFAIRS), taken.id, taken.version)
    phone_app.button("同意选中的 2 笔").click()
    phone_app.answer("同意")
    phone_app.says("已同意 1 笔，共 100.00元，1 笔没有同意")
    phone_app.says("马福 2026年3月：")
    is_legible(phone_app)
    assert [of_id(claim).step for claim in (kept, taken, approved)] == [1, 2, 2]

    phone_app.shown.get_by_role("button").filter(has_text="古丽努尔").click()
    phone_app.says("本人说明：3 月 18 日在村卫生室")
    is_legible(phone_app)
    phone_app.button("不予发放…").click()
    phone_app.button("不予发放").click()
    phone_app.says("请先填写")
    phone_app.button("返回选择").click()
    phone_app.button("退回…").click()
    phone_app.shown.get_by_label("退回原因").fill("请附派工单")
    phone_app.button("退回").click()
    phone_app.says("已退回")
    is_legible(phone_app)
    assert of_id(odd).status is ClaimStatus.RETURNED


def test_the_bank_account_is_typed_twice_checked_and_never_kept_on_the_phone(
    phone_app: MiniProgram, phone_county: County, rule: SubsidyRule
) -> None:
    dispatch = make_dispatch(phone_county.doctor, phone_county.township, starts_on=FEBRUARY, ends_on=AUGUST)
    make_claim(dispatch, APRIL, status=ClaimStatus.PAID, rule=rule)
    open_as(phone_app, phone_county.doctor)
    phone_app.open_tab("我的")
    phone_app.says("100.00元")
    phone_app.says("还没有登记收款账户")
    is_legible(phone_app)
    phone_app.button("收款账户").click()
    phone_app.shown.get_by_label("开户行").fill("中国农业银行云岭县支行")
    phone_app.shown.get_by_label("账号", exact=True).fill(MISTYPED)
    phone_app.shown.get_by_label("再填一次账号").fill(CARD)
    phone_app.button("登记").click()
    phone_app.says("两次填写的账号不一样")
    phone_app.shown.get_by_label("再填一次账号").fill(MISTYPED)
    phone_app.button("登记").click()
    expect(phone_app.shown.get_by_role("alert").first).to_contain_text("银行卡号请逐位核对")
    is_legible(phone_app)
    for label in ("账号", "再填一次账号"):
        phone_app.shown.get_by_label(label, exact=True).fill(CARD)
    with phone_app.losing_answers("**/bank-account"):
        phone_app.button("登记").click()
        phone_app.says("没有登记成功：现在没有网络")
    phone_app.button("登记").click()
    phone_app.says("账户刚有变化，请核对")
    phone_app.button("更换账户").click()
    for label in ("账号", "再填一次账号"):
        phone_app.shown.get_by_label(label, exact=True).fill(CARD)
    phone_app.button("登记").click()
    phone_app.says("已登记")
    phone_app.says("6228 **** 0018")
    is_legible(phone_app)
    assert (
        db.session.query(BankAccount).filter_by(person_id=phone_county.doctor.id).one().number_masked
        == "6228 **** 0018"
    )
    assert CARD not in phone_app.page.evaluate("JSON.stringify(localStorage)")


def test_a_ticket_is_entered_with_its_photograph_and_what_cannot_be_is_said_at_its_field(
    phone_app: MiniProgram, phone_county: County
) -> None:
    make_rule(make_item(make_programme(phone_county.hospital), ItemKind.RETURN_FARE))
    dispatch = make_dispatch(phone_county.doctor, phone_county.township, starts_on=FEBRUARY, ends_on=AUGUST)
    make_month(dispatch, MARCH)
    draft_claims()
    open_as(phone_app, phone_county.doctor)
    phone_app.button("我的补贴").click()
    phone_app.button("路费票据").click()
    phone_app.says("还没有票据")
    phone_app.button("添加一张票据").click()
    phone_app.button("添加").click()
    phone_app.says("请拍下票据")
    phone_app.says("请填写票面金额")
    phone_app.add_photo()
    phone_app.says("已上传")
    phone_app.shown.get_by_label("票据号码").fill("Ｅ１２３")
    phone_app.shown.get_by_label("金额").fill("36.50")
    phone_app.shown.get_by_label("从哪里到哪里").fill("县城到青石镇，往返")
    phone_app.choose("乘车日期", "2026-01-15")
    phone_app.button("添加").click()
    expect(field(phone_app, "乘车日期")).to_contain_text("票据日期不在这次派驻的起止日期内")
    is_legible(phone_app)
    phone_app.choose("乘车日期", "2026-03-16")
    with phone_app.losing_answers("**/subsidy-receipts") as statuses:
        phone_app.button("添加").click()
        phone_app.says("填好的保存在手机里")
    assert statuses == [201]
    phone_app.button("添加").click()
    phone_app.says("已添加 36.50元")
    phone_app.says("已列入还没提交的补贴")
    phone_app.button("再添加一张").click()
    phone_app.add_photo()
    phone_app.says("已上传")
    phone_app.shown.get_by_label("票据号码").fill("E123")
    phone_app.shown.get_by_label("金额").fill("40")
    phone_app.choose("乘车日期", "2026-03-20")
    phone_app.button("添加").click()
    expect(field(phone_app, "票据号码")).to_contain_text("已经登记过")
    phone_app.page.get_by_role("button", name="返回").click()
    expect(phone_app.shown.locator(".card")).to_contain_text("已列入补贴")
    is_legible(phone_app)
    [receipt] = db.session.query(SubsidyReceipt).filter_by(person_id=phone_county.doctor.id)
    assert (receipt.number, receipt.amount_fen, receipt.spent_on) == ("E123", 3650, date(2026, 3, 16))
    phone_app.button("看补贴 票号 E123").click()
    phone_app.shown.get_by_role("button").filter(has_text="为什么是这个数").click()
    phone_app.says("票据 1 张")
    phone_app.shown.get_by_role("button", name="看照片").click()
    expect(phone_app.page.get_by_role("dialog").locator("img")).to_be_visible()
