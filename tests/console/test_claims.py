"""Subsidies at the console: the desk and its order, approving together, one claim with its why, the list as a file."""

from __future__ import annotations

import io
import re
from dataclasses import fields, replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from backend.console.claims.forms import ListForm
from backend.domain.accounts.models import Person
from backend.domain.exports.models import Export
from backend.domain.subsidies.errors.exports import NoClaimsToExport
from backend.domain.subsidies.models.approvals import ApprovalChain
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.queries.claims import ClaimFilter
from backend.domain.subsidies.queries.filtering import filter_of, query_of
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.claims import approve_claim
from backend.domain.subsidies.service.exports import request_claims
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.errors import StaleVersion
from backend.jobs.exports import make_export
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch, make_person
from tests.support.statements import counted_statements
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
DESK = {"waiting": "true"}


@pytest.fixture
def chain(county: County) -> ApprovalChain:
    return make_chain(county.hospital)


@pytest.fixture
def rule(county: County) -> SubsidyRule:
    return make_rule(make_item(make_programme(county.hospital)))


@pytest.fixture
def finance(county: County) -> Person:
    return make_person(county.hospital, "何婉清", roles=[Role.FINANCE])


@pytest.fixture
def claim_of(county: County, chain: ApprovalChain, rule: SubsidyRule) -> Any:
    """Return what hands in the claim of somebody new for so many days of October, and of September if told."""

    def make(who: str | Person, days: int = 10, *, before: int | None = None, **more: Any) -> SubsidyClaim:
        person = who if isinstance(who, Person) else make_person(county.hospital, who)
        dispatch = make_dispatch(person, county.township, starts_on=date(2026, 7, 1))
        if before is not None:
            september = make_month(dispatch, SEPTEMBER, working_days(SEPTEMBER)[:before])
            make_claim(dispatch, SEPTEMBER, status=ClaimStatus.APPROVED, rule=rule, timesheet=september, chain=chain)
        october = make_month(dispatch, OCTOBER, working_days(OCTOBER)[:days])
        given = {"status": ClaimStatus.SUBMITTED, "rule": rule, "timesheet": october, "chain": chain, **more}
        return make_claim(dispatch, OCTOBER, **given)

    return make


def chosen_on(text: str) -> set[str]:
    return set(re.findall(r'name="chosen" value="([0-9a-f-]{36})"[^>]* checked', text))


def shown(claim: SubsidyClaim) -> str:
    return f"{claim.id}:{claim.version}"


def test_the_desk_has_what_waits_for_me_what_needs_an_eye_first_and_the_clean_ones_chosen(
    office: Office, claim_of: Any
) -> None:
    clean, odd = claim_of("安如旧", 10, before=10), claim_of("变很多", 15, before=10)
    claim_of("到财务", step=2)
    claim_of("已批准", status=ClaimStatus.APPROVED)
    answer = office.open("/claims")
    words = words_of(answer)
    assert "待我审批 2" in words
    assert words.index("变很多") < words.index("安如旧")
    assert "到财务" not in words
    assert "已批准" not in words
    assert "合计 250.00 元" in words
    assert "需要留意 1 笔、 150.00 元" in words
    assert "比同一人上月 +50.00 元（上月 200.00 元）" in words
    assert "+50.00 +50%" in words
    assert chosen_on(answer.text) == {str(clean.id)}
    assert str(odd.id) in answer.text


def test_nobody_finds_their_own_claim_on_their_desk(app: Flask, county: County, claim_of: Any) -> None:
    both = make_person(county.hospital, "双身份", roles=[Role.MEDICAL_AFFAIRS])
    claim = claim_of("别人的")
    claim_of(both)
    words = words_of(Office(app, both, Role.MEDICAL_AFFAIRS).open("/claims"))
    assert claim.person.name in words
    assert "双身份" not in words


def test_who_only_reads_sees_the_list_with_its_states_and_chooses_nothing(
    app: Flask, county: County, claim_of: Any
) -> None:
    claim_of("安如旧")
    claim_of("已批准", status=ClaimStatus.APPROVED)
    answer = Office(app, county.director, Role.DIRECTOR).open("/claims")
    words = words_of(answer)
    assert "审批中 科室" in words
    assert "待发放" in words
    assert 'name="chosen"' not in answer.text


def test_before_the_deed_each_is_named_whole_and_nothing_is_done(office: Office, claim_of: Any) -> None:
    clean, odd = claim_of("安如旧", 10, before=10), claim_of("变很多", 15, before=10)
    other = claim_of("到财务", step=2)
    answer = office.open("/claims/approve", chosen=[clean.id, odd.id, other.id])
    words = words_of(answer)
    assert "确认同意以下 2 笔，合计 250.00 元" in words
    assert "其中需要留意 1 笔、 150.00 元" in words
    assert words.index("变很多") < words.index("安如旧")
    assert "下乡补贴 150.00" in words
    assert "以下 1 笔现在不由您审批" in words
    assert shown(other) not in answer.text
    db.session.expire_all()
    assert clean.status is ClaimStatus.SUBMITTED
    assert clean.step == 1


def test_approving_together_tells_what_was_done_and_what_was_left_with_its_reason(
    app: Flask, office: Office, county: County, claim_of: Any
) -> None:
    clean, changed = claim_of("安如旧"), claim_of("变很多")
    seen = [shown(clean), shown(changed)]
    changed.version += 1  # somebody returned it, and it was handed in again
    db.session.commit()
    words = words_of(office.send("/claims/approve", chosen=seen))
    assert "已同意 1 笔，合计 100.00 元" in words
    assert "1 笔没有办理" in words
    assert StaleVersion().text in words
    assert (clean.step, changed.step) == (2, 1)
    again = words_of(office.send("/claims/approve", chosen=seen[:1]))
    assert "1 笔此前已由您同意，没有重复办理" in again
    assert clean.step == 2


def test_one_claim_tells_of_each_line_its_days_its_rule_its_document_and_who_decided(
    app: Flask, office: Office, county: County, finance: Person, claim_of: Any
) -> None:
    claim = claim_of("安如旧", 10)
    approve_claim(county.office, claim.id, claim.version)
    answer = Office(app, finance, Role.FINANCE).open(f"/claims/{claim.id}")
    words = words_of(answer)
    assert "10 天 × 10.00 元 = 100.00 元" in words
    assert "《关于对口支援人员补助的通知》云卫发〔2025〕12号" in words
    assert "科室 医务科 秦明永 同意" in words
    assert "财务 财务科 待审批" in words
    assert answer.text.count('class="cell good"') == 20


def test_a_claim_is_returned_with_a_reason_or_not_at_all(office: Office, claim_of: Any) -> None:
    claim = claim_of("安如旧")
    address = f"/claims/{claim.id}/return"
    refused = office.send(address, version=claim.version)
    assert refused.status_code == 422
    assert "请填写。" in words_of(refused)
    stale = office.send(address, version=claim.version - 1, reason="请补充票据")
    assert stale.status_code == 412
    assert "审批中" in words_of(office.open(f"/claims/{claim.id}"))
    office.send(address, version=claim.version, reason="请补充票据")
    assert claim.status is ClaimStatus.RETURNED
    assert "已退回本人，原因：请补充票据" in words_of(office.open(f"/claims/{claim.id}"))


def test_a_refusal_ends_it_with_its_reason(office: Office, claim_of: Any) -> None:
    claim = claim_of("安如旧")
    office.send(f"/claims/{claim.id}/reject", version=claim.version, refusal="当月未到岗")
    assert claim.status is ClaimStatus.REJECTED
    assert "不予发放，原因：当月未到岗" in words_of(office.open(f"/claims/{claim.id}"))


def test_a_refused_month_is_drafted_anew_once(office: Office, claim_of: Any) -> None:
    claim = claim_of("安如旧")
    office.send(f"/claims/{claim.id}/reject", version=claim.version, refusal="当月未到岗")
    assert "重新起草" in words_of(office.open(f"/claims/{claim.id}"))
    answer = office.send(f"/claims/{claim.id}/redraft")
    anew = db.session.scalars(select(SubsidyClaim).where(SubsidyClaim.status == ClaimStatus.DRAFT)).one()
    assert answer.location == f"/console/claims/{anew.id}"
    assert anew.total_fen == claim.total_fen
    again = office.send(f"/claims/{claim.id}/redraft")
    assert again.status_code == 409
    assert "该月已重新生成过" in words_of(again)


def test_the_list_as_a_file_has_each_claim_and_their_total(office: Office, claim_of: Any) -> None:
    claim_of("安如旧", 10, before=10)
    claim_of("=变很多", 15, before=10)
    words = words_of(office.open("/claims", waiting="false", month="2026-10"))
    assert "合计 250.00 元" in words
    office.send("/claims/exports", month="2026-10", waiting="false")
    export = db.session.scalars(select(Export)).one()
    make_export(str(export.id))
    answer = office.open(f"/exports/{export.id}/file.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    headings, *rows = list(sheet.iter_rows(min_row=2, values_only=True))
    total = rows.pop()
    cells = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    assert {name: row["金额（元）"] for name, row in cells.items()} == {"安如旧": 100, "=变很多": 150}
    assert cells["=变很多"]["与上月相差（元）"] == 50
    assert cells["安如旧"]["明细"] == "下乡补贴 100.00"
    assert total[0] == "合计 2 笔"
    assert dict(zip(headings, total, strict=True))["金额（元）"] == 250


def test_nothing_is_no_file(county: County) -> None:
    with pytest.raises(NoClaimsToExport):
        request_claims(county.office, ClaimFilter(month=OCTOBER))


def test_a_filter_reads_as_it_was_written() -> None:
    which = ClaimFilter(waiting=True, status=ClaimStatus.SUBMITTED, month=OCTOBER, text="安")
    assert filter_of(query_of(which)) == which
    assert query_of(replace(which, waiting=False, status=None, text="")) == {"month": "2026-10"}
    assert {one.name for one in fields(ClaimFilter)} <= set(ListForm().fields)


def test_the_desk_asks_the_database_five_times_at_most(office: Office, claim_of: Any, county: County) -> None:
    for number in range(8):
        claim_of(f"安如旧{number}", 10, before=10)
    db.session.expire_all()
    with counted_statements() as statements:
        office.open("/claims")
    with counted_statements() as of_the_session:
        office.open("/password")
    assert len(statements) - len(of_the_session) <= 5


def test_a_year_that_agrees_says_so_with_its_sums_by_state(office: Office, claim_of: Any) -> None:
    claim_of("安如旧", 10, before=10)
    claim_of("未到岗", 5, status=ClaimStatus.REJECTED)
    words = words_of(office.open("/claims/reconciliation", year="2026"))
    assert "各项相符" in words
    assert "应发 200.00 元" in words
    assert "尚未发放 200.00 元" in words
    assert "待发放 1 100.00" in words
    assert "合计，不含不予发放的 2 200.00" in words
    assert "这一年没有补贴" in words_of(office.open("/claims/reconciliation", year="2020"))


def test_what_does_not_agree_is_named_with_both_sums(office: Office, claim_of: Any) -> None:
    claim = claim_of("安如旧", 10)
    claim.total_fen += 5
    db.session.commit()
    words = words_of(office.open("/claims/reconciliation", year="2026"))
    assert "有 1 处不相符" in words
    assert "安如旧 2026年10月 青石镇中心卫生院 申领合计与明细之和不符 100.00 100.05" in words


def test_a_hospital_reconciles_its_own_and_a_bureau_all_below_it(
    stranger: Office, bureau: Office, claim_of: Any
) -> None:
    claim_of("安如旧", 10)
    assert "这一年没有补贴" in words_of(stranger.open("/claims/reconciliation", year="2026"))
    assert "应发 100.00 元" in words_of(bureau.open("/claims/reconciliation", year="2026"))
