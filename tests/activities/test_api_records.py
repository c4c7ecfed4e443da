"""/activities over HTTP: writing, handing in, reading; who may not; what is refused, and in which words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.kinds import KINDS, ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id
from tests.support.accounts import make_account, phone_of
from tests.support.activities import make_record
from tests.support.activity_content import content_for
from tests.support.county import County, make_county
from tests.support.factories import make_department, make_dispatch, make_person
from tests.support.pictures import as_png, draw_scene
from tests.support.standin import Standin

PATH = "/api/v1/activities"
TODAY = date(2026, 11, 19)
LECTURE = {"topic": "高血压规范管理", "person_times": 46, "hours": 1.5, "audience": "village_doctors"}
DISCUSSION = {
    "diagnosis": "脑梗死",
    "icd_10": "i63.900X001",
    "conclusion": "继续抗凝，三日后复查",
    "patient_surname": "王",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is the noon of a Thursday."""
    with time_machine.travel(datetime(2026, 11, 19, 12, 0, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31))


class Phone:
    """Somebody's phone."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    def get(self, path: str = "", **query: Any) -> Any:
        return self._client.get(PATH + path, query_string=query, headers=self._headers)

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self._client.put(PATH + path, json=body, headers=self._headers)

    def post(self, path: str, body: dict[str, Any], *, key: str = "") -> Any:
        headers = self._headers | {"Idempotency-Key": key or uuid4().hex}
        return self._client.post(PATH + path, json=body, headers=headers)

    def write(self, fields: dict[str, Any] = LECTURE, *, key: str = "", **more: Any) -> Any:
        body = {"kind": "lecture", "occurred_on": "2026-11-18", "fields": fields} | more
        return self.post("", body, key=key)

    def upload(self) -> str:
        file = {"file": (io.BytesIO(as_png(draw_scene())), "签到表.png")}
        answer = self._client.post("/api/v1/attachments", data=file, headers=self._headers)
        return str(answer.get_json()["id"])


@pytest.fixture
def doctor(client: FlaskClient, county: County, dispatch: Dispatch) -> Phone:
    return Phone(client, phone_of(county.doctor))


@pytest.fixture
def director(client: FlaskClient, county: County) -> Phone:
    return Phone(client, phone_of(county.director, Role.DIRECTOR))


def code_of(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json["error"]["code"])


def test_the_kinds_tell_a_form_what_to_ask(doctor: Phone) -> None:
    told = doctor.get("/kinds").json

    kinds = {kind["kind"]: kind for group in told["groups"] for kind in group["kinds"]}
    assert set(kinds) == set(KINDS)
    lecture = kinds["lecture"]
    assert (lecture["label"], lecture["unit"], lecture["title"], lecture["person_times"]) == (
        "讲座",
        "次",
        "topic",
        "person_times",
    )
    audience = next(field for field in lecture["fields"] if field["name"] == "audience")
    assert audience["remembered"]
    assert {"value": "village_doctors", "label": "乡村医生"} in audience["choices"]
    assert {"proof": "sign_in_sheet", "label": "签到表"} in told["proofs"]


@pytest.mark.parametrize("kind", list(ActivityKind))
def test_a_record_of_each_kind_is_written_and_read_back(doctor: Phone, kind: ActivityKind) -> None:
    fields = content_for(KINDS[kind])

    written = doctor.write(fields, kind=kind)

    assert written.status_code == 201, written.text
    read = doctor.get(f"/{written.json['id']}").json
    assert read == written.json
    assert read["fields"] == fields
    assert {line["label"] for line in read["lines"]} == {field.label for field in KINDS[kind].fields}
    assert (read["status_label"], read["recipient"]["name"]) == ("草稿", "青石镇中心卫生院")
    assert read["may"] == {
        "edit": True,
        "submit": True,
        "discard": True,
        "recall": False,
        "amend": False,
        "countersign": False,
        "return": False,
    }


def test_a_draft_may_be_incomplete_and_handing_it_in_says_what_is_missing(doctor: Phone) -> None:
    draft = doctor.write({"hours": 2}).json

    refused = doctor.post(f"/{draft['id']}/submit", {"version": draft["version"]})

    assert code_of(refused, 422) == "content_invalid"
    assert refused.json["error"]["fields"] == {"topic": ["请填写题目。"], "person_times": ["请填写听课人次。"]}
    assert doctor.get(f"/{draft['id']}").json["version"] == draft["version"]


def test_a_record_carries_its_files_and_its_person_times(doctor: Phone, county: County) -> None:
    department = make_department(county.township, "内科")
    files = [{"attachment_id": doctor.upload(), "proof": "sign_in_sheet"}]

    answer = doctor.write(files=files, department_id=str(department.id))

    record = answer.json
    assert record["person_times"] == {"value": 46, "at_least": False, "about": False, "label": "46人次"}
    assert record["quantity"]["label"] == "1次"
    assert record["department"]["name"] == "内科"
    assert record["weekday_label"] == "星期三"
    (file,) = record["files"]
    assert (file["filename"], file["proof_label"], file["picture"]) == ("签到表.png", "签到表", True)
    assert doctor.get(f"/{record['id']}/files/{file['attachment_id']}").content_type == "image/png"
    assert doctor.get().json["items"][0]["files"] == 1


def test_a_repeat_gives_the_same_record_and_another_body_is_refused(doctor: Phone) -> None:
    first = doctor.write(key="made-offline-1")
    again = doctor.write(key="made-offline-1")
    other = doctor.write(LECTURE | {"person_times": 47}, key="made-offline-1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert code_of(other, 422) == "idempotency_key_reused"
    assert doctor.get().json["total"] == 1


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"fields": LECTURE | {"person_times": 10_000}}, "content_invalid", "person_times"),
        ({"fields": LECTURE | {"person_times": -1}}, "content_invalid", "person_times"),
        ({"fields": LECTURE | {"cases": 1}}, "content_invalid", "cases"),
        ({"fields": ["高血压"]}, "invalid", "fields"),
        ({"kind": "dancing"}, "invalid", "kind"),
        ({"author": "我"}, "invalid", "author"),
        ({"occurred_on": "2026-11-20"}, "occurred_in_future", "occurred_on"),
        ({"occurred_on": "2026-08-31"}, "no_dispatch_that_day", "occurred_on"),
        ({"files": [{"attachment_id": str(uuid4()), "proof": "x"}]}, "invalid", "files.0.proof"),
        ({"department_id": str(uuid4())}, "department_elsewhere", "department_id"),
    ],
)
def test_what_cannot_be_is_refused_by_name(doctor: Phone, change: dict[str, Any], code: str, field: str) -> None:
    refused = doctor.write(**{"fields": LECTURE} | change)

    assert code_of(refused, 422) == code
    assert field in refused.json["error"]["fields"]
    assert doctor.get().json["total"] == 0


def test_a_day_outside_the_dispatch_that_was_named_is_refused(doctor: Phone, dispatch: Dispatch) -> None:
    refused = doctor.write(occurred_on="2026-08-31", dispatch_id=str(dispatch.id))

    assert code_of(refused, 422) == "outside_dispatch"
    assert refused.json["error"]["fields"] == {"occurred_on": ["这次派驻为2026-09-01至2026-12-31。"]}


def test_of_two_dispatches_one_has_to_be_named(doctor: Phone, county: County, dispatch: Dispatch) -> None:
    dispatch.patterns.clear()  # another person's weekdays would not matter here
    db.session.commit()
    other = make_dispatch(county.doctor, county.other_township, starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 1))

    assert code_of(doctor.write(), 422) == "dispatch_unclear"
    assert doctor.write(dispatch_id=str(other.id)).json["recipient"]["name"] == "元坝镇中心卫生院"


def test_others_dispatches_and_files_are_not_there(doctor: Phone, client: FlaskClient, county: County) -> None:
    colleague = make_person(county.hospital)
    theirs = make_dispatch(colleague, county.other_township)
    foreign = make_dispatch(make_person(county.foreign_hospital), county.other_township)
    file = Phone(client, phone_of(colleague)).upload()

    assert doctor.write(dispatch_id=str(theirs.id)).status_code == 403  # known to exist, but not one's own
    assert code_of(doctor.write(dispatch_id=str(foreign.id)), 404) == "dispatch_not_found"
    assert doctor.write(files=[{"attachment_id": file, "proof": "photo"}]).status_code == 404
    assert doctor.get().json["total"] == 0


def test_two_edits_at_once_do_not_overwrite_each_other(doctor: Phone) -> None:
    record = doctor.write().json
    body = {"occurred_on": "2026-11-17", "fields": LECTURE | {"topic": "糖尿病"}, "version": record["version"]}

    first = doctor.put(f"/{record['id']}", body)
    second = doctor.put(f"/{record['id']}", body | {"fields": LECTURE})

    assert (first.json["title"], first.json["occurred_on"], first.json["version"]) == ("糖尿病", "2026-11-17", 2)
    assert code_of(second, 412) == "stale_version"
    assert code_of(doctor.post(f"/{record['id']}/submit", {"version": 1}), 412) == "stale_version"
    assert doctor.get(f"/{record['id']}").json["title"] == "糖尿病"


def test_a_change_replaces_all_and_keeps_the_department_unless_told(doctor: Phone, county: County) -> None:
    department = make_department(county.township)
    record = doctor.write(
        department_id=str(department.id), files=[{"attachment_id": doctor.upload(), "proof": "photo"}]
    )
    change = {"occurred_on": "2026-11-18", "fields": {"topic": "卒中"}, "version": 1}

    kept = doctor.put(f"/{record.json['id']}", change).json
    cleared = doctor.put(f"/{record.json['id']}", change | {"version": 2, "department_id": None}).json

    assert (kept["fields"], kept["files"], kept["person_times"]["label"]) == ({"topic": "卒中"}, [], "未报")
    assert kept["department"]["name"] == department.name
    assert cleared["department"] is None


@pytest.fixture
def checked_doctor(client: FlaskClient, county: County, dispatch: Dispatch, standin: Standin) -> Phone:
    """The doctor's phone, just opened, so that WeChat checks what they write."""
    make_account(county.doctor, "o-doctor")
    standin.login_code("o-doctor")
    return Phone(client, phone_of(county.doctor))


def test_what_wechat_lets_pass_is_handed_in_and_taken_back(
    checked_doctor: Phone, director: Phone, standin: Standin
) -> None:
    draft = checked_doctor.write(DISCUSSION, kind="difficult_case").json
    assert code_of(director.get(f"/{draft['id']}"), 404) == "record_not_found"

    submitted = checked_doctor.post(f"/{draft['id']}/submit", {"version": 1}).json

    assert (submitted["status_label"], submitted["held"], submitted["is_late"]) == ("待会签", None, False)
    assert submitted["may"]["recall"]
    (call,) = standin.received("/wxa/msg_sec_check")
    assert call["body"]["content"] == "脑梗死\n继续抗凝，三日后复查"  # nothing of who the patient is
    assert director.get(f"/{draft['id']}").json["may"]["countersign"]
    recalled = checked_doctor.post(f"/{draft['id']}/recall", {"version": 2}).json
    assert recalled["status"] == "draft"
    assert director.get(f"/{draft['id']}").status_code == 404


def test_a_text_that_wechat_refuses_is_not_handed_in(checked_doctor: Phone, standin: Standin) -> None:
    standin.order("options", risky_words=["高血压"])

    written = checked_doctor.write(submit=True)
    draft = checked_doctor.write().json
    refused = checked_doctor.post(f"/{draft['id']}/submit", {"version": 1})

    assert code_of(written, 422) == code_of(refused, 422) == "text_refused"
    (kept,) = checked_doctor.get().json["items"]
    assert (kept["status"], kept["held"]["code"]) == ("draft", "text_refused")
    mended = checked_doctor.put(
        f"/{draft['id']}", {"occurred_on": "2026-11-18", "fields": LECTURE | {"topic": "卒中"}, "version": 2}
    ).json
    assert mended["held"] is None
    assert checked_doctor.post(f"/{draft['id']}/submit", {"version": 3}).json["status"] == "submitted"


def test_while_wechat_does_not_answer_a_record_waits_as_a_draft_that_says_so(
    checked_doctor: Phone, standin: Standin
) -> None:
    standin.order("faults", path="/wxa/msg_sec_check", kind="errcode", errcode=-1, times=2)

    held = checked_doctor.write(submit=True, key="pressed-once-1")
    again = checked_doctor.post(f"/{held.json['id']}/submit", {"version": 1})
    at_last = checked_doctor.post(f"/{held.json['id']}/submit", {"version": 2})

    assert held.status_code == 201
    assert (held.json["status"], held.json["held"]["code"]) == ("draft", "text_check_unavailable")
    assert (again.status_code, again.json["status"]) == (200, "draft")
    assert (at_last.json["status"], at_last.json["held"]) == ("submitted", None)
    assert checked_doctor.write(submit=True, key="pressed-once-1").json["status"] == "submitted"


def test_what_is_handed_in_is_neither_changed_nor_given_up(doctor: Phone, dispatch: Dispatch) -> None:
    record = make_record(dispatch, status=RecordStatus.SUBMITTED, occurred_on=TODAY)
    body = {"occurred_on": "2026-11-18", "fields": LECTURE, "version": 1}

    assert code_of(doctor.put(f"/{record.id}", body), 409) == "record_locked"
    assert code_of(doctor.post(f"/{record.id}/submit", {"version": 1}), 409) == "record_locked"
    assert code_of(doctor.post(f"/{record.id}/discard", {"version": 1}), 409) == "record_not_waiting"


def test_a_draft_that_was_given_up_is_gone_with_its_files(doctor: Phone) -> None:
    record = doctor.write(
        DISCUSSION, kind="difficult_case", files=[{"attachment_id": doctor.upload(), "proof": "photo"}]
    ).json

    assert doctor.post(f"/{record['id']}/discard", {"version": 1}).status_code == 204

    assert doctor.get(f"/{record['id']}").status_code == 404
    assert doctor.get().json["total"] == 0
    row = db.session.get(ActivityRecord, record["id"])
    assert row is not None
    assert (row.status, row.clinical, row.files) == (RecordStatus.DISCARDED, None, [])


def test_nobody_else_writes_a_record(doctor: Phone, director: Phone, client: FlaskClient, county: County) -> None:
    draft = doctor.write().json
    submitted = make_record(db.session.get_one(Dispatch, draft["dispatch_id"]), status=RecordStatus.SUBMITTED)
    office = Phone(client, phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS))

    for somebody in (director, office):
        assert somebody.post(f"/{submitted.id}/submit", {"version": 1}).status_code == 403
        assert somebody.post(f"/{submitted.id}/recall", {"version": 1}).status_code == 403
        assert somebody.post(f"/{draft['id']}/submit", {"version": 1}).status_code == 404
    assert Phone(client, phone_of(None)).write().status_code == 403


def test_another_s_reading_about_a_patient_leaves_a_trace(doctor: Phone, director: Phone, dispatch: Dispatch) -> None:
    plain = make_record(dispatch, status=RecordStatus.SUBMITTED, occurred_on=TODAY)
    draft = doctor.write(DISCUSSION, kind="difficult_case").json
    row = db.session.get_one(ActivityRecord, draft["id"])
    row.status, row.submitted_at = RecordStatus.SUBMITTED, row.created_at
    db.session.commit()

    doctor.get(f"/{row.id}")
    director.get(f"/{plain.id}")
    director.get()
    assert db.session.query(AuditEvent).filter_by(action="open_activity").all() == []
    assert director.get(f"/{row.id}").json["fields"]["patient_surname"] == "王"

    (event,) = db.session.query(AuditEvent).filter_by(action="open_activity").all()
    assert (event.subject_id, event.organisation_id) == (row.id, row.supporting_id)
    assert b"\xe7\x8e\x8b" not in (row.clinical or b"")


def test_who_a_patient_is_is_warned_of(doctor: Phone) -> None:
    fields = DISCUSSION | {"conclusion": "患者王建国，电话13887654321"}

    record = doctor.write(fields, kind="difficult_case").json

    assert [(one["field"], one["code"]) for one in record["warnings"]] == [
        ("conclusion", "telephone_number"),
        ("conclusion", "full_name"),
    ]
    assert record["fields"]["icd_10"] == "I63.900x001"


def test_the_last_values_are_offered_again(doctor: Phone, dispatch: Dispatch) -> None:
    doctor.write(LECTURE | {"material": "慢病课件"}, occurred_on="2026-11-10")
    doctor.write({"hours": 1.5, "topic": "更早"}, occurred_on="2026-11-01")

    offered = doctor.get("/last", kind="lecture").json

    assert offered == {
        "fields": {"audience": "village_doctors", "hours": 1.5, "material": "慢病课件"},
        "dispatch_id": str(dispatch.id),
    }
    assert doctor.get("/last", kind="rescue").json == {"fields": {}, "dispatch_id": None}


def test_a_list_is_narrowed_by_what_it_is_asked_for(doctor: Phone, director: Phone, dispatch: Dispatch) -> None:
    make_record(dispatch, occurred_on=date(2026, 10, 5), title="高血压")
    make_record(
        dispatch, ActivityKind.RESCUE, occurred_on=date(2026, 11, 5), status=RecordStatus.SUBMITTED, title="心梗"
    )
    make_record(dispatch, occurred_on=date(2026, 11, 6), status=RecordStatus.IMPORTED, title="糖尿病")
    make_record(dispatch, occurred_on=date(2026, 11, 7), status=RecordStatus.DRAFT, title="卒中")
    make_record(dispatch, occurred_on=date(2026, 11, 8), status=RecordStatus.DISCARDED, title="放弃")

    def titles(phone: Phone, **query: Any) -> list[str]:
        return [item["title"] for item in phone.get(**query).json["items"]]

    assert titles(doctor) == ["卒中", "糖尿病", "心梗", "高血压"]
    assert titles(director) == ["糖尿病", "心梗", "高血压"]
    assert titles(director, mine="true") == []
    assert titles(director, counted="true") == ["糖尿病", "高血压"]
    assert titles(director, status="submitted") == ["心梗"]
    assert titles(director, kind="rescue") == ["心梗"]
    assert titles(director, **{"from": "2026-11-01", "to": "2026-11-05"}) == ["心梗"]
    assert titles(director, text="血压") == ["高血压"]
    assert titles(director, text="吕芬") == ["糖尿病", "心梗", "高血压"]
    assert titles(director, recipient_id=str(new_id())) == []
    assert titles(doctor, status="discarded") == []
    assert titles(doctor, page_size=1, page=2) == ["糖尿病"]


def test_the_document_knows_the_fields_of_each_kind(client: FlaskClient) -> None:
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]

    mapping = schemas["ActivityInput"]["discriminator"]["mapping"]
    assert set(mapping) == set(ActivityKind)
    lecture = schemas[mapping["lecture"].rsplit("/", 1)[1]]
    assert lecture["properties"]["kind"]["enum"] == ["lecture"]
    fields = schemas[lecture["properties"]["fields"]["$ref"].rsplit("/", 1)[1]]
    assert set(fields["properties"]) == {field.name for field in KINDS[ActivityKind.LECTURE].fields}
    assert (fields["properties"]["person_times"]["maximum"], fields["additionalProperties"]) == (2000, False)
