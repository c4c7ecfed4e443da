"""Records of activities at the console: the list and its filters, one record, signing together, the list as a file."""

from __future__ import annotations

import io
from dataclasses import fields
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from backend.console.activities.forms import ListForm
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.filtering import query_of
from backend.domain.activities.queries.records import RecordFilter
from backend.domain.activities.rules.kinds import ActivityKind, Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attachments.service.files import store_file
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.exports.models import Export
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.jobs.exports import make_export
from tests.support.activities import make_record
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.timesheets import make_taps

WAITING = RecordStatus.SUBMITTED


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, sites=[county.site])


@pytest.fixture
def elsewhere(county: County) -> Dispatch:
    return make_dispatch(make_person(county.hospital, "安在岗"), county.other_township)


def waiting_on_a_day_of_presence(dispatch: Dispatch, title: str) -> ActivityRecord:
    make_taps(dispatch, [clock.today()])
    return make_record(dispatch, status=WAITING, title=title)


def test_the_list_is_narrowed_by_the_query_that_a_figure_brings(
    office: Office, dispatch: Dispatch, elsewhere: Dispatch
) -> None:
    make_record(dispatch, title="高血压规范管理", person_times=30)
    make_record(elsewhere, title="糖尿病足护理")
    make_record(
        dispatch, ActivityKind.SURGERY_TAUGHT, title="阑尾切除术", occurred_on=clock.today() - timedelta(days=40)
    )
    make_record(dispatch, title="还没会签", status=WAITING)
    everything = words_of(office.open("/activities"))
    assert all(title in everything for title in ("高血压规范管理", "糖尿病足护理", "阑尾切除术", "还没会签"))
    assert "30人次" in everything
    asked = {
        "counted": "true",
        "kind": "lecture",
        "person_id": dispatch.person_id,
        "from": clock.today() - timedelta(days=7),
        "to": clock.today(),
    }
    answer = office.open("/activities", **asked)
    narrowed = words_of(answer)
    assert "共 1 条" in narrowed
    assert "高血压规范管理" in narrowed
    assert "人员：" + dispatch.person.name in narrowed
    assert f'name="person_id" value="{dispatch.person_id}"' in answer.text


def test_the_page_understands_all_that_narrows_a_list() -> None:
    everything: dict[str, Any] = {one.name: "x" for one in fields(RecordFilter)}
    assert len(query_of(RecordFilter(**everything))) == len(everything)
    assert set(query_of(RecordFilter(**everything))) <= set(ListForm().fields)


def test_a_figure_s_link_narrows_by_either_hospital_title_and_lack_of_a_department(
    office: Office, county: County, dispatch: Dispatch, elsewhere: Dispatch
) -> None:
    make_record(dispatch, title="高血压规范管理")
    make_record(dispatch, ActivityKind.OUTPATIENT_CLINIC)
    make_record(elsewhere, title="高血压")
    township = {"organisation_id": county.township.id, "without_department": "true"}
    both = words_of(office.open("/activities", **township))
    assert "共 2 条" in both
    assert "机构：青石镇中心卫生院" in both
    assert "共 1 条" in words_of(office.open("/activities", title="高血压"))
    untitled = office.open("/activities", title="")
    assert "共 1 条" in words_of(untitled)
    assert 'name="title" value=""' in untitled.text


def test_an_odd_query_narrows_nothing_and_an_empty_list_says_so(office: Office, dispatch: Dispatch) -> None:
    make_record(dispatch)
    odd = office.open("/activities", kind="dancing", person_id="x", **{"from": "never", "page": "-1", "colour": "red"})
    assert odd.status_code == 200
    assert "共 1 条" in words_of(odd)
    assert "没有符合条件的工作日志" in words_of(office.open("/activities", kind="rescue"))


def test_others_see_neither_drafts_nor_records_of_another_county(
    office: Office, stranger: Office, dispatch: Dispatch
) -> None:
    draft = make_record(dispatch, status=RecordStatus.DRAFT, title="草稿一份")
    record = make_record(dispatch)
    assert "草稿一份" not in words_of(office.open("/activities"))
    assert office.open(f"/activities/{draft.id}").status_code == 404
    assert "还没有工作日志" in words_of(stranger.open("/activities"))
    assert stranger.open(f"/activities/{record.id}").status_code == 404


def test_the_menu_leads_there_only_for_who_may_read(office: Office, admin: Office) -> None:
    assert "/console/activities" in office.open("/timesheets").text
    assert admin.open("/activities").status_code == 403
    assert "/console/activities" not in admin.open("/settings").text


def test_a_record_is_shown_with_its_proof_and_what_stands_beside_it(
    office: Office, director: Office, county: County, dispatch: Dispatch
) -> None:
    record = make_record(dispatch, ActivityKind.FREE_CLINIC, title="大坪村", status=WAITING, person_times=40)
    attachment = store_file(acting(county.doctor, Role.STAFF), "签到表.pdf", b"%PDF-1.4 sheet")
    found = {"code": "another_day", "text": "照片不是当天拍摄的"}
    db.session.add(
        ActivityFile(record_id=record.id, attachment_id=attachment.id, proof=Proof.OTHER, position=0, findings=[found])
    )
    page = words_of(office.open(f"/activities/{record.id}"))
    for told in ("义诊：大坪村", "40人次", "待会签", "当天", "没有现场照片", "签到表.pdf", "照片不是当天拍摄的"):
        assert told in page
    assert "退回本人修改" not in page
    assert "退回本人修改" in words_of(director.open(f"/activities/{record.id}"))
    file = director.open(f"/activities/{record.id}/files/{attachment.id}")
    assert (file.data, file.content_type) == (b"%PDF-1.4 sheet", "application/pdf")
    assert director.open(f"/activities/{record.id}/files/{record.id}").status_code == 404


def test_the_director_signs_one_and_gives_another_back(director: Office, office: Office, dispatch: Dispatch) -> None:
    signed, returned = (make_record(dispatch, status=WAITING) for _ in range(2))
    assert office.send(f"/activities/{signed.id}/countersign", version=1).status_code == 403
    assert director.send(f"/activities/{signed.id}/countersign", version=7).status_code == 412
    assert director.send(f"/activities/{signed.id}/countersign", version=1).status_code == 302
    assert "已会签" in words_of(director.open(f"/activities/{signed.id}"))
    assert "请填写" in words_of(director.send(f"/activities/{returned.id}/return", version=1))
    assert director.send(f"/activities/{returned.id}/return", version=1, reason="请补签到表").status_code == 302
    assert "请补签到表" in words_of(office.open(f"/activities/{returned.id}"))


def test_the_clean_ones_are_signed_together_and_the_odd_are_left(director: Office, dispatch: Dispatch) -> None:
    clean = waiting_on_a_day_of_presence(dispatch, "可以一起会签")
    odd = make_record(dispatch, status=WAITING, title="补记的一次", is_late=True)
    listed = director.open("/activities", status="submitted")
    assert "会签所选 1 条" in words_of(listed)
    named = words_of(director.open("/activities/sign", chosen=[clean.id, odd.id]))
    assert "确认会签以下 1 条" in named
    assert "以下 1 条不能一起会签" in named
    done = words_of(director.send("/activities/sign", chosen=[f"{clean.id}:1", f"{odd.id}:1"]))
    assert "已会签 1 条" in done
    assert "这条日志需要留意" in done
    assert {record.id: record.status for record in db.session.scalars(select(ActivityRecord))} == {
        clean.id: RecordStatus.COUNTERSIGNED,
        odd.id: WAITING,
    }
    again = words_of(director.send("/activities/sign", chosen=[f"{clean.id}:1"]))
    assert "此前已经会签" in again


def test_nobody_else_signs_together_and_a_forged_choice_is_refused(office: Office, director: Office) -> None:
    assert office.open("/activities/sign").status_code == 403
    assert office.send("/activities/sign", chosen=["x"]).status_code == 403
    assert director.send("/activities/sign", chosen=["x:y"]).status_code == 422


def test_the_list_is_exported_as_it_was_narrowed(office: Office, bureau: Office, dispatch: Dispatch) -> None:
    make_record(dispatch, title="高血压规范管理")
    make_record(dispatch, ActivityKind.FREE_CLINIC, title="大坪村")
    asked = office.send("/activities/exports", kind="lecture")
    export = db.session.scalars(select(Export)).one()
    assert asked.location == f"/console/exports/{export.id}"
    make_export(str(export.id))
    assert "共 1 条" in words_of(office.open(f"/exports/{export.id}"))
    assert "kind=lecture" in office.open(f"/exports/{export.id}").text
    file = office.open(f"/exports/{export.id}/file.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0]
    assert [row[2] for row in sheet.iter_rows(min_row=3, values_only=True)] == ["高血压规范管理"]
    assert bureau.open(f"/exports/{export.id}").status_code == 404
    actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == export.id)).all()
    assert set(actions) == {"request_activity_export", "download_activity_export"}


def test_nothing_is_no_file_and_an_odd_filter_is_refused(office: Office, admin: Office) -> None:
    assert "没有符合条件的工作日志" in words_of(office.send("/activities/exports"))
    assert office.send("/activities/exports", kind="dancing").status_code == 422
    assert admin.send("/activities/exports").status_code == 403
