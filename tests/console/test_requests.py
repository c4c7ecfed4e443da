"""Leave, corrections and missed shifts at the console: found, read with their papers, decided by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.attachments.service.files import store_file
from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.models.requests import AbsenceDecision, CorrectionRequest, LeaveAttachment, LeaveRequest
from backend.domain.attendance.models.timesheets import DayClosing, DutyShift
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.rules import Shift
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import acting, make_dispatch, make_person, make_setting
from tests.support.pictures import PNG
from tests.support.requests import make_correction, make_leave
from tests.support.statements import counted_statements

NOW = datetime(2026, 9, 14, 9, 0, tzinfo=SHANGHAI)
MONDAY, FRIDAY = date(2026, 9, 21), date(2026, 9, 25)
ONE_DAY = LeaveSpan(MONDAY, Shift.MORNING, MONDAY, Shift.AFTERNOON)
A_WEEK = LeaveSpan(MONDAY, Shift.MORNING, date(2026, 9, 24), Shift.AFTERNOON)


@pytest.fixture(autouse=True)
def _a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), sites=[county.site])


def with_paper(leave: LeaveRequest, content: bytes, name: str) -> str:
    """Attach a paper to leave and return the path by which it is read."""
    file = store_file(acting(leave.person, Role.STAFF), name, content)
    db.session.add(LeaveAttachment(leave_request_id=leave.id, attachment_id=file.id))
    db.session.commit()
    return f"/requests/leave/{leave.id}/papers/{file.id}"


def test_what_waits_is_shown_first_and_the_rest_on_asking(director: Office, dispatch: Dispatch) -> None:
    make_leave(dispatch, ONE_DAY, RequestStatus.REQUESTED, kind=LeaveKind.ANNUAL)
    make_leave(dispatch, LeaveSpan(FRIDAY, Shift.MORNING, FRIDAY, Shift.MORNING))
    waiting = words_of(director.open("/requests/leave"))
    assert "年休 9月21日上午至9月21日下午 1 待审批 等受援单位" in waiting
    assert "共 1 条" in waiting
    everything = words_of(director.open("/requests/leave", status="all"))
    assert "共 2 条" in everything
    assert "没有符合条件的请假" in words_of(director.open("/requests/leave", status="all", kind="sick"))
    assert "共 2 条" in words_of(director.open("/requests/leave", status="all", text="吕芬"))
    assert "没有符合条件" in words_of(director.open("/requests/leave", status="all", text="谁"))


def test_when_nothing_waits_the_page_says_so(director: Office, dispatch: Dispatch) -> None:
    assert "没有待审批的请假" in words_of(director.open("/requests/leave"))
    assert "没有待审批的补签" in words_of(director.open("/requests/corrections"))
    assert "这个月没有未签到的班次" in words_of(director.open("/requests/missed"))
    assert "这个月没有认定旷工" in words_of(director.open("/requests/missed", state="absent"))


def test_nonsense_in_a_filter_counts_as_not_asked(director: Office, dispatch: Dispatch) -> None:
    make_leave(dispatch, ONE_DAY, RequestStatus.REQUESTED)
    for query in ({"status": "x"}, {"kind": "x"}, {"page": "-1"}, {"surprise": "1"}):
        assert "共 1 条" in words_of(director.open("/requests/leave", **query))
    assert director.open("/requests/missed", month="2026-13", state="x").status_code == 200


def test_a_long_list_is_paged_and_asks_the_database_as_little(director: Office, office: Office, county: County) -> None:
    over_a_new_year = LeaveSpan(date(2026, 12, 30), Shift.MORNING, date(2027, 1, 5), Shift.NIGHT)  # not published
    for _ in range(60):
        dispatch = make_dispatch(make_person(county.hospital), county.township, starts_on=date(2026, 9, 1))
        make_leave(dispatch, over_a_new_year, RequestStatus.REQUESTED)
        make_correction(dispatch)
    for path in ("/requests/leave", "/requests/corrections"):
        assert "第 2 / 2 页" in words_of(director.open(path, page="2"))
        with counted_statements() as statements:
            office.open(path)
        assert len(statements) <= 7, statements


def test_the_director_grants_short_leave(director: Office, county: County, dispatch: Dispatch) -> None:
    leave = make_leave(dispatch, ONE_DAY, RequestStatus.REQUESTED)
    words = words_of(director.open(f"/requests/leave/{leave.id}"))
    assert "吕芬春：事假 1 天" in words
    assert "家中有事" in words
    assert "没有附件" in words
    granted = director.send(f"/requests/leave/{leave.id}/accept", version=1)
    assert granted.location == "/console/requests/leave"
    assert "已同意吕芬春的请假，已通知本人" in words_of(director.open("/requests/leave"))
    shown = words_of(director.open(f"/requests/leave/{leave.id}"))
    assert "已同意" in shown
    assert "受援单位 郑明卫 2026-09-14 09:00 同意" in shown
    assert "同意请假（郑明卫）" in shown
    row = db.session.get(DutyShift, (dispatch.id, MONDAY, Shift.MORNING))
    assert row is not None
    assert row.standing is Standing.LEAVE


def test_longer_leave_goes_from_the_recipient_to_medical_affairs(
    director: Office, office: Office, dispatch: Dispatch
) -> None:
    leave = make_leave(dispatch, A_WEEK, RequestStatus.REQUESTED, kind=LeaveKind.SICK, needs_supporting=True)
    path = f"/requests/leave/{leave.id}"
    before = words_of(office.open(path))
    assert "须由受援单位先同意" in before
    assert "未附证明" in before
    assert "确认同意" not in before
    director.send(f"{path}/accept", version=1)
    assert "已转支援医院审批" in words_of(director.open("/requests/leave"))
    assert "等支援医院" in words_of(office.open("/requests/leave"))
    assert "确认同意" not in words_of(director.open(path))
    office.send(f"{path}/accept", version=2)
    assert db.session.scalars(select(LeaveRequest.status)).one() is RequestStatus.ACCEPTED


def test_a_rejection_needs_a_reason_and_keeps_what_was_typed(director: Office, dispatch: Dispatch) -> None:
    leave = make_leave(dispatch, ONE_DAY, RequestStatus.REQUESTED)
    path = f"/requests/leave/{leave.id}/reject"
    refused = director.send(path, version=1)
    assert refused.status_code == 422
    assert "请填写。" in words_of(refused)
    too_long = director.send(path, version=1, reason="长" * 201)
    assert too_long.status_code == 422
    assert "长" * 201 in too_long.text
    assert director.send(path, version=1, reason="当天有义诊，请改期").status_code == 302
    assert "退回原因 当天有义诊，请改期" in words_of(director.open(f"/requests/leave/{leave.id}"))


def test_what_somebody_else_decided_is_not_decided_again(director: Office, office: Office, dispatch: Dispatch) -> None:
    leave = make_leave(dispatch, ONE_DAY, RequestStatus.REQUESTED)
    director.send(f"/requests/leave/{leave.id}/accept", version=1)
    stale = office.send(f"/requests/leave/{leave.id}/reject", version=1, reason="缺人")
    assert stale.status_code == 412
    assert "已被他人修改" in words_of(stale)
    again = director.send(f"/requests/leave/{leave.id}/accept", version=2)
    assert again.status_code == 409
    assert "已经处理" in words_of(again)


def test_pictures_are_shown_and_other_papers_saved_and_each_look_is_audited(
    director: Office, dispatch: Dispatch
) -> None:
    leave = make_leave(dispatch, A_WEEK, RequestStatus.REQUESTED, kind=LeaveKind.SICK)
    photo = with_paper(leave, PNG, "病假条.png")
    scan = with_paper(leave, b"%PDF-1.7 scan", "诊断证明.pdf")
    page = director.open(f"/requests/leave/{leave.id}")
    assert f'src="/console{photo}"' in page.text
    assert "下载 诊断证明.pdf" in words_of(page)
    shown, saved = director.open(photo), director.open(scan)
    assert (shown.data, shown.mimetype) == (PNG, "image/png")
    assert shown.headers["Content-Disposition"].startswith("inline;")
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    looks = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "read_leave_file")).all()
    assert len(looks) == 2
    assert "查看请假附件（郑明卫）" in words_of(director.open(f"/requests/leave/{leave.id}"))


def test_nobody_else_reads_a_paper(stranger: Office, admin: Office, dispatch: Dispatch) -> None:
    leave = make_leave(dispatch, ONE_DAY, RequestStatus.REQUESTED)
    path = with_paper(leave, PNG, "病假条.png")
    assert (stranger.open(path).status_code, admin.open(path).status_code) == (404, 403)


def test_readers_see_no_buttons_and_may_not_decide(
    bureau: Office, stranger: Office, admin: Office, dispatch: Dispatch
) -> None:
    leave, correction = make_leave(dispatch, ONE_DAY, RequestStatus.REQUESTED), make_correction(dispatch)
    for path in (f"/requests/leave/{leave.id}", f"/requests/corrections/{correction.id}"):
        assert "确认" not in words_of(bureau.open(path))
        for reader, status in ((bureau, 403), (stranger, 404), (admin, 403)):
            assert reader.send(f"{path}/accept", version=1).status_code == status
            assert reader.send(f"{path}/reject", version=1, reason="不").status_code == status
        assert stranger.open(path).status_code == 404
    assert "共 1 条" in words_of(bureau.open("/requests/leave"))
    assert "没有待审批" in words_of(stranger.open("/requests/leave"))
    assert admin.open("/requests/leave").status_code == 403


def test_a_deputy_decides_and_is_led_to_nothing_that_is_closed_to_them(
    app: Flask, county: County, dispatch: Dispatch
) -> None:
    deputy = Office(app, make_person(county.township, "韦护士长", roles=[Role.DELEGATE]), Role.DELEGATE)
    leave = make_leave(dispatch, ONE_DAY, RequestStatus.REQUESTED)
    make_setting(county.hospital, "attendance.leave_days_of_recipient", 3)
    assert f"/console/dispatches/{dispatch.id}" not in deputy.open(f"/requests/leave/{leave.id}").text
    assert deputy.send(f"/requests/leave/{leave.id}/accept", version=1).status_code == 302
    assert deputy.open("/requests/missed").status_code == 200


def test_ones_own_request_is_for_others_to_decide(app: Flask, county: County) -> None:
    sent = make_person(county.hospital, "两职一身", roles=[Role.STAFF, Role.MEDICAL_AFFAIRS])
    own = make_dispatch(sent, county.township, starts_on=date(2026, 9, 1))
    leave, correction = make_leave(own, ONE_DAY, RequestStatus.REQUESTED), make_correction(own)
    office = Office(app, sent, Role.MEDICAL_AFFAIRS)
    for path in (f"/requests/leave/{leave.id}", f"/requests/corrections/{correction.id}"):
        assert "这是您本人的申请，由其他人审批" in words_of(office.open(path))
        refused = office.send(f"{path}/reject", version=1, reason="不")
        assert refused.status_code == 409
        assert "不能审批本人的申请" in words_of(refused)


def test_a_correction_is_shown_beside_the_taps_of_its_day_and_decided(
    office: Office, county: County, dispatch: Dispatch
) -> None:
    make_setting(county.hospital, "attendance.corrections_a_month", 3)
    correction = make_correction(dispatch, datetime(2026, 9, 11, 8, 0, tzinfo=SHANGHAI))
    listed = words_of(office.open("/requests/corrections"))
    assert "9月11日上午签到 2026-09-11 08:00 下村义诊，手机没电 待审批" in listed
    path = f"/requests/corrections/{correction.id}"
    words = words_of(office.open(path))
    assert "当天没有任何签到" in words
    assert "该月补签 1 次，每月最多 3 次" in words
    assert office.send(f"{path}/accept", version=1).status_code == 302
    assert "已同意吕芬春的补签（9月11日上午签到）" in words_of(office.open("/requests/corrections"))
    row = db.session.scalars(select(CorrectionRequest)).one()
    assert (row.status, row.decided_by_person_id) == (RequestStatus.ACCEPTED, county.medical_affairs.id)
    again = office.send(f"{path}/reject", version=2, reason="反悔")
    assert again.status_code == 409


@pytest.fixture
def missed(county: County, dispatch: Dispatch) -> Dispatch:
    """Return a dispatch of which a Tuesday was missed."""
    day = date(2026, 9, 1)
    db.session.add(DayClosing(supporting_id=county.hospital.id, day=day, finished_at=NOW))
    conclude_shifts([dispatch.id], day, day)
    db.session.commit()
    return dispatch


def absence(dispatch: Dispatch, **changes: str) -> dict[str, str]:
    given = {"dispatch_id": str(dispatch.id), "duty_on": "2026-09-01", "shift": "morning", "reason": "电话联系不上"}
    return given | changes


def test_medical_affairs_says_of_a_missed_shift_that_it_was_without_leave_and_takes_it_back(
    office: Office, missed: Dispatch
) -> None:
    words = words_of(office.open("/requests/missed"))
    assert "2026-09-01 周二 上午 吕芬春" in words
    assert "共 2 个班次" in words
    assert office.send("/requests/missed", **absence(missed)).location == "/console/requests/missed?month=2026-09"
    assert "共 1 个班次" in words_of(office.open("/requests/missed"))
    decided = words_of(office.open("/requests/missed", state="absent"))
    assert "旷工" in decided
    assert "秦明永 2026-09-14 09:00 ：电话联系不上" in decided
    decision = db.session.scalars(select(AbsenceDecision)).one()
    assert office.send(f"/requests/missed/{decision.id}/withdraw").status_code == 302
    assert "共 2 个班次" in words_of(office.open("/requests/missed"))
    assert "认定旷工（秦明永）" in words_of(office.open(f"/dispatches/{missed.id}"))


def test_absence_needs_a_reason_and_a_shift_that_was_missed(office: Office, missed: Dispatch) -> None:
    refused = office.send("/requests/missed", **absence(missed, reason=" "))
    assert refused.status_code == 422
    assert 'id="reason-' in refused.text.split('<details class="act slim danger" open>')[1]
    late = office.send("/requests/missed", **absence(missed, duty_on="2026-09-02"))
    assert late.status_code == 409
    assert "结算为未签到" in words_of(late)
    assert office.send("/requests/missed", **absence(missed, shift="noon")).status_code == 422


def test_others_read_missed_shifts_and_decide_nothing(
    director: Office, bureau: Office, stranger: Office, missed: Dispatch
) -> None:
    for reader in (director, bureau):
        page = words_of(reader.open("/requests/missed"))
        assert "共 2 个班次" in page
        assert "认定旷工…" not in page
        assert reader.send("/requests/missed", **absence(missed)).status_code == 403
    assert stranger.send("/requests/missed", **absence(missed)).status_code == 404
    assert "没有未签到" in words_of(stranger.open("/requests/missed"))


def test_a_dispatch_shows_its_leave_and_where_a_substitute_is_wanted(
    office: Office, director: Office, county: County, dispatch: Dispatch
) -> None:
    long = LeaveSpan(MONDAY, Shift.MORNING, date(2026, 12, 31), Shift.NIGHT)
    leave = make_leave(
        dispatch, long, RequestStatus.REQUESTED, kind=LeaveKind.MATERNITY, needs_supporting=True, is_long=True
    )
    director.send(f"/requests/leave/{leave.id}/accept", version=1)
    office.send(f"/requests/leave/{leave.id}/accept", version=2)
    words = words_of(office.open(f"/dispatches/{dispatch.id}"))
    assert "产假 9月21日上午至12月31日夜班" in words
    assert "派驻暂停 2026-09-21 至 2026-12-31" in words
    assert "为暂停安排顶岗" in words
    assert "为暂停安排顶岗" not in words_of(director.open(f"/dispatches/{dispatch.id}"))

    suspension = db.session.scalars(select(Suspension)).one()
    path, deputy = f"/dispatches/suspensions/{suspension.id}/substitute", make_person(county.hospital, "顶岗医生")
    assert str(deputy.id) in office.open(path, text="顶岗").text
    assert "顶岗医生 在 2026-09-21 至 2026-12-31 接替 吕芬春" in words_of(office.open(path, person_id=str(deputy.id)))
    assert director.open(path).status_code == 403
    saved = office.send(path, person_id=str(deputy.id))
    assert saved.status_code == 302
    assert "顶岗医生" in words_of(office.open(f"/dispatches/{dispatch.id}"))
    again = office.send(path, person_id=str(deputy.id))
    assert again.status_code == 409
    assert "已经安排了顶岗" in words_of(again)
    assert db.session.scalars(select(Dispatch).where(Dispatch.substitute_for_id == dispatch.id)).one().ends_on == date(
        2026, 12, 31
    )


def test_an_unmet_condition_of_a_substitute_asks_for_the_reason_of_an_exception(
    office: Office, county: County, dispatch: Dispatch
) -> None:
    make_setting(county.bureau, "dispatch.minimum_title", "主任医师")
    first, after = date(2026, 9, 21), date(2026, 10, 1)
    db.session.add(Suspension(dispatch_id=dispatch.id, during=Range(first, after), reason="病假"))
    db.session.commit()
    suspension = db.session.scalars(select(Suspension)).one()
    path, deputy = f"/dispatches/suspensions/{suspension.id}/substitute", make_person(county.hospital, "顶岗医生")
    refused = office.send(path, person_id=str(deputy.id))
    assert refused.status_code == 422
    assert "不符合派驻条件" in words_of(refused)
    assert office.send(path, person_id=str(deputy.id), exception_reason="当地急需").status_code == 302
