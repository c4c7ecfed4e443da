"""A month of an expert's clinics, over HTTP: planned, booked, closed at dawn, moved, called, seen; each told once."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from redis import Redis
from sqlalchemy import func, select

from backend.app import create_app
from backend.config import Settings
from backend.domain.notifications.models.grants import SubscriptionGrant
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from backend.jobs.clinics import owe_reminders
from backend.jobs.notifications import deliver_messages
from backend.jobs.waitlist import run_waitlists
from tests.support.console import Office, words_of
from tests.support.county import County, make_county
from tests.support.factories import make_department, make_dispatch, make_person
from tests.support.living import Caller, serving
from tests.support.moments import Moments
from tests.support.standin import Standin

MADE, CHANGED, REMINDER = "dev-booking_made", "dev-clinic_changed", "dev-visit_reminder"
TEMPLATES = (MADE, CHANGED, "dev-place_offered", REMINDER)
PLANNED = [date(2026, 12, day) for day in (2, 9, 16, 23, 30)]  # Wednesdays
FIRST, CLOSED, NEXT = PLANNED[:3]
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"


class Patient:
    """Somebody with a WeChat of their own, who books for themselves."""

    def __init__(self, server: str, standin: Standin, number: int, *, subscribes: bool) -> None:
        self.api, self.openid, self.subscribes = f"{server}/api/v1", f"patient-{number:02}", subscribes
        self._standin, self.number = standin, number
        self._headers: dict[str, str] = {}
        self.patient_id = ""
        self.booking: dict[str, Any] = {}

    def log_in(self) -> None:
        answer = requests.post(f"{self.api}/session", json={"code": self._standin.login_code(self.openid)}, timeout=30)
        assert answer.status_code == 201, answer.text
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def register(self) -> None:
        name = f"{FAMILY_NAMES[self.number]}桂英"
        self.patient_id = self.post(
            "/patients",
            201,
            name=name,
            relation="self",
            identity_kind="social_security_card",
            identity_number=f"YL{self.number:08}",
            telephone=f"139000{self.number:05}",
        )["id"]

    def subscribe(self) -> None:
        for template_id in TEMPLATES:
            self._standin.order("grants", openid=self.openid, template_id=template_id, kind="long_term")

    def get(self, path: str) -> Any:
        answer = requests.get(self.api + path, headers=self._headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, status: int, **body: Any) -> Any:
        headers = self._headers | {"Idempotency-Key": new_id().hex}
        answer = requests.post(self.api + path, headers=headers, json=body, timeout=30)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def book(self, clinic_id: str, status: int = 201) -> Any:
        made = self.post("/bookings", status, clinic_id=clinic_id, patient_id=self.patient_id)
        if status == 201:
            self.booking = made
        return made


@dataclasses.dataclass
class World:
    """Two hospitals with their people, forty patients, and a WeChat that keeps a log."""

    app: Flask
    server: str
    moments: Moments
    county: County
    standin: Standin
    expert: Caller
    desk: Caller
    duty: Caller
    patients: list[Patient]
    dispatch_id: Any
    department_id: Any
    told: Counter[tuple[str, str]] = dataclasses.field(default_factory=Counter)

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Move on to an instant; whoever acts logs in anew, as tokens do not last."""
        self.moments.at(day, hour, minute)
        with self.moments.present():
            for caller in (self.expert, self.desk, self.duty):
                caller.log_in()

    def deliver(self) -> None:
        """Send what is owed, and wait until WeChat has told what became of it."""
        self.moments.run(self.app, deliver_messages)
        self.until(lambda: self.count_messages(DeliveryStatus.SENT) == 0)

    def remind(self) -> None:
        """Let the job of reminders have its minute."""
        self.moments.run(self.app, owe_reminders)
        self.deliver()

    def expect(self, patients: Sequence[Patient], template_id: str) -> None:
        """Note that each of these is told once more, if they allow it."""
        self.told.update((patient.openid, template_id) for patient in patients if patient.subscribes)

    def log(self) -> Counter[tuple[str, str]]:
        """Return what WeChat has taken, to whom and in which template."""
        return Counter((message["touser"], message["template_id"]) for message in self.standin.ask("messages"))

    def count_messages(self, status: DeliveryStatus) -> int:
        statement = select(func.count()).where(OutboxMessage.status == status)
        return db.session.scalar(statement) or 0

    def until(self, settled: Any) -> None:
        """Wait for the events that WeChat pushes on its own."""
        ends = time.monotonic() + 20
        while not settled():
            assert time.monotonic() < ends, "WeChat's events did not settle it"
            db.session.rollback()
            time.sleep(0.05)
        db.session.rollback()

    def clinic_on(self, day: date) -> Any:
        found = requests.get(
            f"{self.server}/api/v1/clinics", params={"day_from": str(day), "day_to": str(day)}, timeout=30
        )
        (card,) = found.json()["items"]
        return card

    def list_of(self, clinic_id: str) -> Any:
        return self.desk.get(f"/clinics/{clinic_id}/bookings")["items"]


@pytest.fixture
def world(settings: Settings, database: str, redis: Redis, standin: Standin) -> Iterator[World]:
    moments = Moments(database)
    app = create_app(dataclasses.replace(settings, database_url=database))
    moments.rule(app)
    with serving(app) as server, app.app_context():
        standin.order("options", push_url=f"{server}/api/v1/wechat/events", push_token=settings.wechat_push_token)
        yield _world(app, server, moments, standin)
        db.session.remove()
        db.engine.dispose()


def _world(app: Flask, server: str, moments: Moments, standin: Standin) -> World:
    moments.at(date(2026, 11, 24), 9)
    county = make_county()
    department = make_department(county.township, "内科")
    dispatch = make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 11, 20), ends_on=date(2026, 12, 31), sites=[county.site]
    )
    desk = make_person(county.township, "何秋生", roles=[Role.DESK])
    duty = make_person(county.hospital, "沈值班", roles=[Role.DUTY])
    db.session.commit()
    return World(
        app=app,
        server=server,
        moments=moments,
        county=county,
        standin=standin,
        expert=Caller(app, server, county.doctor),
        desk=Caller(app, server, desk, Role.DESK),
        duty=Caller(app, server, duty, Role.DUTY),
        dispatch_id=dispatch.id,
        department_id=department.id,
        patients=[Patient(server, standin, number, subscribes=number < 36) for number in range(40)],
    )


def test_a_month_of_clinics(world: World) -> None:
    _plan(world)
    _seen, moved = _book(world)
    closure = _close_the_second_at_dawn(world, moved)
    *coming, late, ill = _answer_and_call(world, moved, closure)
    _hold(world, NEXT, coming, missing=[late, ill])
    late.log_in()
    (missed,) = late.get("/bookings?scope=past")["items"][:1]
    assert (missed["status"], missed["may_appeal"]) == ("noshow", True)
    _everything_is_told_once(world)


def _plan(world: World) -> None:
    """A month of Wednesdays; nobody can book before the release."""
    world.at(date(2026, 11, 24), 10)
    with world.moments.present():
        office = Office(world.app, world.county.medical_affairs, Role.MEDICAL_AFFAIRS)
        answer = office.send("/clinics/new", **_month_of(world))
    assert answer.status_code == 302, words_of(answer)
    world.at(FIRST - timedelta(days=7), 7, 59)
    early = world.patients[0]
    for patient in world.patients:
        patient.log_in()
        patient.register()
    assert world.clinic_on(FIRST)["state"] == "not_released"
    assert early.book(world.clinic_on(FIRST)["id"], 409)["error"]["code"] == "not_released"
    for patient in world.patients:
        if patient.subscribes:
            patient.subscribe()
    granted = 36 * len(TEMPLATES)
    world.until(lambda: db.session.scalar(select(func.count()).select_from(SubscriptionGrant)) == granted)


def _month_of(world: World) -> dict[str, Any]:
    """Return the form of five Wednesdays of three hours, each with eight places by phone and two at the desk."""
    hours = {
        f"{name}_{row}": value
        for row in range(3)
        for name, value in (("starts", f"{9 + row:02}:00"), ("ends", f"{10 + row:02}:00"), ("phone", 8), ("desk", 2))
    }
    return hours | {
        "dispatch_id": world.dispatch_id,
        "site_id": world.county.site.id,
        "department_id": world.department_id,
        "repeat": "weekly",
        "weekdays": [3],
        "first": "2026-12-01",
        "last": "2026-12-31",
        "release_days": 7,
        "release_time": "08:00",
        "overflow_hours": 24,
        "phone_minutes": 60,
        "fee": 0,
    }


def _book(world: World) -> tuple[list[Patient], list[Patient]]:
    """Forty book: sixteen for the first Wednesday, twenty-four, which is every phone place, for the second."""
    seen, moved = world.patients[:16], world.patients[16:]
    _book_all(world, FIRST, seen, hour=10)
    assert world.clinic_on(FIRST)["free"] == 8
    _hold(world, FIRST, seen)
    _book_all(world, CLOSED, moved, hour=14)
    assert world.clinic_on(CLOSED)["state"] == "full"
    return seen, moved


def _book_all(world: World, day: date, patients: Sequence[Patient], hour: int) -> None:
    world.at(day - timedelta(days=7), hour)
    clinic = world.clinic_on(day)
    assert clinic["state"] == "bookable"
    for patient in patients:
        patient.log_in()
        patient.book(clinic["id"])
    world.deliver()
    world.expect(patients, MADE)


def _remind(world: World, day: date, patients: Sequence[Patient]) -> None:
    """The evening before, and two hours before each period."""
    world.at(day - timedelta(days=1), 18)
    world.remind()
    world.expect(patients, REMINDER)
    for hour in (7, 8, 9):
        world.at(day, hour)
        world.remind()
    world.expect(patients, REMINDER)


def _hold(world: World, day: date, patients: Sequence[Patient], missing: Sequence[Patient] = ()) -> None:
    """Remind who has booked, and enter who came from the paper after the clinic."""
    _remind(world, day, [*patients, *missing])
    world.at(day, 12, 30)
    clinic_id = world.clinic_on(day)["id"]
    absent = {patient.patient_id for patient in missing}
    entries = [
        {
            "id": one["id"],
            "version": one["version"],
            "status": "noshow" if one["patient"]["id"] in absent else "fulfilled",
        }
        for one in world.list_of(clinic_id)
    ]
    assert len(entries) == len(patients) + len(missing)
    answer = world.desk.post(f"/clinics/{clinic_id}/attendance", bookings=entries)
    assert (len(answer["done"]), answer["left"]) == (len(entries), [])
    world.deliver()
    world.expect(missing, CHANGED)


def _close_the_second_at_dawn(world: World, moved: Sequence[Patient]) -> Any:
    """The expert is called back at half past six: the duty officer sees who is affected, and closes with one tap."""
    world.at(CLOSED - timedelta(days=1), 18)
    world.remind()
    world.expect(moved, REMINDER)
    world.at(CLOSED, 6, 30)
    clinic = world.clinic_on(CLOSED)
    preview = world.duty.get(f"/clinics/{clinic['id']}/closure-preview")
    assert (preview["affected"], preview["with_place"], preview["arrived"]) == (24, 24, 0)
    (mine,) = [one for one in world.duty.get("/clinics/mine")["items"] if one["id"] == clinic["id"]]
    closure = world.duty.post(
        f"/clinics/{clinic['id']}/close", reason="called_back", note="县医院有紧急手术", version=mine["version"]
    )
    assert closure["needs_review"]
    world.deliver()
    world.expect(moved, CHANGED)
    for hour in (7, 8, 9):  # nobody is reminded of what is not held
        world.at(CLOSED, hour)
        world.remind()
    assert world.clinic_on(CLOSED)["state"] == "closed"
    return world.duty.get(f"/closures/{closure['id']}")


def _answer_and_call(world: World, moved: Sequence[Patient], closure: Any) -> list[Patient]:
    """Fourteen accept with a tap, three decline, seven are called: five of them accept, one declines, one is not in.

    Return who comes to the next.
    """
    world.at(CLOSED, 9, 30)
    accepting, declining, called = moved[:14], moved[14:17], list(reversed(moved[17:]))
    for patient, answer, status in [(one, "accept", 201) for one in accepting] + [
        (one, "decline", 200) for one in declining
    ]:
        patient.log_in()
        (offer,) = patient.get("/offers")["items"]
        assert offer["instead_of"]["reason_label"] == "因公返院"
        patient.post(f"/offers/{offer['id']}/{answer}", status)
    world.deliver()
    world.expect(accepting, MADE)
    calls = world.desk.get(f"/closures/{closure['id']}/calls")["items"]
    by_telephone = {call["telephone"]: call for call in calls if not call["call_outcome"]}
    assert set(by_telephone) == {f"139000{patient.number:05}" for patient in called}
    outcomes = ["accepted"] * 5 + ["declined", "no_answer"]
    for patient, outcome in zip(called, outcomes, strict=True):
        call = by_telephone[f"139000{patient.number:05}"]
        world.desk.post(
            f"/closures/{closure['id']}/calls/{call['booking_id']}", outcome=outcome, version=call["version"]
        )
    world.deliver()
    world.expect(called[:5], MADE)
    unreached = called[-1]
    world.at(CLOSED + timedelta(days=1), 7)
    world.moments.run(world.app, run_waitlists)
    world.deliver()
    world.expect([unreached], CHANGED)
    assert world.desk.get(f"/closures/{closure['id']}")["answered"]["accepted"] == 19
    return [*accepting, *called[:5]]


def _everything_is_told_once(world: World) -> None:
    assert world.log() - world.told == Counter() == world.told - world.log()
    assert world.count_messages(DeliveryStatus.OWED) == 0
    assert world.count_messages(DeliveryStatus.UNKNOWN) == 0
