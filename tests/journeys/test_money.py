"""Two months of three people: from the countersigned sheet to the paid sum, two evaluations and a certificate.

Phones speak over HTTP, offices use the console, the desk and the payments in a real browser; every figure is compared
on screen, on paper and in the API.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.careers.rules.drafts import PromotionRuleDraft
from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.careers.service.promotion_rules import approve_rule, propose_rule
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.money import yuan
from backend.jobs import careers as career_jobs
from tests.journeys.money import A_DAY, DOCUMENT, NAMES, OFFICES, World, make_world, month_text, set_rules, sign_month
from tests.support.factories import acting
from tests.support.living import Caller, serving
from tests.support.pictures import PNG
from tests.support.rollback import Client


@pytest.fixture
def world(own_app: Flask, browser: Browser) -> Iterator[World]:
    own_app.test_client_class = Client
    with serving(own_app) as server, own_app.app_context():
        yield make_world(own_app, server, browser)


def hand_in(world: World, month: date) -> None:
    """Each sees why their sum is what it is, and hands it in; nobody does it for another."""
    for name in NAMES:
        claim = world.claim(name, month)
        version = claim["version"]
        another = world.doctors["何文静" if name == "吕芬春" else "吕芬春"]
        assert another.post(f"/subsidy-claims/{claim['id']}/submit", 403, version=version)["error"]["message"]
        submitted = world.doctors[name].post(f"/subsidy-claims/{claim['id']}/submit", version=version)
        assert submitted["status_label"] == "审批中"
        assert submitted["total_fen"] == sum(line["amount_fen"] for line in submitted["lines"])


def explain_days(world: World, name: str, month: date) -> None:
    """The days behind a sum are those that were served, with their taps, the rule and its document."""
    claim = world.claim(name, month)
    [line] = [line for line in claim["lines"] if line["item"] == "下乡补贴"]
    why = world.doctors[name].get(f"/subsidy-claims/{claim['id']}/lines/{line['id']}")
    counted = sum(shift["counts"] for day in why["days"] for shift in day["shifts"])
    assert days_text(counted) == days_text(2 * len(world.days_of(name, month)))
    assert line["sentence"].startswith(f"{days_text(counted)} 天 × 10.00 元 = {yuan(line['amount_fen'])} 元")
    assert why["rule"]["document"]["number"] == DOCUMENT["document_number"]
    assert "签到" in why["days"][0]["shifts"][0]["evidence"]


def add_tickets(world: World) -> None:
    """Two tickets of one journey make a line of the draft; the same number again, or a day before, does not."""
    doctor, dispatch = world.doctors["周建国"], world.dispatches["周建国"]
    ticket = {"dispatch_id": str(dispatch.id), "journey": "云岭—元坝", "amount": "85.50"}
    for number in ("E10086001", "E10086002"):
        paper = doctor.upload(f"{number}.png", PNG)
        doctor.post("/subsidy-receipts", 201, **ticket, number=number, spent_on=f"{world.first}", attachment_id=paper)
    again = doctor.post("/subsidy-receipts", 409, **ticket, number="E10086001", spent_on=f"{world.first}")
    assert again["error"]["code"] == "receipt_number_used"
    early = world.first - timedelta(days=1)
    outside = doctor.post("/subsidy-receipts", 409, **ticket, number="E1", spent_on=f"{early}")
    assert outside["error"]["code"] == "receipt_outside_dispatch"
    claim = world.claim("周建国", world.first)
    assert [line["amount_fen"] for line in claim["lines"] if line["item"] == "往返路费"] == [17_100]


def approve_at_the_desk(world: World) -> None:
    """Medical affairs approve on the phone, finance together in the browser, the dean what is over the limit."""
    waiting = world.medical_affairs.get("/subsidy-claims?waiting=true")["items"]
    chosen = [{"id": one["id"], "version": one["version"]} for one in waiting]
    report = world.medical_affairs.post("/subsidy-claims/approve", claims=chosen)
    assert (len(report["done"]), report["left"]) == (3, [])
    total = sum(world.claim(name, world.first)["total_fen"] for name in NAMES)
    assert report["done_total_fen"] == total
    with world.seat("finance") as page:
        page.get_by_role("link", name="下乡补贴", exact=True).click()
        expect(page.get_by_label("合计").get_by_text(yuan(total))).to_be_visible()
        page.get_by_label("全选本页").check()
        page.get_by_role("button", name="同意所选 3 笔").click()
        page.get_by_role("button", name="确认同意 3 笔").click()
        expect(page.get_by_text(f"已同意 3 笔，合计 {yuan(total)} 元")).to_be_visible()
    assert world.claim("吕芬春", world.first)["status_label"] == "待发放"
    over = world.claim("周建国", world.first)
    assert (over["status_label"], over["step_label"]) == ("审批中", "院长")
    with world.seat("dean") as page:
        page.get_by_role("link", name="下乡补贴", exact=True).click()
        page.get_by_role("link", name="周建国").click()
        expect(page.get_by_text("85.50 + 85.50 = 171.00 元").first).to_be_visible()
        page.locator("#approve summary").click()
        page.get_by_role("button", name="确认同意").click()
        expect(page.get_by_text("待发放").first).to_be_visible()


def account_number(number: int) -> str:
    """Return a card number whose last digit is right."""
    digits = f"622848{number:012d}"
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return f"{digits}{-sum(one // 10 + one % 10 for one in doubled) % 10}"


def prepare_run(world: World) -> str:
    """Let finance prepare a run of all that is approved; return its address."""
    with world.seat("finance") as page:
        page.get_by_role("link", name="发放批次", exact=True).click()
        page.get_by_role("link", name="编制发放批次").click()
        page.get_by_role("button", name="编制 3 人的批次").click()
        expect(page.get_by_text("待放行").first).to_be_visible()
        address: str = page.url
        return address


def pay(world: World) -> None:
    """Finance prepare, the dean releases, the file goes to the bank, and its answer settles every payment once."""
    for number, doctor in enumerate(world.doctors.values(), 1):
        kept = doctor.put("/me/bank-account", bank="云岭农商银行", number=account_number(number))
        assert account_number(number) not in str(kept)
    run = prepare_run(world)
    with world.seat("dean") as page:
        page.goto(run)
        page.get_by_text("放行", exact=True).first.click()
        page.get_by_role("button", name="确认放行").click()
        expect(page.get_by_text("待银行回盘").first).to_be_visible()
    with world.seat("finance") as page:
        page.goto(run)
        with page.expect_download() as download:
            page.get_by_role("link", name="下载完整付款文件（CSV）").click()
        lines = list(csv.DictReader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"))))
        *payments, total = lines
        asked = {name: world.claim(name, world.first)["total_fen"] for name in NAMES}
        assert {one["收款人"]: one["金额(元)"] for one in payments} == {
            name: yuan(fen).replace(",", "") for name, fen in asked.items()
        }
        assert total["金额(元)"] == yuan(sum(asked.values())).replace(",", "")
        assert {one["账号"] for one in payments} == {account_number(number) for number in (1, 2, 3)}
        answer = "流水号,金额,结果,日期\n" + "".join(
            f"{one['流水号']},{one['金额(元)']},成功,{clock.today()}\n" for one in payments
        )
        page.set_input_files(
            "input[name=file]", {"name": "回盘.csv", "mimeType": "text/csv", "buffer": answer.encode()}
        )
        page.get_by_role("button", name="上传并登记").click()
        expect(page.get_by_text("已办结").first).to_be_visible()
    for name in NAMES:
        paid = world.claim(name, world.first)
        assert (paid["status_label"], paid["payment"]["paid_on"]) == ("已发放", f"{clock.today()}")


def amend(world: World) -> None:
    """After it was paid, an afternoon turns out to have been missed: the next claim takes it back and counts anew."""
    name, day = "何文静", world.days_of("何文静", world.first)[5]
    sheet = world.doctors[name].get(f"/timesheets/{world.dispatches[name].id}/{world.first:%Y-%m}")
    change = {"duty_on": f"{day}", "shift": "afternoon", "after": "absent", "reason": "核实当日下午返城"}
    asked = world.medical_affairs.post(f"/timesheets/{sheet['id']}/amendments", 201, **change)
    path = f"/timesheets/{sheet['id']}/amendments/{asked['amendments'][0]['id']}/accept"
    world.directors[name].post(path)
    before = world.claim(name, world.first)
    sign_month(world, world.second)
    assert world.claim(name, world.first) == before  # what was paid stays as it was
    second = len(world.days_of(name, world.second)) * A_DAY
    claim = world.claim(name, world.second)
    sums = {(line["sort"], line["month_label"]): line["amount_fen"] for line in claim["lines"] if line["amount_fen"]}
    assert sums == {
        ("grant", month_text(world.second)): second,
        ("reversal", month_text(world.first)): -before["total_fen"],
        ("grant", month_text(world.first)): before["total_fen"] - A_DAY // 2,
    }
    assert claim["total_fen"] == second - A_DAY // 2


def refuse_run(world: World) -> None:
    """The second month is approved; the dean refuses its run, and the claims wait for another."""
    hand_in(world, world.second)
    for who in ("medical_affairs", "finance"):
        office = Caller(world.app, world.server, world.people[who], OFFICES.get(who, Role.MEDICAL_AFFAIRS))
        office.log_in()
        waiting = office.get("/subsidy-claims?waiting=true")["items"]
        report = office.post(
            "/subsidy-claims/approve", claims=[{"id": one["id"], "version": one["version"]} for one in waiting]
        )
        assert (len(report["done"]), report["left"]) == (3, [])
    run = prepare_run(world)
    with world.seat("dean") as page:
        page.goto(run)
        page.get_by_text("否决", exact=True).first.click()
        page.get_by_label("否决原因").fill("月底资金未到位，下周再发")
        page.get_by_role("button", name="确认否决").click()
        expect(page.get_by_text("已否决").first).to_be_visible()
    assert {world.claim(name, world.second)["status_label"] for name in NAMES} == {"待发放"}


def evaluate(world: World) -> None:
    """Two whose time is over are evaluated, one objects and is answered; the paper says what the API says."""
    world.run(career_jobs.open_evaluations)
    for name in ("吕芬春", "何文静"):
        doctor, director, office = world.doctors[name], world.directors[name], world.medical_affairs
        [card] = doctor.get("/evaluations?mine=true")["items"]
        path, now = f"/evaluations/{card['id']}", card
        words: tuple[tuple[Caller, dict[str, Any]], ...] = (
            (doctor, {"specialty": "内科", "education": "本科", "title_applied": "副主任医师"}),
            (director, {"grade": "qualified", "signer_name": "科室负责人赵和"}),
            (director, {"grade": "qualified"}),
            (office, {"grade": "qualified"}),
        )
        for writer, more in words:
            now = writer.put(f"{path}/part", version=now["version"], opinion="按时到岗，完成带教任务。", **more)
        if name == "何文静":
            now = doctor.post(f"{path}/object", version=now["version"], reason="有两次讲座没有记入")
            answered: dict[str, Any] = {"answer": "讲座已在工作日志中核对，等次不变", "revise": False}
            now = office.post(f"{path}/answer", version=now["version"], **answered)
        else:
            now = doctor.post(f"{path}/sign", version=now["version"])
        assert (now["status_label"], now["grade_label"]) == ("已完成", "合格")
        text = text_of(doctor.get(f"{path}/form.pdf"))
        assert now["facts"]["actual_days_label"] in text
        assert now["verification_code"] in text
        days = 2 * sum(len(world.days_of(name, month)) for month in (world.first, world.second))
        missed = 1 if name == "何文静" else 0
        assert days_text(days - missed) in now["facts"]["actual_days_label"]


def set_promotion_rule(world: World) -> None:
    """Forty days in all before 副主任医师, with an evaluation that passes; proposed by one, approved by another."""
    draft = PromotionRuleDraft(
        title="副主任医师",
        name="基层服务年限",
        starts_on=world.first,
        measure=ServiceMeasure.CALENDAR_DAYS,
        required_days=40,
        needs_evaluation=True,
        document_title="卫生专业技术职务评审办法",
        document_number="云人社发〔2025〕3号",
    )
    rule = propose_rule(acting(world.people["personnel"], Role.PERSONNEL), draft)
    approve_rule(acting(world.people["dean"], Role.DEAN), rule.id, rule.version)


def certify(world: World) -> None:
    """Personnel issue the certificate of one who is eligible; its arithmetic is the API's, and its code proves it."""
    set_promotion_rule(world)
    doctor = world.dispatches["吕芬春"].person
    with world.seat("personnel") as page:
        page.get_by_role("link", name="晋升资格", exact=True).click()
        page.get_by_role("link", name="吕芬春").first.click()
        page.get_by_role("button", name="出具服务证明").click()
        expect(page.get_by_text("作废证明").first).to_be_attached()
    found = world.doctors["吕芬春"].get("/me/promotion")
    [title] = [one for one in found["titles"] if one["title"] == "副主任医师"]
    [certificate] = found["certificates"]
    text = text_of(world.doctors["吕芬春"].get(f"/me/certificates/{certificate['id']}.pdf"))
    span = (world.dispatches["吕芬春"].ends_on - world.first).days + 1
    assert title["eligible"]
    assert str(span) in text
    assert certificate["code"] in text.replace(" ", "")
    assert doctor.name in text


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_from_two_months_to_the_paid_sum_and_the_certificate(world: World) -> None:
    set_rules(world)
    sign_month(world, world.first)
    for name in NAMES:
        assert world.claim(name, world.first)["total_fen"] == len(world.days_of(name, world.first)) * A_DAY
        explain_days(world, name, world.first)
    add_tickets(world)
    hand_in(world, world.first)
    approve_at_the_desk(world)
    pay(world)
    world.is_reconciled()
    amend(world)
    refuse_run(world)
    world.is_reconciled()
    evaluate(world)
    certify(world)
