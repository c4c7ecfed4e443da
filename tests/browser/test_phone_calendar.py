"""An expert lets the telephone's calendar read their clinics, and takes the address back."""

from __future__ import annotations

import os
import re

from icalendar import Calendar

from tests.browser.test_phone_legibility import is_legible
from tests.support.accounts import make_account
from tests.support.clinics import make_clinic
from tests.support.county import County
from tests.support.miniprogram import MiniProgram


def test_an_expert_subscribes_their_clinics_and_ends_it(phone_app: MiniProgram, phone_county: County) -> None:
    clinic = make_clinic(phone_county.doctor, phone_county.site)
    make_account(phone_county.doctor, phone_app.openid)
    phone_app.open()
    phone_app.log_in()
    phone_app.button("我的门诊").click()
    phone_app.button("订阅到日历").click()
    phone_app.answer("生成")
    phone_app.says("地址已生成")
    address = phone_app.shown.locator(".feed").inner_text()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/api/v1/clinics/calendar/[\w-]{43}\.ics", address)
    if folder := os.environ.get("BANGFU_PICTURES"):
        phone_app.page.screenshot(path=f"{folder}/phone-calendar.png", full_page=True)
    is_legible(phone_app)
    read = phone_app.page.request.get(address)
    assert [event["uid"] for event in Calendar.from_ical(read.body()).walk("VEVENT")] == [f"clinic-{clinic.id}@bangfu"]
    phone_app.button("停止订阅").click()
    phone_app.says("订阅地址已作废")
    assert phone_app.page.request.get(address).status == 404
