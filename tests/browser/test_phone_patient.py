"""Patients on the phone: finding a clinic, booking, waiting, answering, changing, and what stands in the way."""

from __future__ import annotations

import base64
import io
from datetime import time, timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select
from stdnum.cn import ric

from backend.domain.accounts.models import Account, Person
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.waitlist import WaitlistEntry
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.rules import Relation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import make_account
from tests.support.clinics import link_patient, make_booking, make_clinic, make_patient
from tests.support.county import County
from tests.support.factories import make_department, make_dispatch, make_person
from tests.support.miniprogram import MiniProgram

_SEVENTEEN = "53062119550315002"
NUMBER = _SEVENTEEN + ric.calc_check_digit(_SEVENTEEN + "0")
WRONG_NUMBER = _SEVENTEEN + ("1" if NUMBER[-1] != "1" else "2")


@pytest.fixture
def expert(phone_county: County, phone_app: MiniProgram) -> Person:
    """Return an expert whose name no other test's clinics have."""
    expert = make_person(phone_county.hospital, f"卢{phone_app.openid[6:]}号", title="主任医师")
    make_dispatch(expert, phone_county.township, sites=[phone_county.site])
    return expert


@pytest.fixture
def clinic(phone_county: County, expert: Person) -> Clinic:
    """Return the expert's clinic of tomorrow, in two periods."""
    department = make_department(phone_county.township, "心内科")
    hours = ((time(9), time(10)), (time(10), time(11)))
    clinic = make_clinic(expert, phone_county.site, periods=hours, department=department)
    clinic.fee_fen, clinic.note = 1500, "请空腹来"
    db.session.commit()
    return clinic


@pytest.fixture
def patient(phone_app: MiniProgram, phone_county: County) -> Patient:
    """Return the patient who holds the phone, whom the server knows."""
    patient = make_patient("罗桂兰")
    link_patient(make_account(None, phone_app.openid), patient)
    db.session.commit()
    return patient


def account_of(phone: MiniProgram) -> Account:
    return db.session.scalars(select(Account).where(Account.openid == phone.openid)).one()


def book(phone: MiniProgram, clinic: Clinic, patient: Patient) -> Booking:
    booking = make_booking(clinic, patient, account=account_of(phone))
    db.session.commit()
    return booking


def bookings_of(phone: MiniProgram) -> list[Booking]:
    db.session.expire_all()
    of_the_account = select(Booking).where(Booking.account_id == account_of(phone).id)
    return list(db.session.scalars(of_the_account.order_by(Booking.created_at)))


def open_clinic(phone: MiniProgram, expert: Person) -> None:
    phone.shown.get_by_role("button").filter(has_text=expert.name).first.click()
    phone.says("院本部")


def read_code(phone: MiniProgram) -> str:
    """Read the QR code on the page as a reader does: version 3, bytes, one block."""
    source = phone.shown.locator(".code img").get_attribute("src") or ""
    picture = Image.open(io.BytesIO(base64.b64decode(source.split(",")[1]))).convert("1")
    side, step = 29, picture.width // 37
    dark = [[picture.getpixel(((x + 4) * step, (y + 4) * step)) == 0 for x in range(side)] for y in range(side)]
    mask = sum(dark[side - 5 + bit][8] << bit for bit in range(3)) ^ 0b101
    assert mask in MASKS
    bits = [dark[y][x] ^ MASKS[mask](y, x) for y, x in _path(side)]
    words = [sum(bit << (7 - at) for at, bit in enumerate(bits[start : start + 8])) for start in range(0, 44 * 8, 8)]
    length = (words[0] & 15) << 4 | words[1] >> 4
    assert words[0] >> 4 == 4  # bytes
    return bytes((words[at] & 15) << 4 | words[at + 1] >> 4 for at in range(1, length + 1)).decode()


MASKS = {
    0: lambda y, x: (y + x) % 2 == 0,
    1: lambda y, x: y % 2 == 0,
    2: lambda y, x: x % 3 == 0,
    3: lambda y, x: (y + x) % 3 == 0,
    4: lambda y, x: (y // 2 + x // 3) % 2 == 0,
    5: lambda y, x: y * x % 2 + y * x % 3 == 0,
    6: lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    7: lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
}


def _path(side: int) -> list[tuple[int, int]]:
    """The modules that hold data, in the order in which they are read."""

    def is_frame(y: int, x: int) -> bool:
        finder = (y < 9 and (x < 9 or x >= side - 8)) or (y >= side - 8 and x < 9)
        return finder or 6 in (y, x) or (abs(y - side + 7) < 3 and abs(x - side + 7) < 3)

    rights = [right if right > 6 else right - 1 for right in range(side - 1, 0, -2)]
    read = []
    for turn, right in enumerate(rights):
        rows = range(side) if turn % 2 else range(side - 1, -1, -1)
        read += [(y, x) for y in rows for x in (right, right - 1) if not is_frame(y, x)]
    return read


def test_who_looks_around_logs_in_adds_themselves_and_books_once_though_an_answer_is_lost(
    phone_app: MiniProgram, clinic: Clinic, expert: Person
) -> None:
    phone = phone_app
    phone.open()
    phone.button("不登录，先看专家门诊").click()
    open_clinic(phone, expert)
    phone.shown.get_by_role("radio").filter(has_text="10:00–11:00").click()
    phone.button("预约 10:00–11:00").click()
    phone.log_in()
    phone.button("预约 10:00–11:00").click()
    phone.button("添加就诊人").click()
    phone.shown.get_by_label("姓名").fill("罗桂兰")
    phone.shown.get_by_label("身份证号（18 位）").fill(WRONG_NUMBER)
    phone.button("添加").click()
    phone.says("请照着证件逐位核对")
    phone.shown.get_by_label("身份证号（18 位）").fill(NUMBER)
    phone.button("添加").click()
    phone.says("本人，")
    with phone.losing_answers("**/bookings") as statuses:
        phone.button("确认预约").click()
        phone.says("没有收到答复")
    assert statuses == [201]
    phone.button("确认预约").click()
    phone.says("预约成功")
    phone.says("10:00–11:00")

    [booking] = bookings_of(phone)
    assert (booking.clinic_id, booking.status) == (clinic.id, BookingStatus.BOOKED)
    expect(phone.shown.locator(".figure")).to_have_text(str(booking.number))
    assert phone.stored(f"draft:booking:{booking.id}")["ticket"] == read_code(phone)
    [link] = db.session.scalars(select(PatientLink).where(PatientLink.account_id == account_of(phone).id))
    assert (link.patient.name, str(link.patient.born_on)) == ("罗桂兰", "1955-03-15")


def test_a_full_clinic_is_found_by_who_does_not_ask_for_free_places_and_one_waits_there_in_turn(
    phone_app: MiniProgram, phone_county: County, expert: Person, patient: Patient
) -> None:
    clinic = make_clinic(expert, phone_county.site, places={Channel.PHONE: 1, Channel.DESK: 1})
    make_booking(clinic, make_patient("沈国柱"))
    db.session.commit()
    phone_app.open()
    phone_app.log_in()
    phone_app.button("找专家门诊").click()
    phone_app.says("约满，可候补")
    phone_app.button("离我近的先").click()
    phone_app.says("距您约")
    phone_app.button("按日期、地点找").click()
    phone_app.shown.get_by_role("switch").click()
    phone_app.button("查找").click()
    phone_app.says("只看：还有号的")
    phone_app.does_not_say(expert.name)
    phone_app.button("看全部").click()
    open_clinic(phone_app, expert)
    phone_app.button("候补").click()
    phone_app.button("加入候补").click()
    phone_app.says("罗*兰 已加入候补")
    phone_app.says("您排在第一位")
    phone_app.button("看我的预约").click()
    phone_app.says("候补中，排在第一位")

    entry = db.session.scalars(select(WaitlistEntry).where(WaitlistEntry.patient_id == patient.id)).one()
    assert entry.clinic_id == clinic.id


def test_where_a_clinic_was_closed_the_place_that_is_held_is_taken_with_one_tap(
    phone_app: MiniProgram, phone_county: County, clinic: Clinic, expert: Person, patient: Patient
) -> None:
    later = make_clinic(
        expert, phone_county.site, held_on=clock.today() + timedelta(days=4), department=clinic.department
    )
    fallen = book(phone_app, clinic, patient)
    close_clinic(phone_county.office, clinic.id, clinic.version, ClosureDraft(ClosureReason.CALLED_BACK))
    phone_app.open()
    phone_app.log_in()
    phone_app.says("给 罗*兰 留了一个号")
    phone_app.shown.get_by_role("button", name="去答复").click()
    phone_app.says("因公返院")
    phone_app.button("要这个号").click()
    phone_app.says("换号成功")

    statuses = {booking.clinic_id: booking.status for booking in bookings_of(phone_app)}
    assert statuses == {fallen.clinic_id: BookingStatus.CANCELLED, later.id: BookingStatus.BOOKED}


def test_a_booking_is_shown_without_a_network_then_changed_in_one_step_and_cancelled(
    phone_app: MiniProgram, phone_county: County, clinic: Clinic, expert: Person, patient: Patient
) -> None:
    later = make_clinic(
        expert, phone_county.site, held_on=clock.today() + timedelta(days=5), department=clinic.department
    )
    book(phone_app, clinic, patient)
    phone_app.open()
    phone_app.log_in()
    phone_app.shown.get_by_role("button").filter(has_text=expert.name).click()
    expect(phone_app.shown.locator(".code")).to_be_visible()
    phone_app.says("请空腹来")
    phone_app.change(online=False)
    phone_app.restart()
    phone_app.says("下面是上次读到的")
    phone_app.shown.get_by_role("button").filter(has_text=expert.name).click()
    phone_app.says("可以给服务台看")
    expect(phone_app.shown.locator(".code")).to_be_visible()
    phone_app.change(online=True)
    phone_app.button("重新读取").click()
    phone_app.button("改约别的时间").click()
    phone_app.shown.get_by_role("button").filter(has_text=expert.name).last.click()
    phone_app.button("改到 09:00–10:00").click()
    phone_app.button("确认改约").click()
    phone_app.says("改约成功，原来的预约已经取消")
    old, new = bookings_of(phone_app)
    assert (old.status, new.status, new.clinic_id) == (BookingStatus.CANCELLED, BookingStatus.BOOKED, later.id)

    phone_app.button("取消预约").click()
    phone_app.answer("取消预约")
    phone_app.says("重新找门诊")
    assert [booking.status for booking in bookings_of(phone_app)] == [BookingStatus.CANCELLED] * 2


def test_a_village_doctor_books_a_resident_a_place_of_the_family_doctors(
    phone_app: MiniProgram, phone_county: County, expert: Person
) -> None:
    village_doctor = make_person(phone_county.township, "马明远", roles=[Role.VILLAGE_DOCTOR])
    link_patient(make_account(village_doctor, phone_app.openid), make_patient("罗桂兰"), Relation.RESIDENT)
    places = {Channel.PHONE: 1, Channel.FAMILY_DOCTOR: 1, Channel.DESK: 1}
    clinic = make_clinic(expert, phone_county.site, held_on=clock.today() + timedelta(days=4), places=places)
    make_booking(clinic, make_patient("沈国柱"))
    db.session.commit()
    phone_app.open()
    phone_app.log_in()
    phone_app.says("马明远，您好")
    phone_app.button("我的签约居民").click()
    phone_app.button("改罗*兰的电话").click()
    phone_app.page.get_by_role("dialog").locator("textarea").fill("138 0013 8000")
    phone_app.answer("保存")
    phone_app.says("电话 138****8000")
    phone_app.button("给罗*兰预约").click()
    open_clinic(phone_app, expert)
    phone_app.says("号已约满")
    phone_app.button("用家庭医生的号预约").click()
    phone_app.button("确认预约").click()
    phone_app.says("预约成功")

    [booking] = bookings_of(phone_app)
    assert (booking.clinic_id, booking.channel) == (clinic.id, Channel.FAMILY_DOCTOR)
