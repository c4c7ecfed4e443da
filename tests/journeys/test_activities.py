"""One record of each kind, over HTTP: logged, returned, mended, countersigned, counted; and last year's ledger."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import requests
from flask import Flask
from PIL import Image
from redis import Redis
from sqlalchemy import select

from backend.app import create_app
from backend.config import Settings
from backend.domain.accounts.models import Account, Person
from backend.domain.activities.rules.kinds import KINDS, ActivityKind
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.dispatch.rules import Shift
from backend.domain.imports.service import apply_roster
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Role
from backend.foundation.ids import new_id
from backend.jobs.imports import apply_import, check_import
from tests.imports.test_ledger_sample import LEDGER
from tests.imports.workbooks import SAMPLE
from tests.support.console import Office, words_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch
from tests.support.living import Caller, serving
from tests.support.standin import Standin
from tests.support.timesheets import make_tap

PATIENT = {
    "patient_surname": "欧阳",
    "patient_sex": "female",
    "patient_age_band": "elderly",
    "patient_record_number": "ZY2026-0117",
}
DIAGNOSIS = {"diagnosis": "脑梗死", "icd_10": "I63.9"}
OPERATION = {"operation": "阑尾切除术", "grade": "2", "anaesthesia": "spinal", **PATIENT}
DISCUSSION = {**DIAGNOSIS, "participants": 9, "conclusion": "同意静脉溶栓，六小时后复查头颅CT。", **PATIENT}
TAUGHT = {"topic": "卒中早期识别", "audience": "staff", "person_times": 31, "hours": 1.5}
LECTURE = TAUGHT | {"material": "自制课件"}
READ = {"cases": 6, "remote_site": "县医院影像科"}
# What a doctor fills in, and what it counts as: the quantity in the unit of the kind, and the people it reached.
CONTENTS: dict[ActivityKind, tuple[dict[str, Any], int, int | None]] = {
    ActivityKind.OUTPATIENT_CLINIC: ({"morning": 23, "afternoon": 8}, 31, None),
    ActivityKind.WARD_ROUND: ({"patients": 12, "ward": "内科病区"}, 12, None),
    ActivityKind.TEACHING_ROUND: ({"topic": "慢阻肺急性加重", "person_times": 7, "ward": "内科病区", **PATIENT}, 1, 7),
    ActivityKind.SURGERY_OWN: (OPERATION, 1, None),
    ActivityKind.SURGERY_DEMONSTRATED: (OPERATION | {"person_times": 5}, 1, None),
    ActivityKind.SURGERY_TAUGHT: (OPERATION | {"learner": "本院外科医师"}, 1, None),
    ActivityKind.CONSULTATION: ({**DIAGNOSIS, "opinion": "建议转上级医院。", **PATIENT}, 1, None),
    ActivityKind.DIFFICULT_CASE: (DISCUSSION, 1, 9),
    ActivityKind.CRITICAL_CASE: (DISCUSSION, 1, 9),
    ActivityKind.DEATH_CASE: (DISCUSSION, 1, 9),
    ActivityKind.RESCUE: ({**DIAGNOSIS, "outcome": "survived", "course": "气管插管后转入病房。", **PATIENT}, 1, None),
    ActivityKind.LECTURE: (LECTURE, 1, 31),
    ActivityKind.TRAINING: (TAUGHT | {"form": "skill"}, 1, 31),
    ActivityKind.COURSEWARE: ({"topic": "卒中识别课件", "pages": 42}, 1, None),
    ActivityKind.NEW_TECHNIQUE: ({"technique": "静脉溶栓", "first_on": "", "cases": 3}, 3, None),
    ActivityKind.FREE_CLINIC: ({"place": "青石镇集市", "people": 86, "drugs": "降压药", "leaflets": 120}, 1, 86),
    ActivityKind.HOME_VISIT: ({"place": "下寨村三组", "people": 4, "note": "血压控制平稳。"}, 1, 4),
    ActivityKind.REMOTE_CONSULTATION: ({**DIAGNOSIS, "opinion": "继续抗血小板治疗。", **PATIENT}, 1, None),
    ActivityKind.REMOTE_IMAGING: (READ, 6, None),
    ActivityKind.REMOTE_ECG: (READ, 6, None),
    ActivityKind.REMOTE_ULTRASOUND: (READ, 6, None),
    ActivityKind.REMOTE_PATHOLOGY: (READ, 6, None),
    ActivityKind.REMOTE_LECTURE: (LECTURE, 1, 31),
}
# The published year of one county hospital, January to October: quantity and person-times of each kind.
LAST_YEAR = {
    "outpatient_clinic": (1455, None),
    "ward_round": (1193, None),
    "rescue": (14, None),
    "surgery_taught": (42, None),
    "critical_case": (53, None),
    "lecture": (36, 440),
    "free_clinic": (17, None),
    "new_technique": (5, None),
}


@dataclasses.dataclass
class World:
    """A doctor at a township hospital, its director, and the offices of both."""

    app: Flask
    server: str
    county: County
    doctor: Caller
    director: Caller
    office: Caller

    def figures(self, who: Caller, **query: Any) -> dict[str, Any]:
        """Return the figures of a period by kind."""
        asked = "&".join(f"{name.rstrip('_')}={value}" for name, value in query.items())
        return {item["kind"]: item for item in who.get(f"/activities/figures?by=kind&{asked}")["items"]}


@pytest.fixture
def world(settings: Settings, database: str, redis: Redis, standin: Standin) -> Iterator[World]:
    app = create_app(dataclasses.replace(settings, database_url=database))
    with serving(app) as server, app.app_context():
        yield _world(app, server, standin)
        db.session.remove()
        db.engine.dispose()


def _world(app: Flask, server: str, standin: Standin) -> World:
    county = make_county()
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    make_tap(dispatch, clock.today() - timedelta(days=1), Shift.MORNING, Outcome.VERIFIED)
    doctor = Caller(app, server, county.doctor)
    director = Caller(app, server, county.director, Role.DIRECTOR)
    office = Caller(app, server, county.medical_affairs, Role.MEDICAL_AFFAIRS)
    for caller in (doctor, director, office):
        caller.log_in()
    _open_the_mini_program(server, standin, county.doctor)
    return World(app, server, county, doctor, director, office)


def _open_the_mini_program(server: str, standin: Standin, person: Person) -> None:
    """Log in through WeChat, which checks the texts of those alone who were there of late."""
    openid = db.session.scalars(select(Account.openid).where(Account.person_id == person.id)).one()
    code = standin.login_code(openid)
    assert requests.post(f"{server}/api/v1/session", json={"code": code}, timeout=30).status_code == 201


def test_one_record_of_each_kind_is_logged_returned_mended_and_countersigned(world: World) -> None:
    assert set(CONTENTS) == set(ActivityKind)
    logged = {kind: _log(world, kind) for kind in ActivityKind}
    assert world.figures(world.office, **_this_week())["lecture"]["waiting"] == 1
    for record in logged.values():
        _return(world, record)
    mended = [_mend(world, record["id"]) for record in logged.values()]
    answer = world.director.post(
        "/activities/countersign", records=[{"id": one["id"], "version": one["version"]} for one in mended]
    )
    assert (len(answer["done"]), answer["left"]) == (len(CONTENTS), [])
    for record in mended:
        signed = world.doctor.get(f"/activities/{record['id']}")
        assert signed["status"] == "countersigned"
        assert signed["countersigned"]["by"] == world.county.director.name
    _each_figure_opens_its_records(world)
    _a_later_change_is_another_edition(world, mended)


def _this_week() -> dict[str, str]:
    """Return a period that holds what is logged here, as the API asks for it."""
    return {"from_": str(clock.today() - timedelta(days=7)), "to": str(clock.today())}


def _log(world: World, kind: ActivityKind) -> dict[str, Any]:
    """Log a record as a phone in a valley does: once, though its answer is lost the first time."""
    photo = world.doctor.upload("现场.jpg", _photo(kind))
    body = {
        "kind": kind.value,
        "occurred_on": str(clock.today() - timedelta(days=1)),
        "fields": _fields(kind),
        "files": [{"attachment_id": photo, "proof": "photo"}],
        "submit": True,
    }
    key = new_id().hex
    first = world.doctor.post("/activities", 201, key=key, **body)
    again = world.doctor.post("/activities", 200, key=key, **body)
    assert again["id"] == first["id"]
    assert (first["status"], first["kind_label"]) == ("submitted", KINDS[kind].label)
    assert _told(first) == CONTENTS[kind][1:]
    return dict(first)


def _fields(kind: ActivityKind) -> dict[str, Any]:
    fields = dict(CONTENTS[kind][0])
    if "first_on" in fields:
        fields["first_on"] = str(clock.today() - timedelta(days=1))
    return fields


def _photo(kind: ActivityKind) -> bytes:
    """Return a photograph like no other here."""
    chance, file = random.Random(kind.value), BytesIO()
    picture = Image.frombytes("RGB", (16, 12), chance.randbytes(16 * 12 * 3))
    picture.resize((640, 480), Image.Resampling.NEAREST).save(file, "JPEG")
    return file.getvalue()


def _return(world: World, record: dict[str, Any]) -> None:
    returned = world.director.post(
        f"/activities/{record['id']}/return", version=record["version"], reason="请补充当天的签到表"
    )
    assert returned["status"] == "returned"


def _mend(world: World, record_id: str) -> dict[str, Any]:
    """Add the sheet that was asked for, and hand the record in again."""
    found = world.doctor.get(f"/activities/{record_id}")
    assert found["return_reason"] == "请补充当天的签到表"
    sheet = world.doctor.upload("签到表.pdf", b"%PDF-1.4 " + record_id.encode())
    files = [{"attachment_id": one["attachment_id"], "proof": one["proof"]} for one in found["files"]]
    mended = world.doctor.put(
        f"/activities/{record_id}",
        occurred_on=found["occurred_on"],
        fields=found["fields"],
        files=[*files, {"attachment_id": sheet, "proof": "sign_in_sheet"}],
        version=found["version"],
    )
    return dict(world.doctor.post(f"/activities/{record_id}/submit", version=mended["version"]))


def _told(figure: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return what a figure or a record comes to: its quantity, and the people reached, where the kind counts them."""
    return figure["quantity"]["value"], figure["person_times"] and figure["person_times"]["value"]


def _each_figure_opens_its_records(world: World) -> None:
    figures = world.figures(world.office, **_this_week())
    assert set(figures) == {kind.value for kind in ActivityKind}
    for kind, (_fields_of, quantity, person_times) in CONTENTS.items():
        figure = figures[kind.value]
        assert (figure["records"], *_told(figure)) == (1, quantity, person_times)
        behind = world.office.get(f"/activities?{figure['records_query']}")
        assert [one["kind"] for one in behind["items"]] == [kind.value]


def _a_later_change_is_another_edition(world: World, records: list[dict[str, Any]]) -> None:
    """The first edition counts until the second is countersigned, and stays readable after it."""
    lecture = next(one for one in records if one["kind"] == "lecture")
    draft = world.doctor.post(f"/activities/{lecture['id']}/amend", 201)
    world.doctor.put(
        f"/activities/{draft['id']}",
        occurred_on=draft["occurred_on"],
        fields=draft["fields"] | {"person_times": 33},
        files=[{"attachment_id": one["attachment_id"], "proof": one["proof"]} for one in draft["files"]],
        version=draft["version"],
    )
    handed_in = world.doctor.get(f"/activities/{draft['id']}")
    handed_in = world.doctor.post(f"/activities/{draft['id']}/submit", version=handed_in["version"])
    assert world.figures(world.office, **_this_week())["lecture"]["person_times"]["value"] == 31
    world.director.post(f"/activities/{draft['id']}/countersign", version=handed_in["version"])
    assert world.figures(world.office, **_this_week())["lecture"]["person_times"]["value"] == 33
    before = world.office.get(f"/activities/{lecture['id']}")
    assert (before["status"], before["person_times"]["value"]) == ("superseded", 31)


def test_the_ledger_of_a_year_comes_to_what_the_county_published(world: World) -> None:
    assert not apply_roster(SYSTEM, SAMPLE).refused
    hospital = select(Person).join(Person.organisation).where(Organisation.code == "53019901")
    clerk = db.session.scalars(hospital.where(Person.roles.any(role=Role.MEDICAL_AFFAIRS)).limit(1)).one()
    office = Office(world.app, clerk, Role.MEDICAL_AFFAIRS)
    answer = office.upload("/imports", LEDGER.read_bytes(), "2025年台账.xlsx", kind="ledger")
    page = answer.location.removeprefix("/console")
    check_import(page.rsplit("/", 1)[-1])
    assert "检查通过" in words_of(office.open(page))
    assert office.send(f"{page}/confirm").status_code == 302
    apply_import(page.rsplit("/", 1)[-1])
    assert "已导入" in words_of(office.open(page))
    reader = Caller(world.app, world.server, clerk, Role.MEDICAL_AFFAIRS)
    reader.log_in()
    figures = world.figures(reader, from_="2025-01-01", to="2025-10-31")
    assert {kind: _told(one) for kind, one in figures.items()} == LAST_YEAR
    assert all(one["imported"] == one["records"] for one in figures.values())
    techniques = reader.get("/activities?kind=new_technique&from=2025-01-01&to=2025-12-31")["items"]
    assert {(one["title"], one["quantity"]["label"], one["status_label"]) for one in techniques} == {
        ("室上速的心脏电复律治疗", "3例", "台账导入"),
        ("食管癌合并冠心病综合治疗", "2例", "台账导入"),
    }
