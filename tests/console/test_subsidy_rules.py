"""Rules and budgets of subsidies at the console."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.models.programmes import SubsidyBudget, SubsidyItem, SubsidyRule
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch, make_person
from tests.support.subsidies import make_claim, make_item, make_programme, make_rule


@pytest.fixture
def dean(app: Flask, county: County) -> Office:
    return Office(app, make_person(county.hospital, "赵院长", roles=[Role.DEAN]), Role.DEAN)


@pytest.fixture
def item(county: County) -> SubsidyItem:
    return make_item(make_programme(county.hospital), exclusion="伙食", priority=1)


def proposal(**changes: Any) -> dict[str, Any]:
    given = {
        "amount_fen": "20",
        "days_a_week": "3",
        "audience": "all",
        "starts_on": "2026-03",
        "document_title": "下乡补贴发放办法",
        "document_number": "云医发〔2026〕1号",
    }
    return given | changes


def test_a_programme_an_item_and_a_rule_go_from_one_desk_to_another(
    office: Office, dean: Office, county: County
) -> None:
    programme = office.send("/subsidy-rules/programmes/new", name="下乡补助").location
    assert programme is not None
    added = office.send(f"{programme.removeprefix('/console')}/items", name="驻点补贴", kind="per_day").location
    assert added is not None
    proposed = office.send(f"{added.removeprefix('/console')}/rules", **proposal()).location
    assert proposed is not None
    rule = db.session.query(SubsidyRule).one()
    path = proposed.removeprefix("/console")
    assert "这是您提出的，须由另一人批准" in words_of(office.open(path))
    assert office.send(f"{path}/approve", version=1).status_code == 403
    assert "待批准 1 条" in words_of(dean.open("/subsidy-rules"))
    assert dean.send(f"{path}/approve", version=1).status_code == 302
    db.session.refresh(rule)
    assert rule.status is RuleStatus.APPROVED
    words = words_of(office.open("/subsidy-rules/holding", recipient=str(county.township.id), month="2026-04"))
    assert "每天 20.00 元" in words
    assert "到岗不少于 3 天" in words
    assert "没有规则，不发放" in words_of(office.open("/subsidy-rules/holding", month="2026-02"))


def test_what_a_version_would_end_is_said_before_it_is_approved(
    dean: Office, county: County, item: SubsidyItem
) -> None:
    served = make_dispatch(county.doctor, county.township, starts_on=date(2026, 1, 1))
    make_claim(served, date(2026, 4, 1), rule=make_rule(item))
    later = make_rule(
        item, from_month=date(2026, 3, 1), until_month=date(2026, 6, 1), status=RuleStatus.PROPOSED, amount_fen=2000
    )
    words = words_of(dean.open(f"/subsidy-rules/{later.id}"))
    assert "代替 每天 10.00 元 （2020年1月起），原规则只执行到2026年2月" in words
    assert "2026年6月起将没有规则" in words
    assert "2026年3月起已有 1 笔按原规则计算，批准后也不重算" in words
    same = make_rule(item, status=RuleStatus.PROPOSED)
    words = words_of(dean.open(f"/subsidy-rules/{same.id}"))
    assert "现在不能批准：与已批准的规则（2020年1月起）月份重叠" in words
    assert dean.send(f"/subsidy-rules/{same.id}/approve", version=1).status_code == 409


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount_fen": "-20"}, "请填写大于0的金额"),
        ({"amount_fen": "10.015"}, "最多两位小数"),
        ({"amount_fen": None}, "请填写大于0的金额"),
        ({"starts_on": "2026-13"}, "请选择月份"),
        ({"last_month": "2026-02"}, "结束月份不能早于起始月份"),
        ({"audience": "level:"}, "请从列表中选择"),
        ({"audience": None}, "请填写"),
        ({"document_number": ""}, "补贴规则须有依据"),
        ({"days_a_week": "8"}, "请填写1到7之间的天数"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    office: Office, item: SubsidyItem, changes: dict[str, Any], sentence: str
) -> None:
    answer = office.send(f"/subsidy-rules/items/{item.id}/rules", **proposal(**changes))
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert db.session.query(SubsidyRule).count() == 0


def test_a_refusal_without_a_reason_keeps_the_page(dean: Office, item: SubsidyItem) -> None:
    rule = make_rule(item, status=RuleStatus.PROPOSED)
    assert dean.send(f"/subsidy-rules/{rule.id}/reject", version=1).status_code == 422
    assert dean.send(f"/subsidy-rules/{rule.id}/reject", version=1, reason="文号有误").status_code == 302
    assert "理由：文号有误" in words_of(dean.open(f"/subsidy-rules/{rule.id}"))


def test_a_rule_can_be_for_one_recipient(office: Office, county: County, item: SubsidyItem) -> None:
    audience = f"recipient:{county.township.id}"
    assert office.send(f"/subsidy-rules/items/{item.id}/rules", **proposal(audience=audience)).status_code == 302
    assert "派驻青石镇中心卫生院" in words_of(office.open(f"/subsidy-rules/items/{item.id}"))


def test_items_that_exclude_each_other_say_so(office: Office, item: SubsidyItem) -> None:
    make_item(item.programme, ItemKind.PER_MONTH, exclusion="伙食")
    words = words_of(office.open("/subsidy-rules"))
    assert "“伙食”只发一项：与生活补助互斥，优先次序 1" in words
    assert "没有执行中的规则，不发放" in words


def test_finance_sets_a_budget_and_changes_it_as_it_was_shown(app: Flask, county: County, item: SubsidyItem) -> None:
    finance = Office(app, make_person(county.hospital, "钱财务", roles=[Role.FINANCE]), Role.FINANCE)
    path = f"/budgets/{item.programme_id}/2026"
    given = {"amount": "120,000", "document_title": "年度预算批复", "document_number": "云财社〔2026〕8号"}
    assert "没有设定预算" in words_of(finance.open("/budgets", year="2026"))
    assert finance.send(path, **given).status_code == 302
    assert "预算 120,000.00" in words_of(finance.open("/budgets", year="2026"))
    assert 'name="version" value="1"' in finance.open(path).text
    assert finance.send(path, **given).status_code == 412
    assert "最多两位小数" in words_of(finance.send(path, **given | {"amount": "1.005"}))
    assert finance.send(path, **given | {"amount": "90000"}, version=1).status_code == 302
    assert [row.amount_fen for row in db.session.query(SubsidyBudget)] == [9_000_000]
