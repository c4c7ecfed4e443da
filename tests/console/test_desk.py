"""The desk at its browser: a day's clinics, arrivals by scanner, number and name, walk-ins, batches, appeals, paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus, PlaceState
from backend.domain.clinics.service.no_shows import mark_no_show
from backend.domain.clinics.service.tickets import ticket_of
from backend.domain.patients.models import Patient
from backend.extensions import db
from backend.foundation import clock as the_clock
from backend.foundation.actor import Role
from tests.clinics.desk_world import DAY, Desk, at, make_desk
from tests.support.clinics import make_clinic, make_patient
from tests.support.console import Office, words_of
from tests.support.factories import make_person


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask, clock: time_machine.Traveller) -> Desk:
    return make_desk()


@pytest.fixture
def clerk(app: Flask, desk: Desk) -> Office:
    return Office(app, desk.person, Role.DESK)


@pytest.fixture
def path(desk: Desk) -> str:
    return f"/desk/clinics/{desk.clinic.id}"


def status_of(booking: Booking) -> BookingStatus:
    db.session.expire_all()
    return db.session.get_one(Booking, booking.id).status


def test_the_desk_begins_with_the_clinics_of_today(clerk: Office, desk: Desk) -> None:
    desk.book(1)
    assert clerk.open("/").location.endswith("/console/desk")
    words = words_of(clerk.open("/desk"))
    assert "吕芬春主治医师 门诊中 08:30 – 10:30 · 院本部 预约 1 未到 1 候诊 0 已就诊 0 未到诊 0 余号 7" in words
    assert "这一天没有专家门诊" in words_of(clerk.open("/desk", day="2026-09-03"))


def test_what_is_to_come_can_be_closed_from_there(
    app: Flask, desk: Desk, path: str, clock: time_machine.Traveller
) -> None:
    clerk = Office(app, desk.person, Role.DESK)
    link = f"/console/closures/new/{desk.clinic.id}"
    assert link in clerk.open(path).text
    assert clerk.open(link.removeprefix("/console")).status_code == 200
    clock.move_to(at(10, 30))
    assert link not in Office(app, desk.person, Role.DESK).open(path).text


def test_a_scanner_registers_and_says_so_when_it_reads_twice(clerk: Office, desk: Desk, path: str) -> None:
    booking = desk.book(1)
    scanned = ticket_of(booking.id)

    first = clerk.send(f"{path}/scan", scan=f" {scanned}\n")
    assert first.status_code == 303
    assert "1号 欧**珠：已登记到诊" in words_of(clerk.open(path))
    assert status_of(booking) is BookingStatus.ARRIVED
    clerk.send(f"{path}/scan", scan=scanned)
    assert "此前已到诊（09:00）" in words_of(clerk.open(path))


def test_a_forged_code_another_hospitals_code_and_a_free_number_are_refused_in_words(
    clerk: Office, desk: Desk, path: str
) -> None:
    real = ticket_of(desk.book(1).id)
    foreign = ticket_of(make_desk().book(1).id)
    for scanned, told in (
        (real[:-1] + ("A" if real[-1] != "A" else "B"), "这不是有效的预约二维码"),
        (foreign, "本单位没有这个预约"),
        ("7", "没有人预约这个序号"),
        ("x" * 101, "内容过长"),
    ):
        response = clerk.send(f"{path}/scan", scan=scanned)
        assert response.status_code == 422, scanned
        assert told in words_of(response)
    assert "请填写" in words_of(clerk.send(f"{path}/scan", scan=""))


def test_a_number_of_any_width_and_a_name_find_somebody(clerk: Office, desk: Desk, path: str) -> None:
    first, second = desk.book(1), desk.book(2)
    clerk.send(f"{path}/scan", scan="２号")
    assert status_of(second) is BookingStatus.ARRIVED
    found = words_of(clerk.send(f"{path}/scan", scan="欧阳"))
    assert "姓名含“欧阳”的 1 人" in found
    assert "欧**珠" in found
    assert "赵*贵" not in found.split("姓名含")[1]
    assert status_of(first) is BookingStatus.BOOKED


def test_rows_are_pressed_and_answer_as_a_part_of_the_page(app: Flask, clerk: Office, desk: Desk, path: str) -> None:
    booking = desk.book(1)
    for version, act, told in (
        (1, "arrive", "已登记到诊"),
        (2, "withdraw", "已撤销到诊登记"),
        (3, "arrive", "已登记到诊"),
        (4, "call", "请就诊"),
        (5, "fulfil", "已登记就诊"),
    ):
        clerk.send(f"/desk/bookings/{booking.id}", version=version, act=act)
        assert told in words_of(clerk.open(path))
    assert status_of(booking) is BookingStatus.FULFILLED
    stale = clerk.send(f"/desk/bookings/{booking.id}", version=1, act="arrive")
    assert stale.status_code == 412
    assert clerk.send(f"/desk/bookings/{booking.id}", version=1, act="shout").status_code == 422
    part = clerk.refresh(path, "day")
    assert part.text.lstrip().startswith('<div id="day"')


def test_who_calls_to_cancel_is_cancelled(clerk: Office, desk: Desk, path: str) -> None:
    booking = desk.book(5)
    assert "确认取消预约" in words_of(clerk.open(path))
    clerk.send(f"/desk/bookings/{booking.id}", version=1, act="cancel")
    assert status_of(booking) is BookingStatus.CANCELLED
    assert "5号 欧**珠：已取消预约，号已退回" in words_of(clerk.open(path))


def test_the_next_is_called(clerk: Office, desk: Desk, path: str) -> None:
    for number in (5, 2):
        desk.book(number)
        clerk.send(f"{path}/scan", scan=str(number))
    assert "下一位 2号 赵*贵 ，候诊 2 人" in words_of(clerk.open(path))
    clerk.send(f"{path}/next")
    words = words_of(clerk.open(path))
    assert "请 2号 赵*贵 就诊" in words
    assert "下一位 5号" in words
    clerk.send(f"{path}/next")
    assert "没有候诊的患者" in words_of(clerk.send(f"{path}/next"))


def test_a_no_show_is_offered_when_the_period_is_over(
    app: Flask, desk: Desk, path: str, clock: time_machine.Traveller
) -> None:
    booking = desk.book(1)
    clock.move_to(at(9, 30))
    clerk = Office(app, desk.person, Role.DESK)
    assert "确认未到诊" in words_of(clerk.open(path))
    clerk.send(f"/desk/bookings/{booking.id}", version=1, act="no_show")
    assert status_of(booking) is BookingStatus.NOSHOW


def test_a_batch_is_entered_from_paper(app: Flask, desk: Desk, path: str, clock: time_machine.Traveller) -> None:
    seen, missed, late = desk.book(1), desk.book(2), desk.book(3)
    clock.move_to(at(15))
    clerk = Office(app, desk.person, Role.DESK)
    page = clerk.open(f"{path}/afterwards")
    assert re.findall(r'name="shown" value="([^"]+)"', page.text) == [f"{b.id}:1" for b in (seen, missed, late)]
    assert "还没有选择" in words_of(clerk.send(f"{path}/afterwards", shown=f"{seen.id}:1"))

    given = {f"visit-{seen.id}": "fulfilled", f"visit-{late.id}": "none"}
    answer = words_of(
        clerk.send(
            f"{path}/afterwards", shown=[f"{seen.id}:1", f"{missed.id}:1", f"{late.id}:1"], rest="noshow", **given
        )
    )

    assert "已登记 2 人" in answer
    assert [status_of(one).value for one in (seen, missed, late)] == ["fulfilled", "noshow", "booked"]
    stale = words_of(clerk.send(f"{path}/afterwards", shown=[f"{late.id}:9"], rest="fulfilled"))
    assert "1 人没有登记" in stale
    assert "已被他人修改" in stale


def test_who_walks_in_is_found_or_registered_and_booked(clerk: Office, desk: Desk, path: str) -> None:
    assert "没有找到" in words_of(clerk.send(f"{path}/walk-in/find", name="杨秀英"))
    registered = clerk.send(
        f"{path}/walk-in/register", name="杨秀英", sex="female", born_on="1956-03-15", identity_kind="desk_word"
    )
    assert "已登记，请继续挂号" in words_of(registered)
    patient = db.session.scalars(select(Patient).where(Patient.name == "杨秀英")).one()
    assert re.search(rf'value="{patient.id}" required checked', registered.text)

    key = re.search(r'name="key" value="([^"]+)"', registered.text)
    assert key
    booked = clerk.send(f"{path}/walk-in", patient_id=patient.id, key=key[1], arrived="yes")
    assert booked.status_code == 303
    assert "已挂号：4号 杨*英，08:30–09:30，已登记到诊" in words_of(clerk.open(path))
    assert "女 70岁" in words_of(clerk.open(path))


def test_an_extra_place_is_given_when_the_clinic_is_full_and_not_when_it_is_closed(
    clerk: Office, desk: Desk, path: str
) -> None:
    patient = make_patient()
    for place in desk.places:
        place.state = PlaceState.BOOKED
    db.session.commit()
    given = {"patient_id": patient.id, "key": "walk-in-key"}
    full = clerk.send(f"{path}/walk-in", **given)
    assert full.status_code == 409
    assert "号已约满" in words_of(full)
    clerk.send(f"{path}/walk-in", extra="yes", arrived="yes", **given)
    words = words_of(clerk.open(path))
    assert "已加号：9号" in words
    desk.clinic.status = ClinicStatus.CLOSED
    db.session.commit()
    closed = clerk.send(f"{path}/walk-in", patient_id=make_patient().id, key="another-key", extra="yes")
    assert closed.status_code == 409
    assert "不能挂号" in words_of(closed)
    assert "已停诊" in words_of(clerk.open(path))


def test_a_form_that_lacks_something_says_what(clerk: Office, path: str) -> None:
    assert "至少一项" in words_of(clerk.send(f"{path}/walk-in/find"))
    assert "前两个字" in words_of(clerk.send(f"{path}/walk-in/find", name="杨"))
    refused = clerk.send(
        f"{path}/walk-in/register", name="杨😀英", identity_kind="id_card", identity_number="1", sex="male"
    )
    assert refused.status_code == 422
    assert "删除表情" in words_of(refused)
    assert "请先查找或登记患者" in words_of(clerk.send(f"{path}/walk-in", key="walk-in-key"))


def test_an_appeal_is_decided_with_a_reason_by_a_colleague(
    app: Flask, desk: Desk, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(11))
    clerk = Office(app, desk.person, Role.DESK)
    assert "没有待处理的申诉" in words_of(clerk.open("/desk/appeals"))
    booking = desk.book(1)
    mark_no_show(desk.actor, booking.id, 1)
    booking.appeal, booking.appealed_at = "山路塌方，车过不来", the_clock.now()
    db.session.commit()
    colleague = Office(app, make_person(desk.county.township, "何小玲", roles=[Role.DESK]), Role.DESK)

    assert "由服务台的其他人处理" in words_of(clerk.open("/desk/appeals"))
    assert "1 项未到诊申诉待处理" in words_of(colleague.open("/desk"))
    given = {"version": booking.version, "decision": "excused"}
    lacking = colleague.send(f"/desk/appeals/{booking.id}", **given)
    assert lacking.status_code == 422
    assert "请填写处理理由" in words_of(lacking)
    assert colleague.send(f"/desk/appeals/{booking.id}", reason="道路中断属实", **given).status_code == 303
    db.session.expire_all()
    assert booking.appeal_decision is AppealDecision.EXCUSED


def test_the_list_prints_and_who_printed_it_is_on_record(clerk: Office, desk: Desk, path: str) -> None:
    desk.book(1)
    response = clerk.open(f"{path}/list.pdf")
    assert response.data.startswith(b"%PDF")
    assert response.mimetype == "application/pdf"
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "print_day_list")).one()
    assert event.details["people"] == 1


def test_other_roles_and_other_hospitals_do_not_get_in(app: Flask, desk: Desk, path: str) -> None:
    booking = desk.book(1)
    director = Office(app, desk.county.director, Role.DIRECTOR)
    expert = Office(app, desk.county.doctor, Role.STAFF)
    elsewhere = Office(app, make_person(desk.county.other_township, roles=[Role.DESK]), Role.DESK)
    for office, code in ((director, 403), (expert, 403), (elsewhere, 404)):
        assert office.open(path).status_code == code
        assert office.send(f"/desk/bookings/{booking.id}", version=1, act="arrive").status_code == code
        assert office.open(f"{path}/list.pdf").status_code == code
    assert elsewhere.open("/desk").status_code == 200
    assert director.open("/desk").status_code == 403
    assert status_of(booking) is BookingStatus.BOOKED


def test_tomorrows_clinic_is_booked_and_not_received(clerk: Office, desk: Desk) -> None:
    tomorrow = make_clinic(make_person(desk.county.hospital), desk.county.site, held_on=DAY.replace(day=3))
    patient = make_patient()
    db.session.commit()
    path = f"/desk/clinics/{tomorrow.id}"
    assert "还没有到就诊日" in words_of(clerk.open(path))
    clerk.send(f"{path}/walk-in", patient_id=patient.id, key="in-advance")
    assert "4号 罗*兰" in words_of(clerk.open(path))
    assert "还没有到就诊日" in words_of(clerk.send(f"{path}/scan", scan="4"))
