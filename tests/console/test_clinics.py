"""Clinics at the console: the week calendar, planning with a preview, one clinic, changing and cancelling."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.rules.planning import Channel
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.support.clinics import make_booking, make_clinic, make_patient, places_of
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch, make_person

MONDAY = clock.today() + timedelta(days=14 - clock.today().weekday())


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, sites=[county.site])


@pytest.fixture
def desk(app: Flask, county: County) -> Office:
    return Office(app, make_person(county.township, "韦丽华", roles=[Role.DESK]), Role.DESK)


def plan_form(dispatch: Dispatch, county: County, **changes: Any) -> dict[str, Any]:
    given = {
        "dispatch_id": str(dispatch.id),
        "site_id": str(county.site.id),
        "repeat": "weekly",
        "weekdays": ["1", "3"],
        "first": str(MONDAY),
        "last": str(MONDAY + timedelta(days=13)),
        "release_days": "7",
        "release_time": "08:00",
        "overflow_hours": "24",
        "phone_minutes": "60",
        "fee": "15",
        "starts_0": "08:00",
        "ends_0": "09:00",
        "phone_0": "4",
        "desk_0": "2",
        "starts_1": "",
        "phone_1": "",
    }
    return given | changes


def clinics() -> list[Clinic]:
    return list(db.session.scalars(select(Clinic).order_by(Clinic.held_on)))


def test_a_plan_is_previewed_with_its_lunar_days_and_saved(office: Office, county: County, dispatch: Dispatch) -> None:
    chosen = words_of(office.open("/clinics/new", dispatch_id=str(dispatch.id)))
    assert "青石镇中心卫生院 院本部" in chosen
    days = words_of(office.send("/clinics/new/days", **plan_form(dispatch, county)))
    assert "共 4 天" in days
    assert f"{MONDAY} 周一" in days
    assert clinics() == []
    answer = office.send("/clinics/new", **plan_form(dispatch, county))
    assert answer.status_code == 302
    assert answer.location.endswith(f"/console/clinics?week={MONDAY}")
    assert [(clinic.held_on - MONDAY).days for clinic in clinics()] == [0, 2, 7, 9]
    assert {clinic.fee_fen for clinic in clinics()} == {1500}
    assert "安排坐诊" in words_of(office.open("/clinics", week=str(MONDAY)))
    assert db.session.scalars(select(AuditEvent.action)).one() == "plan_clinics"


def test_market_days_are_planned_and_some_left_out(office: Office, county: County, dispatch: Dispatch) -> None:
    form = plan_form(dispatch, county, repeat="digits", digits=["3", "8"], last=str(MONDAY + timedelta(days=29)))
    words = words_of(office.send("/clinics/new/days", **form))
    assert "初三" in words or "初八" in words
    office.send("/clinics/new", **form)
    planned = clinics()
    assert len(planned) >= 5
    again = plan_form(
        dispatch,
        county,
        repeat="dates",
        dates=f"{MONDAY + timedelta(days=31)}\n{MONDAY + timedelta(days=33)}",
        first=None,
        last=None,
        without=[str(MONDAY + timedelta(days=33))],
    )
    office.send("/clinics/new", **again)
    assert len(clinics()) == len(planned) + 1


def test_days_that_cannot_be_are_shown_and_nothing_is_planned(
    office: Office, county: County, dispatch: Dispatch
) -> None:
    rest = Range(MONDAY, MONDAY + timedelta(days=1))
    db.session.add(Suspension(id=new_id(), dispatch_id=dispatch.id, during=rest, reason="病假"))
    answer = office.send("/clinics/new", **plan_form(dispatch, county))
    assert answer.status_code == 409
    words = words_of(answer)
    assert "派驻在此期间暂停" in words
    assert "1 天不能安排" in words
    assert clinics() == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"desk_0": "0"}, "现场号源不能为零"),
        ({"ends_0": "07:00"}, "结束时间须晚于开始时间"),
        ({"starts_1": "08:30", "ends_1": "09:30", "desk_1": "1"}, "不能重叠"),
        ({"starts_1": "09:30"}, "第2个时段请填写开始和结束时间"),
        ({"phone_0": "-1"}, "号源数应在0到300之间"),
        ({"phone_0": "x"}, "请填写整数"),
        ({"starts_0": "25:00"}, "请填写时间"),
        ({"weekdays": []}, "请选择在哪些天坐诊"),
        ({"first": ""}, "请填写起止日期"),
        ({"last": str(MONDAY - timedelta(days=1))}, "结束日期早于开始日期"),
        ({"repeat": "dates", "dates": "下周三"}, "不是日期"),
        ({"fee": "-1"}, "0到10000之间"),
        ({"note": "长" * 201}, "控制在200字以内"),
        ({"surplus": "1"}, "请刷新页面后重新填写"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    office: Office, county: County, dispatch: Dispatch, changes: dict[str, Any], word: str
) -> None:
    answer = office.send("/clinics/new", **plan_form(dispatch, county, **changes))
    assert answer.status_code == 422
    assert word in words_of(answer)
    assert 'value="08:00"' in answer.text
    assert clinics() == []


def test_the_week_shows_who_is_there_what_is_planned_and_conflicts(
    office: Office, desk: Office, bureau: Office, stranger: Office, county: County, dispatch: Dispatch
) -> None:
    clinic = make_clinic(county.doctor, county.site, held_on=MONDAY)
    make_booking(clinic, make_patient("罗桂兰"))
    idle = make_person(county.hospital, "马向东")
    make_dispatch(idle, county.other_township)
    words = words_of(office.open("/clinics", week=str(MONDAY + timedelta(days=3))))
    assert "09:00–10:00 约 1/4" in words
    assert "这一周在点、没有坐诊的 1 人" in words
    rest = Range(MONDAY, MONDAY + timedelta(days=1))
    db.session.add(Suspension(id=new_id(), dispatch_id=dispatch.id, during=rest, reason="病假"))
    for someone in (office, desk, bureau):
        page = someone.open("/clinics", week=str(MONDAY), recipient=str(county.township.id))
        assert "1 次有冲突" in words_of(page)
        assert "罗桂兰" not in page.text
    assert "马向东" not in words_of(desk.open("/clinics", week=str(MONDAY)))
    assert "09:00–10:00" not in words_of(stranger.open("/clinics", week=str(MONDAY)))
    assert "这一周没有坐诊" in words_of(office.open("/clinics", week=str(MONDAY + timedelta(days=7))))


def test_one_clinic_shows_its_places_by_period_and_channel(desk: Office, county: County, dispatch: Dispatch) -> None:
    clinic = make_clinic(county.doctor, county.site, held_on=MONDAY)
    make_booking(clinic, make_patient())
    places_of(clinic)[3].extra = True
    words = words_of(desk.open(f"/clinics/{clinic.id}"))
    assert "09:00–10:00 2 / 3 — — — 1 / 1" in words
    assert "已约 1" in words


def test_a_clinic_is_changed_on_its_page(office: Office, county: County, dispatch: Dispatch) -> None:
    clinic = make_clinic(county.doctor, county.site, held_on=MONDAY)
    page = office.open(f"/clinics/{clinic.id}/change")
    assert 'name="phone_0" aria-label="手机预约" value="3"' in page.text
    form = {
        "version": "1",
        "fee": "7.5",
        "note": "带旧片子",
        "starts_0": "09:00",
        "ends_0": "10:00",
        "phone_0": "5",
        "desk_0": "1",
    }
    assert office.send(f"/clinics/{clinic.id}/change", **form).status_code == 302
    db.session.refresh(clinic)
    assert (clinic.fee_fen, clinic.note, clinic.version) == (750, "带旧片子", 2)
    phones = [place for place in places_of(clinic) if place.channel is Channel.PHONE]
    assert len(phones) == 5
    assert office.send(f"/clinics/{clinic.id}/change", **form).status_code == 412
    refused = office.send(f"/clinics/{clinic.id}/change", **form | {"version": "2", "desk_0": "0"})
    assert "现场号源不能为零" in words_of(refused)


def test_an_unreleased_clinic_is_cancelled_and_a_released_one_is_not(
    office: Office, county: County, dispatch: Dispatch
) -> None:
    unreleased = make_clinic(county.doctor, county.site, held_on=MONDAY, released=False)
    released = make_clinic(county.doctor, county.site, held_on=MONDAY + timedelta(days=1))
    assert "取消这次坐诊" in words_of(office.open(f"/clinics/{unreleased.id}"))
    office.send(f"/clinics/{unreleased.id}/cancel", version="1")
    answer = office.send(f"/clinics/{released.id}/cancel", version="1")
    assert "请办理停诊" in words_of(office.open(answer.location.removeprefix("/console")))
    assert clinics() == [released]
    assert db.session.scalars(select(ClinicPlace.clinic_id).distinct()).all() == [released.id]


def test_who_only_reads_is_given_no_way_to_plan(bureau: Office, county: County, dispatch: Dispatch) -> None:
    clinic = make_clinic(county.doctor, county.site, held_on=MONDAY)
    for path in ("/clinics", f"/clinics/{clinic.id}"):
        page = bureau.open(path, **({"week": str(MONDAY)} if path == "/clinics" else {}))
        assert "安排坐诊" not in words_of(page)
        assert "修改" not in words_of(page).replace("改密码", "")
    assert bureau.open("/clinics/new").status_code == 403


def test_an_odd_week_is_this_week(office: Office, county: County) -> None:
    for week in ("", "2026-99-99", "heute"):
        assert office.open("/clinics", week=week).status_code == 200
    far = date(2099, 12, 31)
    assert office.open("/clinics", week=str(far)).status_code == 200
