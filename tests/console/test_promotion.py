"""Promotion in the console: rules between two people, the list, one person with papers, a certificate, the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from backend.domain.careers.models.promotion import EarlierService, PromotionRule, ServiceCertificate, ServiceRefusal
from backend.domain.exports.models import Export
from backend.domain.exports.service import open_export
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.jobs.exports import make_export
from tests.support.careers import make_promotion_rule, serve
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import acting, make_dispatch, make_person

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
PDF = b"%PDF-1.7\n%%EOF\n"
SERVICE = {
    "organisation_name": "石桥县中医医院",
    "starts_on": "2020-01-01",
    "ends_on": "2020-12-31",
    "served_days": "250",
    "document_title": "对口支援服务证明",
}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def personnel(app: Flask, county: County) -> Office:
    return Office(app, make_person(county.hospital, "方佩佩", roles=[Role.PERSONNEL]), Role.PERSONNEL)


def test_a_rule_goes_from_one_person_to_another(app: Flask, county: County, personnel: Office) -> None:
    dean = Office(app, make_person(county.hospital, "宋力", roles=[Role.DEAN]), Role.DEAN)
    form = {
        "title": "主治医师",
        "name": "本院附加条件",
        "starts_on": "2026-01-01",
        "measure": "served_days",
        "required_days": "180",
        "days_a_week": "3",
        "needs_evaluation": "yes",
        "document_title": "晋升管理办法",
    }
    refused = personnel.send("/promotion-rules/new", **form)
    assert refused.status_code == 422
    assert "请填写。" in words_of(refused)
    personnel.send("/promotion-rules/new", **form, document_number="云医发〔2026〕3号")
    rule = db.session.scalars(select(PromotionRule)).one()
    assert personnel.send(f"/promotion-rules/{rule.id}/approve", version="1").status_code == 409
    assert "批准 不批准" in words_of(dean.open("/promotion-rules"))
    dean.send(f"/promotion-rules/{rule.id}/approve", version="1")

    words = words_of(personnel.open("/promotion-rules"))
    assert "累计服务满180天（按实际在岗天数）；每周按3天在岗要求，未达到的周不计入；鉴定合格才计入。" in words
    assert "方佩佩 提出 宋力 批准 执行中" in words
    assert dean.send(f"/promotion-rules/{rule.id}/reject", version="1", reason="晚了").status_code == 412


def test_the_list_tells_who_may_apply_and_what_others_lack(county: County, personnel: Office) -> None:
    assert "还没有生效的晋升规则" in words_of(personnel.open("/promotion"))
    make_promotion_rule(county.bureau, required_days=30)
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 31))
    serve(dispatch, unsigned=[date(2026, 10, 1)])
    words = words_of(personnel.open("/promotion"))

    assert "云岭县人民医院在册 3 人，截至 2026-11-20：已符合 1 人，尚不符合 2 人" in words
    assert "主治医师 — 已符合 30 / 30 天" in words
    assert "医师法第四十六条：还差30天，现有派驻安排不够，须另行派驻 无法预计" in words
    assert "吕芬春" not in words_of(personnel.open("/promotion", verdict="no"))
    assert "没有符合条件的人员" in words_of(personnel.open("/promotion", missing="evaluation"))
    assert "已符合 0 人" in words_of(personnel.open("/promotion", on="2026-09-29"))
    assert "没有生效的规则" in words_of(personnel.open("/promotion", title="主任医师"))


def test_papers_make_somebody_eligible_and_a_certificate_says_so(county: County, personnel: Office) -> None:
    make_promotion_rule(county.bureau, refusal_blocks_months=24)
    page = f"/promotion/people/{county.doctor.id}"
    assert "出具服务证明" not in words_of(personnel.open(page))
    wrong = personnel.upload(f"{page}/services", PDF, "证明.pdf", **SERVICE | {"served_days": "400"})
    assert "实际天数应在1至366天之间。" in words_of(wrong)
    personnel.upload(f"{page}/services", PDF, "证明.pdf", **SERVICE)
    assert "合计：366天 ≥ 365天，天数符合" in words_of(personnel.open(page))
    service_id = only_id(EarlierService)
    assert personnel.open(f"/promotion/services/{service_id}/paper").data == PDF

    personnel.send(f"{page}/certificates", title="副主任医师")
    certificate_id = only_id(ServiceCertificate)
    assert personnel.open(f"/promotion/certificates/{certificate_id}.pdf").mimetype == "application/pdf"
    personnel.send(f"/promotion/certificates/{certificate_id}/revoke", reason="材料有误")
    assert "已作废 材料有误" in words_of(personnel.open(page))


def test_a_refusal_and_its_withdrawal_show(county: County, personnel: Office) -> None:
    make_promotion_rule(county.bureau, refusal_blocks_months=24)
    page = f"/promotion/people/{county.doctor.id}"
    personnel.send(f"{page}/refusals", refused_on="2026-05-01", reason="无正当理由")
    assert "拒绝派驻后24个月内不得申报，最早 2028-05-01" in words_of(personnel.open(page))
    personnel.send(f"/promotion/refusals/{only_id(ServiceRefusal)}/withdraw")
    assert "不得申报，最早" not in words_of(personnel.open(page))


def test_ones_own_record_is_for_others_to_keep(app: Flask, county: County) -> None:
    person = make_person(county.hospital, "方佩佩", roles=[Role.PERSONNEL])
    own = Office(app, person, Role.PERSONNEL)

    assert "须由其他人事科人员办理" in words_of(own.open(f"/promotion/people/{person.id}"))
    assert own.send(f"/promotion/people/{person.id}/services", **SERVICE).status_code == 409


def test_the_file_has_everybody_with_the_columns_of_the_assessment(app: Flask, county: County) -> None:
    person = make_person(county.hospital, "方佩佩", roles=[Role.PERSONNEL])
    make_promotion_rule(county.bureau, required_days=30)
    serve(make_dispatch(county.doctor, county.township, starts_on=date(2024, 12, 1), ends_on=date(2025, 1, 31)))
    asked = {"organisation": county.hospital.id, "title": "副主任医师", "on": "2026-11-20"}
    Office(app, person, Role.PERSONNEL).send("/promotion/exports", **asked)
    export_id = only_id(Export)
    make_export(str(export_id))
    with open_export(acting(person, Role.PERSONNEL), export_id) as file:
        sheet = load_workbook(io.BytesIO(file.read())).active
    assert sheet is not None
    _heading, head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    doctor = dict(zip(head, next(row for row in rows if row[0] == "吕芬春"), strict=True))

    assert len(rows) == 3
    assert (doctor["服务年限"], doctor["计入天数"], doctor["周期内支援天数"]) == ("符合", 62, 31)
    assert doctor["定期考核周期"] == "2025-01-01至2026-11-20"
    assert doctor["周期内实际在岗天数"] == 23  # Monday to Friday of January 2025, as `serve` served them


def only_id(model: type[EarlierService | ServiceCertificate | ServiceRefusal | Export]) -> UUID:
    return db.session.scalars(select(model.id)).one()
