"""Exceptions at the console: found, read, asked about, confirmed, judged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.rules.evidence import Confirmation, Judgement, Outcome
from backend.domain.attendance.service.reviews import explain_tap
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.encryption import encrypt
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch, make_person
from tests.support.timesheets import make_tap

YESTERDAY = clock.today() - timedelta(days=1)


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, sites=[county.site])


@pytest.fixture
def tap(dispatch: Dispatch) -> CheckIn:
    tap = make_tap(dispatch, YESTERDAY, Shift.MORNING, Outcome.SUSPECT)
    tap.reasons, tap.distance_m, tap.accuracy_m = ["outside_fence", "impossible_speed"], 3210, 15
    tap.location = encrypt("103.5,27.3", table="check_ins", column="location", row_id=tap.id)
    tap.note = "随村医入户"
    db.session.commit()
    return tap


def review() -> CheckInReview:
    db.session.expire_all()
    return db.session.scalars(select(CheckInReview)).one()


def test_the_office_finds_what_waits_and_reads_why(office: Office, tap: CheckIn) -> None:
    words = words_of(office.open("/exceptions"))
    for said in ("待核实 1", "吕芬春", "青石镇中心卫生院", "异常", "移动速度超出可能", "3.2 公里"):
        assert said in words
    words = words_of(office.open(f"/exceptions/{tap.id}"))
    for said in ("不在点内", "随村医入户", "还没有说明", "受援单位还没有确认", "查看原始定位", "判定优先于现场确认"):
        assert said in words


def test_what_was_decided_leaves_the_list_and_stays_among_all(office: Office, tap: CheckIn) -> None:
    sent = office.send(f"/exceptions/{tap.id}/judge", version="0", judgement="rejected", reason="值班表不符")
    assert sent.status_code == 302
    assert (review().judgement, review().judgement_reason) == (Judgement.REJECTED, "值班表不符")
    assert "没有待核实的签到" in words_of(office.open("/exceptions"))
    assert "不予认定" in words_of(office.open("/exceptions", state="all"))
    assert "不予认定：值班表不符 秦明永" in words_of(office.open(f"/exceptions/{tap.id}"))


def test_the_director_confirms_and_does_not_judge(director: Office, tap: CheckIn) -> None:
    page = words_of(director.open(f"/exceptions/{tap.id}"))
    assert "吕芬春当时是否在岗" in page
    for others in ("保存判定", "请本人说明", "查看原始定位"):
        assert others not in page
    assert director.send(f"/exceptions/{tap.id}/confirm", version="0", confirmation="present").status_code == 302
    assert review().confirmation is Confirmation.PRESENT
    assert "现场确认在岗 郑明卫" in words_of(director.open(f"/exceptions/{tap.id}"))
    judged = director.send(f"/exceptions/{tap.id}/judge", version="1", judgement="accepted", reason="在岗")
    assert judged.status_code == 403


def test_a_delegate_sees_what_is_to_be_confirmed(app: Flask, county: County, tap: CheckIn) -> None:
    delegate = Office(app, make_person(county.township, "何秋生", roles=[Role.DELEGATE]), Role.DELEGATE)
    assert "吕芬春" in words_of(delegate.open("/exceptions"))
    assert delegate.send(f"/exceptions/{tap.id}/confirm", version="0", confirmation="absent").status_code == 302


def test_who_was_too_late_sees_what_was_said_and_may_try_again(office: Office, county: County, tap: CheckIn) -> None:
    explain_tap(county.visitor, tap.id, "去村卫生室送药")
    late = office.send(f"/exceptions/{tap.id}/judge", version="0", judgement="accepted", reason="属实")
    assert late.status_code == 412
    assert "内容已被他人修改" in words_of(late)
    assert "去村卫生室送药" in words_of(late)
    assert 'name="version" value="1"' in late.text
    assert review().judgement is None
    again = office.send(f"/exceptions/{tap.id}/judge", version="1", judgement="accepted", reason="属实")
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"judgement": "accepted", "reason": ""}, "请填写。"),
        ({"judgement": "perhaps", "reason": "属实"}, "请从列表中选择。"),
        ({"reason": "属实"}, "请填写。"),
        ({"judgement": "accepted", "reason": "字" * 201}, "请控制在200字以内。"),
    ],
)
def test_a_judgement_that_is_incomplete_is_refused_with_words(
    office: Office, tap: CheckIn, fields: dict[str, str], sentence: str
) -> None:
    refused = office.send(f"/exceptions/{tap.id}/judge", version="0", **fields)
    assert refused.status_code == 422
    assert sentence in words_of(refused)
    assert db.session.scalars(select(CheckInReview)).all() == []


def test_the_one_concerned_is_asked_once_a_day(office: Office, county: County, tap: CheckIn) -> None:
    for _ in range(2):
        assert office.send(f"/exceptions/{tap.id}/question").status_code == 302
    notices = db.session.scalars(select(InboxItem).where(InboxItem.person_id == county.doctor.id)).all()
    assert [notice.title for notice in notices] == ["请说明一次签到"]
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "question_tap")).all()
    assert {event.organisation_id for event in events} == {county.hospital.id}


def test_filters_narrow_by_outcome_name_and_recipient(office: Office, county: County, tap: CheckIn) -> None:
    colleague = make_person(county.hospital, "沈雪远")
    elsewhere = make_dispatch(colleague, county.other_township)
    make_tap(elsewhere, YESTERDAY, Shift.MORNING, Outcome.UNCERTAIN)

    def found(**query: str) -> list[str]:
        rows = office.open("/exceptions", **query).text
        return [name for name in ("吕芬春", "沈雪远") if f">{name}</a>" in rows]

    assert found() == ["吕芬春", "沈雪远"]
    assert found(outcome="suspect") == ["吕芬春"]
    assert found(text="沈") == ["沈雪远"]
    assert found(recipient=str(county.township.id)) == ["吕芬春"]
    assert found(outcome="nonsense") == ["吕芬春", "沈雪远"]
    assert "没有符合条件的签到" in words_of(office.open("/exceptions", text="无此人"))


def test_other_taps_of_the_duty_are_shown_beside_it(office: Office, dispatch: Dispatch, tap: CheckIn) -> None:
    second = make_tap(dispatch, YESTERDAY + timedelta(days=1), Shift.MORNING)
    second.duty_on, second.effective = YESTERDAY, False
    db.session.commit()
    page = office.open(f"/exceptions/{tap.id}")
    assert f"/console/exceptions/{second.id}" in page.text
    assert "本次不计" in words_of(office.open(f"/exceptions/{second.id}"))


def test_a_dispatch_leads_to_the_exceptions_of_its_month(office: Office, dispatch: Dispatch, tap: CheckIn) -> None:
    page = office.open(f"/dispatches/{dispatch.id}", month=f"{YESTERDAY:%Y-%m}")
    assert f"/console/exceptions/{tap.id}" in page.text


def test_strangers_find_nothing(stranger: Office, tap: CheckIn) -> None:
    assert "没有待核实的签到" in words_of(stranger.open("/exceptions"))
    assert stranger.open(f"/exceptions/{tap.id}").status_code == 404
