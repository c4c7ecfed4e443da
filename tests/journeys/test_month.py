"""A month of three people at two sites, over HTTP only: everything that happens to attendance, and what comes of it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest
import requests
import time_machine
from flask import Flask
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader
from redis import Redis

from backend.app import create_app
from backend.config import Settings
from backend.domain.accounts.models import Person
from backend.domain.attendance.service.site_codes import code_shown
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern, days_between
from backend.domain.organisations.models import Site
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.jobs import attendance as jobs
from backend.jobs.spot_checks import run_spot_checks
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person, make_setting, make_site, make_tablet
from tests.support.living import Body, Caller, Days, serving
from tests.support.pictures import PNG

FIRST, LAST = date(2026, 10, 8), date(2026, 10, 31)  # from the day after the National Day holiday
WEEKDAYS_WITH_NIGHT = WeeklyPattern.of(range(1, 6)).claims | {(3, Shift.NIGHT)}


def october(day: int) -> date:
    return date(2026, 10, day)


@dataclasses.dataclass
class World:
    """Everybody with their phones, and where they are sent."""

    app: Flask
    server: str
    days: Days
    county: County
    second_site: Site
    doctors: dict[str, Caller]
    dispatches: dict[str, Dispatch]
    medical_affairs: Caller
    director: Caller
    second_director: Caller
    colleague: Person
    tablet_id: UUID

    def everyone(self) -> None:
        """Let everybody begin their day: log-ins of yesterday do not last."""
        for caller in (*self.doctors.values(), self.medical_affairs, self.director, self.second_director):
            caller.log_in()

    def run(self, job: Any) -> None:
        """Let the scheduler's moment come."""
        with self.app.app_context():
            job()

    def sheet(self, name: str, reader: Caller | None = None) -> Any:
        return (reader or self.doctors[name]).get(f"/timesheets/{self.dispatches[name].id}/2026-10")


@pytest.fixture
def world(settings: Settings, database: str, redis: Redis) -> Iterator[World]:
    app = create_app(dataclasses.replace(settings, database_url=database))
    start = datetime(2026, 10, 7, 9, tzinfo=SHANGHAI)
    with time_machine.travel(start, tick=False) as traveller, serving(app) as server, app.app_context():
        yield _world(app, server, Days(traveller))
        db.session.remove()
        db.engine.dispose()


def _world(app: Flask, server: str, days: Days) -> World:
    county = make_county()
    second_site = make_site(county.other_township, longitude="103.500000", latitude="27.100000")
    sent: dict[str, tuple[Person, Any, Site, WeeklyPattern, DispatchKind]] = {
        "吕芬春": (county.doctor, county.township, county.site, WeeklyPattern.every_day(), DispatchKind.POSTED),
        "何文静": (
            make_person(county.hospital, "何文静"),
            county.township,
            county.site,
            WeeklyPattern(frozenset(WEEKDAYS_WITH_NIGHT)),
            DispatchKind.POSTED,
        ),
        "周建国": (
            make_person(county.hospital, "周建国"),
            county.other_township,
            second_site,
            WeeklyPattern.of([3, 5], [Shift.MORNING]),
            DispatchKind.VISITING,
        ),
    }
    for key, value in {
        "attendance.late_upload_days": 3,
        "attendance.corrections_a_month": 1,
        "attendance.leave_days_of_recipient": 2,
        "attendance.timesheet_needs_scan": "是",
    }.items():
        make_setting(county.bureau, key, value)
    second = make_person(county.other_township, "沈淑丽", roles=[Role.DIRECTOR])
    dispatches = {
        name: make_dispatch(person, recipient, starts_on=FIRST, ends_on=LAST, pattern=pattern, kind=kind, sites=[site])
        for name, (person, recipient, site, pattern, kind) in sent.items()
    }
    return World(
        app=app,
        server=server,
        days=days,
        county=county,
        second_site=second_site,
        doctors={name: Caller(app, server, person) for name, (person, *_rest) in sent.items()},
        dispatches=dispatches,
        medical_affairs=Caller(app, server, county.medical_affairs, Role.MEDICAL_AFFAIRS),
        director=Caller(app, server, county.director, Role.DIRECTOR),
        second_director=Caller(app, server, second, Role.DIRECTOR),
        colleague=make_person(county.other_township, "何秋生", roles=[Role.DESK]),
        tablet_id=make_tablet(county.site).id,
    )


def beside(site: Site, day: date, shift: Shift) -> Body:
    """Return an honest fix: somewhere else each time, some metres from the door."""
    drift = (day.toordinal() * 7 + list(Shift).index(shift) * 3) % 40 / 100_000
    return {
        "longitude": float(site.longitude) + drift,
        "latitude": float(site.latitude) - drift / 2,
        "accuracy_m": 18 + day.day % 5,
        "coordinate_system": "GCJ-02",
    }


HOURS = {Shift.MORNING: (7, 55), Shift.AFTERNOON: (14, 2), Shift.NIGHT: (18, 5)}
# What does not go as planned; everything else is a punctual tap at the site.
SPECIAL: set[tuple[str, int, Shift]] = {
    ("吕芬春", 9, Shift.AFTERNOON),  # elsewhere
    ("吕芬春", 13, Shift.MORNING),  # no location
    ("吕芬春", 14, Shift.MORNING),  # phone dead: a correction
    ("吕芬春", 20, Shift.MORNING),  # ill
    ("吕芬春", 20, Shift.AFTERNOON),
    ("吕芬春", 21, Shift.MORNING),
    ("吕芬春", 21, Shift.AFTERNOON),
    ("吕芬春", 22, Shift.MORNING),  # no network: uploaded the day after
    ("吕芬春", 28, Shift.AFTERNOON),  # nothing at all
    ("何文静", 13, Shift.MORNING),  # by the site's code
    ("何文静", 15, Shift.MORNING),  # rest after the night
    ("何文静", 15, Shift.AFTERNOON),
    ("何文静", 22, Shift.MORNING),
    ("何文静", 22, Shift.AFTERNOON),
    *(("何文静", day, shift) for day in (26, 27, 28) for shift in Shift),  # on annual leave
    ("何文静", 19, Shift.MORNING),  # with somebody else's phone
    ("周建国", 28, Shift.MORNING),  # on official business
    ("周建国", 30, Shift.MORNING),
}


def live_a_day(world: World, day: date) -> None:
    """Let everybody press their button on time, but for what is special."""
    for shift in Shift:
        world.days.at(day, *HOURS[shift])
        world.everyone()
        special = SPECIALS.get((day.day, shift))
        for name, dispatch in world.dispatches.items():
            if (
                shift in dispatch.shifts_on(day)
                and (name, day.day, shift) not in SPECIAL
                and WorkingCalendar().is_working_day(day)
            ):
                site = world.second_site if name == "周建国" else world.county.site
                tap = world.doctors[name].tap(dispatch.id, beside(site, day, shift))
                assert (tap["verdict"], tap["outcome"]) == ("inside", "verified"), tap
        if special:
            special(world, day)


def elsewhere(world: World, day: date) -> None:
    doctor, away = world.doctors["吕芬春"], {"longitude": 103.6, "latitude": 27.6, "accuracy_m": 20}
    tap = doctor.tap(world.dispatches["吕芬春"].id, away | {"coordinate_system": "GCJ-02"})
    assert (tap["verdict_label"], tap["outcome"]) == ("不在点内", "suspect")
    doctor.post(f"/check-ins/{tap['id']}/explain", text="回县里取药")
    [doubt] = world.medical_affairs.get("/check-ins/exceptions")["items"]
    assert doubt["review"]["explanation"] == "回县里取药"
    own = doctor.post(f"/check-ins/{tap['id']}/judge", 403, judgement="accepted", reason="自己", version=1)
    assert own["error"]["code"] == "forbidden"
    version = doubt["review"]["version"]
    path = f"/check-ins/{tap['id']}/judge"
    world.medical_affairs.post(path, 412, judgement="rejected", reason="未报备", version=version + 1)
    world.medical_affairs.post(path, judgement="rejected", reason="未报备", version=version)


def by_the_rotating_code(world: World, day: date) -> None:
    """No place is told; the code of the site's tablet speaks for it, once."""
    doctor, dispatch = world.doctors["何文静"], world.dispatches["何文静"]
    with world.app.app_context():
        shown = code_shown(world.tablet_id, clock.now())
    wrong = f"{(int(shown) + 1) % 100_000_000:08d}"
    assert doctor.tap(dispatch.id, None, 409, location_denied=True, code=wrong)["error"]["code"] == "site_code_invalid"
    tap = doctor.tap(dispatch.id, None, location_denied=True, code=shown)
    assert (tap["verdict"], tap["outcome"]) == ("uncertain", "verified")
    again = doctor.tap(dispatch.id, None, 409, location_denied=True, code=shown)
    assert again["error"]["code"] == "site_code_used"
    without_location(world, day)


def without_location(world: World, day: date) -> None:
    tap = world.doctors["吕芬春"].tap(world.dispatches["吕芬春"].id, None, location_denied=True)
    assert (tap["verdict"], tap["outcome"]) == ("uncertain", "uncertain")
    path = f"/check-ins/{tap['id']}/confirm"
    world.medical_affairs.post(path, 403, confirmation="present", version=0)
    world.director.post(path, confirmation="present", version=0)


def correction(world: World, day: date) -> None:
    doctor, dispatch = world.doctors["吕芬春"], world.dispatches["吕芬春"]
    asked = {"dispatch_id": str(dispatch.id), "duty_on": f"{day}", "shift": "morning", "kind": "in"}
    asked |= {"happened_at": f"{day}T08:00:00+08:00", "reason": "手机没电，当时在门诊"}
    requested = doctor.post("/correction-requests", 201, **asked)
    assert doctor.post("/correction-requests", 409, **asked)["error"]["message"]
    doctor.post(f"/correction-requests/{requested['id']}/accept", 403, version=requested["version"])
    accepted = world.director.post(f"/correction-requests/{requested['id']}/accept", version=requested["version"])
    assert accepted["status_label"] == "已同意"
    path = f"/correction-requests/{requested['id']}/accept"
    again = world.medical_affairs.post(path, 412, version=requested["version"])
    assert again["error"]["code"] == "stale_version"
    beyond = doctor.post(
        "/correction-requests", 409, **(asked | {"kind": "out", "happened_at": f"{day}T12:00:00+08:00"})
    )
    assert "补签" in beyond["error"]["message"]


def ask_for_sick_leave(world: World, day: date) -> None:
    doctor, dispatch = world.doctors["吕芬春"], world.dispatches["吕芬春"]
    leave: Body = {"dispatch_id": str(dispatch.id), "kind": "sick", "starts_on": "2026-10-20", "starts_with": "morning"}
    leave |= {"ends_on": "2026-10-21", "ends_with": "afternoon", "reason": "发热", "attachment_ids": []}
    leave["attachment_ids"] = [doctor.upload("病假条.png", PNG)]
    requested = doctor.post("/leave-requests", 201, **leave)
    assert (requested["days"], requested["needs_supporting"]) == ("2", False)
    doctor.post("/leave-requests", 409, **(leave | {"attachment_ids": []}))
    accepted = world.director.post(f"/leave-requests/{requested['id']}/accept", version=requested["version"])
    assert accepted["status"] == "accepted"
    paper = requested["attachments"][0]["id"]
    assert world.director.get(f"/leave-requests/{requested['id']}/attachments/{paper}") == PNG
    world.second_director.get(f"/leave-requests/{requested['id']}/attachments/{paper}", 404)


def ask_for_official_leave(world: World, day: date) -> None:
    doctor, dispatch = world.doctors["周建国"], world.dispatches["周建国"]
    leave: Body = {"dispatch_id": str(dispatch.id), "kind": "official"}
    leave |= {"starts_on": "2026-10-28", "starts_with": "morning", "ends_on": "2026-10-30", "ends_with": "afternoon"}
    requested = doctor.post("/leave-requests", 201, **leave, reason="市里开会", attachment_ids=[])
    assert (requested["days"], requested["needs_supporting"]) == ("1", False)  # of the mornings that he is there
    path = f"/leave-requests/{requested['id']}/accept"
    world.director.post(path, 404, version=requested["version"])
    assert world.second_director.post(path, version=requested["version"])["status"] == "accepted"


def ask_for_annual_leave(world: World, day: date) -> None:
    """Three days are more than the recipient may grant alone."""
    doctor, dispatch = world.doctors["何文静"], world.dispatches["何文静"]
    leave: Body = {"dispatch_id": str(dispatch.id), "kind": "annual"}
    leave |= {"starts_on": "2026-10-26", "starts_with": "morning", "ends_on": "2026-10-28", "ends_with": "night"}
    requested = doctor.post("/leave-requests", 201, **leave, reason="年休", attachment_ids=[])
    assert requested["needs_supporting"] is True
    path = f"/leave-requests/{requested['id']}/accept"
    half = world.director.post(path, version=requested["version"])
    assert half["status"] == "requested"
    assert world.medical_affairs.post(path, version=half["version"])["status"] == "accepted"


def without_network(world: World, day: date) -> None:
    """The tap of the day before arrives with both clocks: late, uncertain, and of its own day."""
    pressed, now = f"{october(22)}T07:58:00+08:00", f"{day}T07:55:00+08:00"
    seen = f"{october(22)}T07:00:00+08:00"
    clocks = {"tapped_at": pressed, "sent_at": now, "last_server_time": seen, "last_server_seen_at": seen}
    fix = beside(world.county.site, october(22), Shift.MORNING)
    tap = world.doctors["吕芬春"].tap(world.dispatches["吕芬春"].id, fix, offline=clocks)
    assert (tap["duty_on"], tap["late"], tap["outcome"]) == ("2026-10-22", True, "uncertain")
    world.director.post(f"/check-ins/{tap['id']}/confirm", confirmation="present", version=0)


def with_a_borrowed_phone(world: World, day: date) -> None:
    borrower, dispatch = world.doctors["何文静"], world.dispatches["何文静"]
    borrower.borrow(world.doctors["吕芬春"])
    tap = borrower.tap(dispatch.id, beside(world.county.site, day, Shift.NIGHT))
    borrower._installation = "phone-of-her-own-again"
    assert tap["verdict"] == "inside"
    world.run(jobs.weigh_new_taps)
    doubts = world.director.get("/check-ins/exceptions")["items"]
    assert {doubt["person"]["name"] for doubt in doubts} == {"吕芬春", "何文静"}
    for doubt in doubts:
        assert any("手机" in reason["text"] for reason in doubt["reasons"]), doubt
        version = doubt["review"]["version"] if doubt["review"] else 0
        world.director.post(f"/check-ins/{doubt['id']}/confirm", confirmation="present", version=version)


def order_spot_check(world: World, name: str) -> Any:
    return world.medical_affairs.post("/spot-checks", 201, dispatch_id=str(world.dispatches[name].id), kind="presence")


def spot_checks(world: World, day: date) -> None:
    answered, missed = order_spot_check(world, "吕芬春"), order_spot_check(world, "何文静")
    seen = world.doctors["吕芬春"].get("/spot-checks/open")["spot_check"]
    assert seen["id"] == answered["id"]
    here = beside(world.county.site, day, Shift.AFTERNOON)
    told = world.doctors["吕芬春"].post(f"/spot-checks/{seen['id']}/answer", means="location", location=here)
    assert (told["status_label"], told["verdict_label"]) == ("已应答", "在点内")
    assert world.doctors["何文静"].get("/spot-checks/open")["spot_check"]["id"] == missed["id"]
    world.days.at(day, 14, 30)
    world.everyone()
    world.run(run_spot_checks)
    [row] = world.doctors["何文静"].get("/spot-checks?status=missed")["items"]
    world.doctors["何文静"].post(f"/spot-checks/{row['id']}/explain", text="正在抢救")
    [row] = world.medical_affairs.get("/spot-checks?status=missed")["items"]
    assert row["explanation"] == "正在抢救"
    reviewed = world.medical_affairs.post(
        f"/spot-checks/{row['id']}/review", review="excused", reason="抢救记录属实", version=row["version"]
    )
    assert reviewed["review_label"] == "情况属实"


def an_unread_spot_check(world: World, day: date) -> None:
    world.days.at(day, 9)
    world.everyone()
    refused = world.medical_affairs.post(
        "/spot-checks", 409, dispatch_id=str(world.dispatches["周建国"].id), kind="presence"
    )
    assert "门诊" in refused["error"]["message"]  # whose whole shift is a clinic
    order_spot_check(world, "何文静")
    world.days.at(day, 11, 59)
    world.everyone()
    world.run(run_spot_checks)
    statuses = [row["status"] for row in world.doctors["何文静"].get("/spot-checks")["items"]]
    assert statuses == ["undelivered"]


SPECIALS = {
    (9, Shift.AFTERNOON): elsewhere,
    (13, Shift.MORNING): by_the_rotating_code,
    (14, Shift.AFTERNOON): correction,
    (16, Shift.MORNING): an_unread_spot_check,
    (16, Shift.AFTERNOON): spot_checks,
    (19, Shift.MORNING): with_a_borrowed_phone,
    (19, Shift.AFTERNOON): ask_for_sick_leave,
    (23, Shift.MORNING): without_network,
    (23, Shift.AFTERNOON): ask_for_annual_leave,
    (26, Shift.MORNING): ask_for_official_leave,
}


def settle(world: World) -> None:
    """The cut-off passes: what never came is concluded by the job, and a person says what it was."""
    world.days.at(date(2026, 11, 4), 8)
    world.everyone()
    too_early = world.doctors["周建国"].get(f"/timesheets/{world.dispatches['周建国'].id}/2026-10")
    assert too_early["status_label"] == "未提交"
    world.run(jobs.close_days)
    missing = [line for line in world.sheet("吕芬春")["lines"] if line["standing"] == "not_checked_in"]
    assert [(line["duty_on"], line["shift"]) for line in missing] == [("2026-10-28", "afternoon")]


def test_a_month_of_three_people_at_two_sites(world: World) -> None:
    for day in days_between(FIRST, LAST):
        live_a_day(world, day)
    settle(world)

    first = world.doctors["吕芬春"].post(
        f"/timesheets/{world.dispatches['吕芬春'].id}/2026-10/submit", version=0, remark="10月9日下午已说明"
    )
    assert first["clean"] is False  # one tap was not accepted, one shift has none
    assert _days(first) == {"due": "18", "served": "15", "sick": "2"}
    second = world.doctors["何文静"].post(f"/timesheets/{world.dispatches['何文静'].id}/2026-10/submit", version=0)
    assert second["figures"]["nights"] == 2
    assert [line["label"] for line in second["lines"] if line["duty_on"] == "2026-10-15"] == ["下夜班", "下夜班"]
    third = world.doctors["周建国"].post(f"/timesheets/{world.dispatches['周建国'].id}/2026-10/submit", version=0)
    assert _days(third) == {"due": "3.5", "served": "2.5", "official": "1"}

    together = world.director.post(
        "/timesheets/countersign", timesheets=[{"id": one["id"], "version": one["version"]} for one in (first, second)]
    )
    assert together["countersigned"] == [second["id"]]
    assert [left["code"] for left in together["left"]] == ["not_clean"]
    world.second_director.post(f"/timesheets/{first['id']}/countersign", 404, version=1)

    returned = world.director.post(f"/timesheets/{first['id']}/return", version=1, reason="请补充28日下午的情况")
    assert returned["status_label"] == "已退回"
    assert world.sheet("吕芬春")["return_reason"] == "请补充28日下午的情况"
    delegate = appoint(world)
    signed = delegate.post(f"/timesheets/{third['id']}/countersign", version=1)
    assert signed["countersigned_by"] == {"name": "何秋生", "role_label": "授权代签人"}
    world.second_director.post(f"/timesheets/{third['id']}/countersign", 412, version=1)
    assert (signed["needs_scan"], signed["has_scan"]) == (True, False)

    for name, reader in (("何文静", world.director), ("周建国", world.second_director), ("吕芬春", world.director)):
        _compare_with_paper(world, name, reader)
    _amend(world, third["id"])
    _compare_with_paper(world, "周建国", world.second_director)


def appoint(world: World) -> Caller:
    """The other director is away: somebody else of the hospital signs, from today for a week."""
    dates = {"starts_on": "2026-11-04", "ends_on": "2026-11-10"}
    person_id = str(world.colleague.id)
    world.director.post("/delegations", 404, person_id=person_id, **dates)
    world.second_director.post("/delegations", 201, person_id=person_id, **dates)
    delegate = Caller(world.app, world.server, world.colleague, Role.DELEGATE)
    delegate.log_in()
    return delegate


def _days(sheet: Any) -> dict[str, str]:
    figures = sheet["figures"]
    leave = {one["kind"]: one["days"] for one in figures["leave"]}
    return {"due": figures["due_days"], "served": figures["served_days"], **leave}


def _amend(world: World, timesheet_id: str) -> None:
    """What turns out after the signature is a dated amendment with a signature of its own."""
    change = {"duty_on": "2026-10-23", "shift": "morning", "after": "absent", "reason": "核实当日返城"}
    asked = world.medical_affairs.post(f"/timesheets/{timesheet_id}/amendments", 201, **change)
    path = f"/timesheets/{timesheet_id}/amendments/{asked['amendments'][0]['id']}/accept"
    world.medical_affairs.post(path, 403)
    decided = world.second_director.post(path)
    assert (decided["figures"]["served_days"], decided["figures"]["absent_days"]) == ("2", "0.5")


def _compare_with_paper(world: World, name: str, reader: Caller) -> None:
    """The printed forms carry the figures that the API tells, and the code leads to the record."""
    sheet = world.sheet(name, reader)
    pdf = PdfReader(BytesIO(reader.get(f"/timesheets/{sheet['id']}/form.pdf")))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pdf.pages))
    book = openpyxl.load_workbook(BytesIO(reader.get(f"/timesheets/{sheet['id']}/form.xlsx")))
    paper = book.worksheets[0]
    figures = sheet["figures"]
    assert _figure_in(paper, "应出勤") == figures["due_days"]
    assert _figure_in(paper, "实出勤") == figures["served_days"]
    assert _figure_in(paper, "夜班") == str(figures["nights"])
    assert _figure_in(paper, "旷工") == figures["absent_days"]
    for leave in figures["leave"]:
        assert _figure_in(paper, leave["label"]) == leave["days"]
    if sheet["status"] == "countersigned":
        assert sheet["verification_code"] in text
        page = requests.get(f"{world.server}/console/verify?code={sheet['verification_code']}", timeout=30)
        assert page.status_code == 200
        assert figures["served_days"] in page.text
        assert name not in page.text  # who is not logged in reads a masked name
    else:
        assert "无效" in text
    symbols = {line["symbol"] for line in sheet["lines"]}
    assert all(symbol in text for symbol in symbols if symbol)


def _figure_in(page: Worksheet, label: str) -> str:
    """Return what stands under a label of the spreadsheet's figures."""
    *_, cell = [cell for row in page.iter_rows() for cell in row if cell.value == label]
    return str(page.cell(cell.row + 1, cell.column).value)
