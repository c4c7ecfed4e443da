"""Clinics on the phones of experts, desks and who is on duty: closing, arrivals, calls, and leave to write."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from backend.domain.accounts.models import Account, Person
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.closures import ClinicClosure, FallenBooking
from backend.domain.clinics.rules.bookings import BookingStatus, CancelReason
from backend.domain.clinics.rules.closures import CallOutcome, ClosureReason, Remedy
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.tickets import ticket_of
from backend.domain.notifications.models.grants import SubscriptionGrant
from backend.domain.notifications.rules.templates import TemplateKey
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.browser.test_phone_legibility import is_legible
from tests.support.accounts import make_account
from tests.support.clinics import make_account as make_patients_account
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.county import County
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch, make_person
from tests.support.miniprogram import MiniProgram
from tests.support.standin import Standin

NAMES = ("罗桂兰", "欧阳明珠", "赵德贵")
MASKED = ("罗*兰", "欧**珠", "赵*贵")


@pytest.fixture
def screen() -> tuple[int, int]:
    """Return the smallest phone that the pages have to fit."""
    return 320, 568


@pytest.fixture
def clinic(phone_county: County) -> Clinic:
    """Return tomorrow's clinic with three patients, the first of whom has WeChat; there is one a week later too."""
    clinic = make_clinic(phone_county.doctor, phone_county.site)
    make_clinic(phone_county.doctor, phone_county.site, held_on=clinic.held_on + timedelta(days=7))
    for number, name in enumerate(NAMES, start=1):
        account = make_patients_account() if number == 1 else None
        make_booking(clinic, make_patient(name), account=account, number=number)
    db.session.commit()
    return clinic


def bookings_of(clinic: Clinic) -> list[Booking]:
    db.session.expire_all()
    return list(db.session.scalars(select(Booking).where(Booking.clinic_id == clinic.id).order_by(Booking.number)))


def closure_of(clinic: Clinic) -> ClinicClosure | None:
    db.session.expire_all()
    return db.session.scalars(select(ClinicClosure).where(ClinicClosure.clinic_id == clinic.id)).one_or_none()


def hold(phone: MiniProgram, person: Person) -> None:
    """Let somebody log in on this phone."""
    make_account(person, phone.openid)
    phone.open()
    phone.log_in()


def group(phone: MiniProgram, name: str) -> Locator:
    """What a list shows of one person."""
    return phone.shown.get_by_role("group", name=name)


def test_an_expert_sees_who_comes_and_closes_a_clinic(
    phone_app: MiniProgram, phone_county: County, clinic: Clinic
) -> None:
    hold(phone_app, phone_county.doctor)
    phone_app.button("我的门诊").click()
    phone_app.says("2 次门诊与您的安排有冲突")  # nobody has sent the doctor there
    phone_app.says("预约 3 / 4")
    is_legible(phone_app)
    phone_app.shown.locator(".clinic").first.click()
    for name in MASKED:
        phone_app.says(name)
    phone_app.does_not_say("扫码报到")
    is_legible(phone_app)
    phone_app.button("停诊…").click()
    phone_app.says("影响 3 人")
    phone_app.button("停诊并通知 3 人").click()
    phone_app.says("请先选停诊原因")
    phone_app.shown.get_by_role("radio", name="因公返院").click()
    is_legible(phone_app)
    phone_app.button("停诊并通知 3 人").click()
    phone_app.answer("先不")
    assert closure_of(clinic) is None
    phone_app.button("停诊并通知 3 人").click()
    phone_app.answer("停诊")
    phone_app.says("已停诊")
    phone_app.says("电话由服务台打")
    is_legible(phone_app)

    fallen = bookings_of(clinic)
    assert {one.cancelled_for for one in fallen} == {CancelReason.CLOSURE}
    closure = closure_of(clinic)
    assert closure is not None
    assert (closure.reason, closure.closed_by_person_id) == (ClosureReason.CALLED_BACK, phone_county.doctor.id)


def test_who_is_on_duty_closes_with_one_press_after_the_reason(
    phone_app: MiniProgram, phone_county: County, clinic: Clinic
) -> None:
    hold(phone_app, make_person(phone_county.hospital, "孙志强", roles=[Role.DUTY]))
    phone_app.shown.locator(".errand", has_text="专家门诊").click()
    phone_app.says("今天没有专家门诊")
    phone_app.shown.get_by_role("radio", name="以后").click()
    phone_app.button("停诊：吕芬春").first.click()
    phone_app.says("影响 3 人")
    phone_app.shown.get_by_role("radio", name="道路或天气原因").click()
    phone_app.shown.get_by_role("checkbox", name="由我打电话").click()
    is_legible(phone_app)
    phone_app.button("停诊并通知 3 人").click()
    phone_app.says("已停诊")
    phone_app.says("医务科还没有复核")
    expect(phone_app.button("去打电话（2 人）")).to_be_visible()  # the two without WeChat

    closure = closure_of(clinic)
    assert closure is not None
    assert (closure.reason, closure.needs_review) == (ClosureReason.ROAD, True)
    assert closure.caller_person_id == closure.closed_by_person_id
    assert db.session.get_one(Clinic, clinic.id).status is ClinicStatus.CLOSED


@pytest.fixture
def under_way(phone_county: County) -> Clinic:
    """Return a clinic that is held all of today, with two patients."""
    clinic = make_clinic(
        phone_county.doctor, phone_county.site, held_on=clock.today(), periods=((time(0, 0), time(23, 59)),)
    )
    for number, name in enumerate(NAMES[:2], start=1):
        make_booking(clinic, make_patient(name), number=number)
    db.session.commit()
    return clinic


def test_the_desk_marks_arrivals_by_ticket_and_by_name(
    phone_app: MiniProgram, phone_county: County, under_way: Clinic
) -> None:
    first, second = bookings_of(under_way)
    hold(phone_app, make_person(phone_county.township, "周文", roles=[Role.DESK]))
    phone_app.shown.locator(".errand", has_text="专家门诊").click()
    phone_app.shown.locator(".clinic").click()
    phone_app.show_camera("12345678")
    phone_app.button("扫码报到").click()
    phone_app.answer("知道了")
    phone_app.show_camera(ticket_of(second.id)[:-1] + "A")
    phone_app.button("扫码报到").click()
    phone_app.says("没有登记成功")
    phone_app.show_camera(ticket_of(second.id))
    phone_app.button("扫码报到").click()
    phone_app.says(f"2 号 {MASKED[1]} 已报到")
    is_legible(phone_app)
    group(phone_app, MASKED[1]).get_by_role("button", name="叫号").click()
    expect(group(phone_app, MASKED[1])).to_contain_text("已叫号")
    group(phone_app, MASKED[1]).get_by_role("button", name="已就诊").click()
    group(phone_app, MASKED[0]).get_by_role("button", name="报到").click()
    expect(group(phone_app, MASKED[0])).to_contain_text("下一个")

    first, second = bookings_of(under_way)
    assert (first.status, second.status) == (BookingStatus.ARRIVED, BookingStatus.FULFILLED)
    phone_app.button("加号…").click()
    phone_app.button("加 1 个号").click()
    phone_app.says("预约 2 / 5")
    phone_app.button("停诊…").click()
    phone_app.shown.get_by_role("radio", name="专家身体不适").click()
    phone_app.shown.get_by_role("radio", name="由专家远程会诊").click()
    phone_app.button("停诊并通知 1 人").click()
    phone_app.answer("停诊")
    phone_app.says("已停诊")
    (fallen,) = db.session.scalars(select(FallenBooking).where(FallenBooking.booking_id == first.id))
    assert (fallen.remedy, fallen.had_arrived) == (Remedy.REMOTE, True)


def test_the_desk_calls_who_was_not_reached_and_ticks_them_off(
    phone_app: MiniProgram, phone_county: County, clinic: Clinic
) -> None:
    make_dispatch(phone_county.doctor, phone_county.township, sites=[phone_county.site])  # who can come a week later
    close_clinic(phone_county.visitor, clinic.id, clinic.version, ClosureDraft(reason=ClosureReason.ILL))
    hold(phone_app, make_person(phone_county.township, "周文", roles=[Role.DESK]))
    expect(phone_app.shown.locator(".errand", has_text="停诊电话通知")).to_contain_text("2")
    phone_app.shown.locator(".errand", has_text="停诊电话通知").click()
    phone_app.shown.locator(".closure").click()
    phone_app.button("去打电话（2 人）").click()
    second, third = group(phone_app, NAMES[1]), group(phone_app, NAMES[2])
    is_legible(phone_app)
    second.get_by_role("button", name="拨打 13900001234").click()
    phone_app.answer("呼叫")
    second.get_by_role("button", name="接受改约").click()
    phone_app.says("已打完 1 人")
    third.get_by_role("button", name="没人接").click()
    expect(third).to_contain_text("第 1 次")

    db.session.expire_all()
    outcomes = {one.booking.number: one.call_outcome for one in db.session.scalars(select(FallenBooking))}
    assert (outcomes[2], outcomes[3]) == (CallOutcome.ACCEPTED, CallOutcome.NO_ANSWER)
    accepted = select(Booking).where(Booking.patient_id == bookings_of(clinic)[1].patient_id)
    assert {one.status for one in db.session.scalars(accepted)} == {BookingStatus.CANCELLED, BookingStatus.BOOKED}


@pytest.fixture
def pushing(standin: Standin, phone_servers: tuple[Deployment, str]) -> Standin:
    """Return a WeChat that tells the server what people answer."""
    standin.order("options", push_url=f"{phone_servers[0].url}/api/v1/wechat/events")
    return standin


def grants_of(phone: MiniProgram, standin: Standin, pushes: int) -> dict[str, int]:
    """Return what the server knows of what the phone's owner allows, once WeChat has told it so often."""
    while len(standin.ask("pushes")) < pushes:
        phone.page.wait_for_timeout(50)
    db.session.expire_all()
    owner = select(SubscriptionGrant).join(Account).where(Account.openid == phone.openid)
    return {grant.template: grant.granted for grant in db.session.scalars(owner)}


@pytest.mark.usefixtures("on_duty")
def test_leave_to_write_is_asked_for_at_a_tap_and_reaches_the_server(phone_app: MiniProgram, pushing: Standin) -> None:
    phone_app.open(messages="ask")
    phone_app.log_in()
    phone_app.button("接收微信提醒").click()
    phone_app.answer("允许")
    phone_app.says("已允许")
    assert grants_of(phone_app, pushing, 2) == {TemplateKey.WORK_NOTICE: 1, TemplateKey.SPOT_CHECK: 1}

    phone_app.restart()
    phone_app.says("查岗记录")
    phone_app.does_not_say("接收微信提醒")  # who has answered is left in peace


@pytest.mark.usefixtures("on_duty")
def test_who_refuses_messages_loses_nothing_by_it(phone_app: MiniProgram, pushing: Standin) -> None:
    phone_app.open(messages="ask")
    phone_app.log_in()
    phone_app.button("接收微信提醒").click()
    phone_app.answer("取消")
    phone_app.does_not_say("接收微信提醒")
    assert set(grants_of(phone_app, pushing, 2).values()) <= {0}
    phone_app.restart()
    phone_app.says("查岗记录")
    phone_app.does_not_say("接收微信提醒")
    phone_app.check("签到")
    phone_app.says("签到已记录")
