"""Settings at the console."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.organisations.models import Setting
from backend.domain.organisations.queries import find_setting
from backend.domain.subsidies.queries.chains import find_chain
from backend.extensions import db
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_setting

TITLE = "dispatch.minimum_title"
AGE = "dispatch.maximum_age"
KEPT = "attendance.coordinates_kept_days"


def form(**changes: Any) -> dict[str, Any]:
    given = {
        "value": "55",
        "effective_on": "2026-01-01",
        "document_title": "对口支援管理办法",
        "document_number": "云卫发〔2026〕3号",
    }
    return given | changes


def test_what_decides_rights_has_no_preset_and_others_have(office: Office, county: County) -> None:
    words = words_of(office.open("/settings"))
    assert "派驻人员最低职称 未设置" in words
    assert "离线签到最迟补传天数 未设置" in words
    assert "原始坐标保存天数 90 （系统默认）" in words


def test_what_the_bureau_set_holds_below_it(office: Office, county: County) -> None:
    make_setting(county.bureau, TITLE, "主治医师", effective_on=date(2026, 1, 1))
    assert "主治医师 2026-01-01" in words_of(office.open("/settings"))
    assert "云岭县卫生健康局 （上级）" in words_of(office.open("/settings"))


def test_a_value_is_set_with_its_document_and_keeps_its_history(admin: Office, county: County) -> None:
    path = f"/settings/{county.hospital.id}/{AGE}"
    assert admin.send(path, **form()).status_code == 302
    assert admin.send(path, **form(value="50", effective_on="2026-06-01")).status_code == 302
    assert find_setting(AGE, county.hospital.id, date(2026, 3, 1)) == 55
    assert find_setting(AGE, county.hospital.id, date(2026, 7, 1)) == 50
    words = words_of(admin.open(path))
    assert "2026-06-01 现行 50 对口支援管理办法（云卫发〔2026〕3号）" in words
    assert "2026-01-01 55" in words


def test_an_empty_value_ends_a_setting(admin: Office, county: County) -> None:
    path = f"/settings/{county.hospital.id}/{AGE}"
    admin.send(path, **form())
    admin.send(path, **form(value="", effective_on="2026-06-01"))
    assert find_setting(AGE, county.hospital.id, date(2026, 7, 1)) is None
    assert "停止执行" in words_of(admin.open(path))


@pytest.mark.parametrize(
    ("key", "changes", "sentence"),
    [
        (AGE, {"document_title": "", "document_number": ""}, "请填写依据文件和文号"),
        (AGE, {"document_number": ""}, "依据文件和文号要一起填写"),
        (AGE, {"value": "五十五"}, "请填写整数"),
        (AGE, {"value": "7"}, "请填写18到80之间的整数"),
        (TITLE, {"value": "院士"}, "请从列表中选择"),
        (KEPT, {"effective_on": ""}, "请填写。"),
    ],
)
def test_what_is_wrong_is_said(admin: Office, county: County, key: str, changes: dict[str, Any], sentence: str) -> None:
    response = admin.send(f"/settings/{county.hospital.id}/{key}", **form(**changes))
    assert response.status_code == 422
    assert sentence in words_of(response)
    assert db.session.scalars(select(Setting)).all() == []


def test_the_same_day_is_not_overwritten(admin: Office, county: County) -> None:
    path = f"/settings/{county.hospital.id}/{AGE}"
    admin.send(path, **form())
    response = admin.send(path, **form(value="50"))
    assert response.status_code == 409
    assert "不能覆盖" in words_of(response)


def test_the_bureau_sets_for_those_below(bureau: Office, county: County) -> None:
    assert "云岭县人民医院" in bureau.open("/settings").text
    assert bureau.send(f"/settings/{county.hospital.id}/{AGE}", **form()).status_code == 302
    assert "55" in words_of(bureau.open("/settings", organisation=str(county.hospital.id)))


def test_readers_and_strangers(office: Office, stranger: Office, visitor: Office, county: County) -> None:
    path = f"/settings/{county.hospital.id}/{AGE}"
    assert "新的设置" not in words_of(office.open(path))
    assert office.send(path, **form()).status_code == 403
    assert visitor.open("/settings").status_code == 403
    assert stranger.open(path).status_code == 404
    assert stranger.open("/settings", organisation=str(county.hospital.id)).status_code == 404
    assert stranger.send(path, **form()).status_code == 404
    assert office.open(f"/settings/{county.hospital.id}/no.such.key").status_code == 404
    assert office.send(f"/settings/{county.hospital.id}/no.such.key", **form()).status_code == 404


def chain(**changes: Any) -> dict[str, Any]:
    given = {
        **{"label1": "经办", "role1": "medical_affairs"},
        **{"label2": "财务", "role2": "finance", "minimum2": "0"},
        **{"label4": "院长", "role4": "dean", "minimum4": "1,500.50"},
        "effective_on": "2026-01-01",
        "document_title": "补贴管理办法",
        "document_number": "云医发〔2026〕4号",
    }
    return given | changes


def test_a_chain_of_approvals_is_set_with_its_limits_and_document(admin: Office, county: County) -> None:
    path = f"/settings/{county.hospital.id}/approval-chain"
    assert "还没有设置" in words_of(admin.open(path))
    assert admin.send(path, **chain()).status_code == 302
    found = find_chain(county.hospital.id, date(2026, 1, 1))
    assert found is not None
    assert [(one.position, one.label, one.minimum_fen) for one in found.steps] == [
        *((1, "经办", 0), (2, "财务", 0)),
        (3, "院长", 150_050),
    ]
    words = words_of(admin.open(path))
    assert "1,500.50元以上" in words
    assert "财务科、院长身份的人数少于环节数" in words  # of which the county has one medical affairs alone
    assert "补贴管理办法（云医发〔2026〕4号）" in words


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"document_number": ""}, "请填写。"),
        ({"role2": ""}, "环节名称和审批身份要一起填写"),
        ({"role2": "director"}, "请选择由哪种身份审批"),
        ({"minimum2": "5.001"}, "请填写金额"),
        ({"minimum1": "1", "minimum2": "1"}, "至少有一个环节的起审金额为0"),
        ({"label2": "经办"}, "各环节的名称不能相同"),
    ],
)
def test_what_is_wrong_with_a_chain_is_said(
    admin: Office, county: County, changes: dict[str, Any], sentence: str
) -> None:
    response = admin.send(f"/settings/{county.hospital.id}/approval-chain", **chain(**changes))
    assert response.status_code == 422
    assert sentence in words_of(response)
    assert find_chain(county.hospital.id, date(2026, 1, 1)) is None


def test_a_second_chain_from_the_same_day_on_is_refused(admin: Office, county: County) -> None:
    path = f"/settings/{county.hospital.id}/approval-chain"
    admin.send(path, **chain())
    response = admin.send(path, **chain(label1="科室"))
    assert response.status_code == 409
    assert "这一天起已有审批流程" in words_of(response)
