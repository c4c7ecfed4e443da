"""The records of a list as a file: columns by kind, amounts as they were said, patients only for who may read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import orjson
import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.activities.errors.exports import NothingToExport, TooManyToExport
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.printing.columns import columns_of
from backend.domain.activities.queries.filtering import filter_of, query_of
from backend.domain.activities.queries.records import RecordFilter
from backend.domain.activities.rules.kinds import KINDS, ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service import exports
from backend.domain.activities.service.exports import request_records
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.exports.service import get_export, open_export
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import encrypt_bytes
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.jobs.exports import make_export
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person

Cells = list[dict[str, Any]]


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township)


def exported(actor: Actor, which: RecordFilter | None = None) -> Cells:
    """Return the rows of the file that an actor gets, by the headings of their columns, without empty cells."""
    export = request_records(actor, which or RecordFilter())
    make_export(str(export.id))
    with open_export(actor, export.id) as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
        headings, *rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert get_export(actor, export.id).rows == len(rows)
    return [{str(name): cell for name, cell in zip(headings, row, strict=True) if cell is not None} for row in rows]


def of_a_patient(dispatch: Dispatch, **clinical: str) -> ActivityRecord:
    details = {"operation": "阑尾切除术", "grade": "2"}
    waiting = RecordStatus.SUBMITTED
    record = make_record(dispatch, ActivityKind.SURGERY_OWN, title="阑尾切除术", details=details, status=waiting)
    record.clinical = encrypt_bytes(
        orjson.dumps(clinical), table="activity_records", column="clinical", row_id=record.id
    )
    return record


def test_a_record_has_its_own_columns_and_those_of_its_kind(county: County, dispatch: Dispatch) -> None:
    details = {"topic": "高血压规范管理", "person_times": 30, "hours": 1.5, "audience": "staff"}
    make_record(dispatch, details=details, person_times=30, signer=county.director, is_late=True)
    [row] = exported(county.office)
    told = {
        "类别": "讲座",
        "名称": "高血压规范管理",
        "姓名": county.doctor.name,
        "受援单位": county.township.name,
        "数量": 1,
        "单位": "次",
        "人次": 30,
        "状态": "已会签",
        "补记": "补记",
        "会签人": county.director.name,
        "听众": "医护人员",
        "听课人次（人次）": 30,
        "学时（小时）": 1.5,
    }
    assert told.items() <= row.items()
    assert row["日期"].date() == clock.today()
    assert "病案号" not in row


def test_amounts_stay_as_they_were_said_and_blank_is_not_0(county: County, dispatch: Dispatch) -> None:
    said: Mapping[str, dict[str, Any]] = {
        "余": {"quantity": 20, "quantity_at_least": True},
        "约": {"quantity": 30, "quantity_about": True},
        "零": {"quantity": 0},
        "未报": {"quantity": None},
    }
    kind = ActivityKind.OUTPATIENT_CLINIC
    for day, amount in enumerate(said.values()):
        make_record(dispatch, kind, occurred_on=clock.today() - timedelta(days=day), **amount)
    rows = exported(county.office)
    assert [(row.get("数量"), row.get("数量原话")) for row in rows] == [
        (20, "20余人次"),
        (30, "约30人次"),
        (0, None),
        (None, "未报"),
    ]
    assert all("人次原话" not in row for row in rows)  # of a kind that reaches nobody


def test_patients_are_in_the_file_of_who_may_read_them_and_that_is_audited(county: County, dispatch: Dispatch) -> None:
    of_a_patient(dispatch, patient_surname="李", patient_sex="male")
    read = (AuditEvent.action == "export_patients_of_activities",)
    finance = acting(make_person(county.hospital, roles=[Role.FINANCE]), Role.FINANCE)
    bureau = acting(make_person(county.bureau, roles=[Role.BUREAU]), Role.BUREAU)
    for actor in (finance, bureau):
        [row] = exported(actor)
        assert row["名称"] == "阑尾切除术"
        assert "患者姓氏" not in row
    assert db.session.scalars(select(AuditEvent.details).where(*read)).all() == []
    for actor in (county.office, county.recipient):
        [row] = exported(actor)
        assert (row["患者姓氏"], row["性别"]) == ("李", "男")
    events = db.session.scalars(select(AuditEvent).where(*read)).all()
    assert [(event.person_id, event.details) for event in events] == [
        (county.medical_affairs.id, {"records": 1}),
        (county.director.id, {"records": 1}),
    ]


def test_text_that_begins_like_a_formula_stays_text(county: County, dispatch: Dispatch) -> None:
    make_record(dispatch, title="=cmd|'/c calc'!A0")
    [row] = exported(county.office)
    assert row["名称"] == "=cmd|'/c calc'!A0"


def test_the_file_has_what_the_filter_keeps_latest_first_and_nobody_s_draft(county: County, dispatch: Dispatch) -> None:
    today = clock.today()
    for day in range(5):
        make_record(dispatch, title=f"第{day}天", occurred_on=today - timedelta(days=day))
    make_record(dispatch, title="草稿", status=RecordStatus.DRAFT)
    make_record(dispatch, ActivityKind.HOME_VISIT, title="大坪村")
    lectures = RecordFilter(kind=ActivityKind.LECTURE, first=today - timedelta(days=3))
    assert [row["名称"] for row in exported(county.office, lectures)] == ["第0天", "第1天", "第2天", "第3天"]
    assert {row["类别"] for row in exported(county.office)} == {"讲座", "走访"}


def test_many_records_are_written_batch_by_batch(
    county: County, dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_BATCH", 2)
    for day in range(5):
        make_record(dispatch, title=f"第{day}天", occurred_on=clock.today() - timedelta(days=day))
    assert [row["名称"] for row in exported(county.office)] == [f"第{day}天" for day in range(5)]


def test_nothing_and_too_much_make_no_file(county: County, dispatch: Dispatch, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NothingToExport):
        request_records(county.office, RecordFilter())
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    make_record(dispatch)
    request_records(county.office, RecordFilter())
    make_record(dispatch)
    with pytest.raises(TooManyToExport):
        request_records(county.office, RecordFilter())


def test_who_may_read_none_exports_none(county: County, dispatch: Dispatch) -> None:
    make_record(dispatch)
    with pytest.raises(Forbidden):
        request_records(replace(county.office, role=Role.ADMIN), RecordFilter())
    with pytest.raises(NothingToExport):
        request_records(county.stranger, RecordFilter())


def test_a_filter_survives_as_a_query() -> None:
    which = RecordFilter(
        mine=True,
        counted=True,
        status=RecordStatus.IMPORTED,
        kind=ActivityKind.RESCUE,
        first=date(2026, 1, 1),
        last=date(2026, 10, 31),
        person_id=new_id(),
        recipient_id=new_id(),
        supporting_id=new_id(),
        department_id=new_id(),
        text="肺炎",
    )
    assert filter_of(query_of(which)) == which
    assert query_of(RecordFilter()) == {}


def test_every_field_of_a_kind_has_one_column() -> None:
    for kind, entry in KINDS.items():
        headings = [column.heading for column in columns_of([kind], clinical=True)]
        assert len(headings) == len(set(headings))
        labels = {field.label for field in entry.fields if field.name != entry.title}
        assert labels <= {heading.partition("（")[0] for heading in headings}
        plain = {column.heading for column in columns_of([kind], clinical=False)}
        assert not plain & {field.label for field in entry.fields if field.clinical}
