"""From the code on a paper to its record: the sheet for who may read it, the least that is needed for anybody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from redis import Redis

from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.service.timesheets import countersign_timesheet
from backend.domain.attendance.service.verification import masked_name
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.weeks import FIRST, IN_NOVEMBER, hand_in, live_week


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield


@pytest.fixture
def signed(county: County) -> Timesheet:
    sheet = hand_in(live_week(county.doctor, county.township, missed=[FIRST]), remark="内部备注")
    return countersign_timesheet(county.recipient, sheet.id, sheet.version)


@pytest.fixture
def code(signed: Timesheet) -> str:
    assert signed.verification_code
    return signed.verification_code


def test_who_may_read_the_sheet_is_led_to_it(office: Office, director: Office, signed: Timesheet, code: str) -> None:
    for reader in (office, director):
        address = f"/timesheets/{signed.dispatch_id}/2026-10"
        assert reader.open("/verify", code=code).location == f"/console{address}"
        assert "核验通过" in words_of(reader.open(address))


def test_anybody_else_is_told_what_is_needed_to_compare_and_nothing_else(
    app: Flask, stranger: Office, admin: Office, county: County, code: str
) -> None:
    guest = app.test_client().get("/console/verify", query_string={"code": code})
    expected = (
        "核验通过 考勤表 受援单位 青石镇中心卫生院 月份 2026年10月 姓名 吕** "
        "实出勤 4 天 会签日期 2026-11-09 与本页一致即为有效。"
    )
    assert words_of(guest) == expected
    for other in (stranger, admin):
        words = words_of(other.open("/verify", code=code))
        assert expected in words
        assert "吕芬春" not in words
        assert county.doctor.staff_number not in words
        assert "内部备注" not in words


def test_a_code_may_be_typed_as_people_type(app: Flask, code: str) -> None:
    spaced = " ".join(code[at : at + 4] for at in range(0, 16, 4))
    wide = code.translate({ord(letter): ord(letter) + 0xFEE0 for letter in code})
    for typed in (spaced, spaced.lower(), spaced.replace(" ", "-"), f"　{wide} "):
        assert "核验通过" in words_of(app.test_client().get("/console/verify", query_string={"code": typed})), typed


@pytest.mark.parametrize("typed", ["ABCDEFGHJKMNPQRS", "核验码", "x" * 3000, "-"])
def test_an_unknown_code_is_said_clearly(app: Flask, signed: Timesheet, typed: str) -> None:
    answer = app.test_client().get("/console/verify", query_string={"code": typed})
    assert answer.status_code == 404
    assert "没有这个核验码对应的文件" in words_of(answer)


def test_without_a_code_it_is_asked_for(app: Flask, office: Office) -> None:
    for typed in ("", " ", "\0"):
        answer = app.test_client().get("/console/verify", query_string={"code": typed})
        assert answer.status_code == 200
        assert "输入考勤表、服务证明等纸质文件上的核验码" in words_of(answer)
    assert "输入考勤表、服务证明等纸质文件上的核验码" in words_of(office.open("/verify"))


def test_codes_cannot_be_tried_one_after_the_other(app: Flask, code: str) -> None:
    guest = app.test_client()
    for number in range(30):
        assert guest.get(f"/console/verify?code=WRONG{number}").status_code == 404
    refused = guest.get(f"/console/verify?code={code}")
    assert refused.status_code == 429
    assert "尝试次数过多" in words_of(refused)


def test_right_codes_are_never_too_many(app: Flask, code: str, redis: Redis) -> None:
    guest = app.test_client()
    assert {guest.get(f"/console/verify?code={code}").status_code for _ in range(40)} == {200}


def test_a_session_that_has_ended_is_a_guest(app: Flask, code: str) -> None:
    guest = app.test_client()
    with guest.session_transaction() as session:
        session["token"] = "nobody's"
    assert "吕**" in words_of(guest.get("/console/verify", query_string={"code": code}))


@pytest.mark.parametrize(
    ("name", "masked"), [("吕芬春", "吕**"), ("吕芬", "吕*"), ("吕", "吕*"), ("欧阳修文", "欧***")]
)
def test_a_name_is_masked_but_for_its_first_character(name: str, masked: str) -> None:
    assert masked_name(name) == masked
