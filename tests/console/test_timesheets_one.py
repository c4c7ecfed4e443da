"""One sheet at the console: what it shows to whom, and handing in, countersigning, giving back, amending."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.accounts.models import RoleHolding
from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.leave import shift_number
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.attendance.service.timesheets import countersign_timesheet, return_timesheet
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.rules import Shift, days_between
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch, make_person
from tests.support.weeks import FIRST, IN_NOVEMBER, LAST, hand_in, live_week


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield


@pytest.fixture
def sheet(county: County) -> Timesheet:
    """A clean week of the doctor, handed in."""
    return hand_in(live_week(county.doctor, county.township))


@pytest.fixture
def signed(county: County, sheet: Timesheet) -> Timesheet:
    """A clean week of the doctor, countersigned."""
    return countersign_timesheet(county.recipient, sheet.id, sheet.version)


def page_of(sheet: Timesheet) -> str:
    return f"/timesheets/{sheet.dispatch_id}/2026-10"


def of(sheet: Timesheet, action: str) -> str:
    return f"/timesheets/{sheet.id}/{action}"


def status_of(sheet: Timesheet) -> TimesheetStatus:
    db.session.refresh(sheet)
    return sheet.status


def amendment_of(sheet: Timesheet) -> TimesheetAmendment:
    return db.session.scalars(select(TimesheetAmendment).where(TimesheetAmendment.timesheet_id == sheet.id)).one()


def version_of(tap: CheckIn) -> int:
    db.session.refresh(tap)
    return tap.review.version if tap.review else 0


def explained(county: County) -> Timesheet:
    """Return a sheet with a tap in doubt about which something was said."""
    sheet = hand_in(live_week(county.doctor, county.township, doubtful=[FIRST]), remark="月底有义诊")
    tap = db.session.scalars(select(CheckIn).where(CheckIn.outcome == Outcome.SUSPECT)).one()
    tap.distance_m, tap.reasons, tap.note = 5230.0, ["outside_fence"], "下村"
    db.session.add(CheckInReview(check_in_id=tap.id, explanation="随院长下村义诊", explained_at=clock.now()))
    db.session.commit()
    return sheet


def test_a_sheet_shows_days_by_shifts_figures_and_what_was_done_with_it(director: Office, sheet: Timesheet) -> None:
    words = words_of(director.open(page_of(sheet)))
    assert "吕芬春 2026年10月考勤表 待会签" in words
    assert "应出勤 5 天 实出勤 5 天" in words
    assert words.count("√ 在岗") == 10 + 1  # and the legend
    assert "1 假 2 假" in words
    assert "提交考勤表（吕芬春）" in words
    assert "异常与核实" not in words


def test_what_is_in_doubt_is_told_with_the_tap_and_who_said_what(director: Office, county: County) -> None:
    words = words_of(director.open(page_of(explained(county))))
    assert "1 个班次的签到存疑，请先在下面逐个确认" in words
    assert "10月12日 周一 上午 存疑 08:00 签到，不在点内，距派驻点 5.2 公里" in words
    assert "签到说明：“下村”" in words
    assert "本人：“随院长下村义诊”" in words
    assert "确认会签" not in words
    assert "备注 月底有义诊" in words


def test_each_week_tells_how_many_days_it_asks_and_had(director: Office, county: County) -> None:
    kept = live_week(county.doctor, county.township, missed=[FIRST, LAST])
    missed = live_week(
        make_person(county.hospital, "柏少到"), county.township, missed=list(days_between(FIRST + timedelta(2), LAST))
    )
    assert "本周应到 3 天，实到 3 天 达到" in words_of(director.open(f"/timesheets/{kept.id}/2026-10"))
    assert "本周应到 3 天，实到 2 天 未达到" in words_of(director.open(f"/timesheets/{missed.id}/2026-10"))


def test_what_was_granted_is_told_with_who_granted_it(director: Office, county: County) -> None:
    dispatch = live_week(county.doctor, county.township, missed=[LAST])
    db.session.add(
        CorrectionRequest(
            dispatch_id=dispatch.id,
            person_id=dispatch.person_id,
            duty_on=LAST,
            shift=Shift.MORNING,
            kind=CheckInKind.IN,
            happened_at=datetime(2026, 10, 16, 8, 5, tzinfo=clock.SHANGHAI),
            reason="手机没电",
            status=RequestStatus.ACCEPTED,
            decided_by_person_id=county.director.id,
            decided_at=datetime(2026, 10, 17, 9, 0, tzinfo=clock.SHANGHAI),
        )
    )
    number = shift_number(LAST, Shift.AFTERNOON)
    db.session.add(
        LeaveRequest(
            dispatch_id=dispatch.id,
            person_id=dispatch.person_id,
            kind=LeaveKind.SICK,
            starts_on=LAST,
            starts_with=Shift.AFTERNOON,
            ends_on=LAST,
            ends_with=Shift.AFTERNOON,
            halves=Range(number, number + 1),
            reason="发热",
            needs_supporting=False,
            is_long=False,
            status=RequestStatus.ACCEPTED,
            recipient_decided_by_id=county.director.id,
            recipient_decided_at=datetime(2026, 10, 15, 18, 0, tzinfo=clock.SHANGHAI),
        )
    )
    words = words_of(director.open(page_of(hand_in(dispatch))))
    assert "补签 10月16日上午签到 ，实际 08:05 原因：手机没电；郑明卫 2026-10-17 09:00 同意" in words
    assert "病假 10月16日下午 原因：发热；郑明卫 2026-10-15 18:00 同意" in words
    assert "实出勤 4.5 天" in words


def test_the_signer_says_who_was_there_and_then_countersigns(director: Office, county: County) -> None:
    sheet = explained(county)
    page = director.open(page_of(sheet))
    assert "确认10月12日上午在岗" in page.text
    tap = db.session.scalars(select(CheckIn).where(CheckIn.outcome == Outcome.SUSPECT)).one()
    answer = director.send(f"/timesheets/taps/{tap.id}", version=version_of(tap), confirmation="present")
    assert answer.location == f"/console{page_of(sheet)}"
    words = words_of(director.open(page_of(sheet)))
    assert "10月12日上午签到，现场确认在岗" in words
    assert "现场确认在岗：郑明卫" in words
    assert "实出勤 5 天" in words
    db.session.refresh(sheet)
    director.send(of(sheet, "countersign"), version=sheet.version)
    assert status_of(sheet) is TimesheetStatus.COUNTERSIGNED
    assert "确认10月12日上午在岗" not in director.open(page_of(sheet)).text


def test_a_word_about_a_tap_takes_a_page_that_is_not_stale_and_the_right_role(
    director: Office, office: Office, stranger: Office, county: County
) -> None:
    sheet = explained(county)
    tap = db.session.scalars(select(CheckIn).where(CheckIn.outcome == Outcome.SUSPECT)).one()
    address, version = f"/timesheets/taps/{tap.id}", version_of(tap)
    assert "确认10月12日上午在岗" not in office.open(page_of(sheet)).text
    assert office.send(address, version=version, confirmation="present").status_code == 403
    assert stranger.send(address, version=version, confirmation="present").status_code == 404
    assert director.send(address, version=version, confirmation="perhaps").status_code == 422
    assert director.send(address, version=version, confirmation="absent").status_code == 302
    stale = director.send(address, version=version, confirmation="present")
    assert stale.status_code == 412
    assert "内容已被他人修改" in words_of(stale)
    assert "现场确认不在岗" in words_of(stale)


def test_a_page_from_before_somebodys_word_signs_nothing(director: Office, county: County) -> None:
    sheet = explained(county)
    version = sheet.version
    tap = db.session.scalars(select(CheckIn).where(CheckIn.outcome == Outcome.SUSPECT)).one()
    director.send(f"/timesheets/taps/{tap.id}", version=version_of(tap), confirmation="absent")
    assert director.send(of(sheet, "countersign"), version=version).status_code == 412


def test_a_sheet_that_was_not_handed_in_can_be_read_and_not_signed(director: Office, county: County) -> None:
    dispatch = live_week(county.doctor, county.township)
    words = words_of(director.open(f"/timesheets/{dispatch.id}/2026-10"))
    assert "未提交" in words
    assert "确认会签" not in words


def test_the_signer_countersigns_and_the_month_is_locked(director: Office, sheet: Timesheet) -> None:
    answer = director.send(of(sheet, "countersign"), version=sheet.version)
    assert answer.location == f"/console{page_of(sheet)}"
    assert status_of(sheet) is TimesheetStatus.COUNTERSIGNED
    words = words_of(director.open(page_of(sheet)))
    assert "考勤表已会签并锁定" in words
    assert "郑明卫（受援院长）" in words
    assert sheet.verification_code
    assert " ".join(sheet.verification_code[at : at + 4] for at in (0, 4, 8, 12)) in words


def test_a_countersignature_that_is_sent_twice_is_told_the_new_state(director: Office, sheet: Timesheet) -> None:
    version = sheet.version
    director.send(of(sheet, "countersign"), version=version)
    again = director.send(of(sheet, "countersign"), version=version)
    assert again.status_code == 412
    assert "已会签" in words_of(again)
    assert "内容已被他人修改" in words_of(again)


def test_a_stale_page_signs_nothing_and_shows_what_is_there_now(
    director: Office, county: County, sheet: Timesheet
) -> None:
    version = sheet.version
    return_timesheet(county.recipient, sheet.id, version, reason="夜班请核对")
    answer = director.send(of(sheet, "countersign"), version=version)
    assert answer.status_code == 412
    assert "已退回" in words_of(answer)
    assert "原因：夜班请核对" in words_of(answer)
    assert status_of(sheet) is TimesheetStatus.RETURNED


def test_one_in_doubt_cannot_be_signed_by_a_form_of_ones_own(director: Office, county: County) -> None:
    sheet = explained(county)
    answer = director.send(of(sheet, "countersign"), version=sheet.version)
    assert answer.status_code == 409
    assert "考勤表中有存疑的签到" in words_of(answer)
    assert status_of(sheet) is TimesheetStatus.SUBMITTED


def test_one_with_missed_days_is_signed_after_a_look(director: Office, county: County) -> None:
    sheet = hand_in(live_week(county.doctor, county.township, missed=[LAST]))
    assert "本月有异常：未签到 2 个班次" in words_of(director.open(page_of(sheet)))
    director.send(of(sheet, "countersign"), version=sheet.version)
    assert status_of(sheet) is TimesheetStatus.COUNTERSIGNED


def test_the_signer_gives_a_month_back_with_a_reason(director: Office, visitor: Office, sheet: Timesheet) -> None:
    refused = director.send(of(sheet, "return"), version=sheet.version)
    assert refused.status_code == 422
    assert status_of(sheet) is TimesheetStatus.SUBMITTED
    director.send(of(sheet, "return"), version=sheet.version, reason="10月12日请核对")
    assert status_of(sheet) is TimesheetStatus.RETURNED
    assert "郑明卫 2026-11-09 10:00 退回，原因：10月12日请核对" in words_of(visitor.open(page_of(sheet)))


def test_the_one_concerned_hands_in_and_again_after_a_return(visitor: Office, director: Office, county: County) -> None:
    dispatch = live_week(county.doctor, county.township)
    address = f"/timesheets/{dispatch.id}/2026-10"
    assert "提交会签" in words_of(visitor.open(address))
    assert visitor.send(f"{address}/submit", version=0, remark="月底义诊").status_code == 302
    twice = visitor.send(f"{address}/submit", version=0)
    assert twice.status_code == 412
    sheet = db.session.scalars(select(Timesheet)).one()
    director.send(of(sheet, "return"), version=sheet.version, reason="请核对")
    db.session.refresh(sheet)
    assert visitor.send(f"{address}/submit", version=sheet.version).status_code == 302
    assert status_of(sheet) is TimesheetStatus.SUBMITTED
    assert director.send(f"{address}/submit", version=sheet.version).status_code == 403


def test_what_stands_in_the_way_of_handing_in_is_said(visitor: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, starts_on=FIRST, ends_on=LAST + timedelta(days=60))
    words = words_of(visitor.open(f"/timesheets/{dispatch.id}/2026-11"))
    assert "现在还不能提交：该月的派驻还没有结束" in words
    refused = visitor.send(f"/timesheets/{dispatch.id}/2026-11/submit", version=0)
    assert refused.status_code == 409
    assert "该月的派驻还没有结束" in words_of(refused)


def test_ones_own_sheet_is_for_another_signer(app: Flask, county: County, sheet: Timesheet) -> None:
    db.session.add(RoleHolding(person_id=county.doctor.id, organisation_id=county.township.id, role=Role.DIRECTOR))
    own = Office(app, county.doctor, Role.DIRECTOR, county.township)
    words = words_of(own.open(page_of(sheet)))
    assert "须由受援单位的其他签字人会签" in words
    assert "确认会签" not in words
    assert own.send(of(sheet, "countersign"), version=sheet.version).status_code == 409
    assert status_of(sheet) is TimesheetStatus.SUBMITTED


def test_others_read_or_find_nothing(
    office: Office, bureau: Office, stranger: Office, admin: Office, sheet: Timesheet
) -> None:
    for reader in (office, bureau):
        assert reader.open(page_of(sheet)).status_code == 200
        assert reader.send(of(sheet, "countersign"), version=sheet.version).status_code == 403
        assert reader.send(of(sheet, "return"), version=sheet.version, reason="x").status_code == 403
    for action in ("countersign", "return", "amendments", "scan"):
        assert stranger.send(of(sheet, action), version=sheet.version).status_code == 404
    assert stranger.open(page_of(sheet)).status_code == 404
    assert admin.open(page_of(sheet)).status_code == 403
    assert status_of(sheet) is TimesheetStatus.SUBMITTED


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "0000-10", "9999-12", "october", "2026-1", "２026-10"])
def test_what_is_no_month_is_not_found(director: Office, sheet: Timesheet, month: str) -> None:
    assert director.open(f"/timesheets/{sheet.dispatch_id}/{month}").status_code == 404


def test_a_month_without_a_day_of_the_dispatch_is_not_found(director: Office, sheet: Timesheet) -> None:
    assert director.open(f"/timesheets/{sheet.dispatch_id}/2026-11").status_code == 404


@pytest.mark.parametrize("version", ["", "one", "1e400", "9" * 40])
def test_a_version_that_no_page_sends_signs_nothing(director: Office, sheet: Timesheet, version: str) -> None:
    assert director.send(of(sheet, "countersign"), version=version).status_code in (412, 422)
    assert status_of(sheet) is TimesheetStatus.SUBMITTED


def test_a_locked_month_is_amended_by_a_second_countersignature(
    office: Office, director: Office, signed: Timesheet
) -> None:
    change = {"line": f"{FIRST}:morning", "after": "leave:sick", "reason": "当天病假条后补"}
    assert "10月12日上午（现为在岗）" in words_of(office.open(page_of(signed)))
    assert office.send(of(signed, "amendments"), **change).status_code == 302
    assert "会签更正" not in words_of(office.open(page_of(signed)))
    page = words_of(director.open(page_of(signed)))
    assert "10月12日上午 ：在岗 → 病假 待会签" in page
    assert "实出勤 5 天" in page
    row = amendment_of(signed)
    assert director.send(of(signed, f"amendments/{row.id}"), decision="accept").status_code == 302
    page = words_of(director.open(page_of(signed)))
    assert "实出勤 4.5 天" in page
    assert "病 病假 更正" in page
    assert status_of(signed) is TimesheetStatus.COUNTERSIGNED
    told = {event.action for event in db.session.scalars(select(AuditEvent))}
    assert {"request_amendment", "decide_amendment"} <= told


def test_an_amendment_is_rejected_with_a_reason_only(office: Office, director: Office, signed: Timesheet) -> None:
    office.send(of(signed, "amendments"), line=f"{FIRST}:morning", after="absent", reason="核对")
    address = of(signed, f"amendments/{amendment_of(signed).id}")
    assert director.send(address, decision="reject").status_code == 422
    assert director.send(address, decision="reject", decision_reason="当天在岗").status_code == 302
    assert amendment_of(signed).status is RequestStatus.REJECTED
    assert director.send(address, decision="accept").status_code == 409
    assert "退回，原因：当天在岗" in words_of(director.open(page_of(signed)))


@pytest.mark.parametrize(
    "change",
    [
        {"line": f"{FIRST}:morning", "after": "present", "reason": "没有变化"},
        {"line": "2026-10-31:morning", "after": "absent", "reason": "没有这个班次"},
        {"line": f"{FIRST}:noon", "after": "absent", "reason": "没有这种班次"},
        {"line": f"{FIRST}:morning", "after": "in_doubt", "reason": "不能改成这样"},
        {"line": f"{FIRST}:morning", "after": "leave:none", "reason": "没有这种假"},
        {"line": f"{FIRST}:morning", "after": "absent"},
        {"line": "nonsense", "after": "absent", "reason": "\0"},
    ],
)
def test_an_amendment_that_cannot_be_right_is_refused(
    office: Office, signed: Timesheet, change: dict[str, str]
) -> None:
    answer = office.send(of(signed, "amendments"), **change)
    assert answer.status_code == 422
    assert "提出更正" in words_of(answer)
    assert db.session.scalars(select(TimesheetAmendment)).all() == []


def test_the_same_shift_is_asked_about_once_at_a_time(office: Office, signed: Timesheet) -> None:
    change = {"line": f"{FIRST}:morning", "after": "absent", "reason": "核对"}
    office.send(of(signed, "amendments"), **change)
    twice = office.send(of(signed, "amendments"), **change)
    assert twice.status_code == 409
    assert "已有一条待会签的更正" in words_of(twice)


def test_who_may_not_ask_is_refused_and_a_sheet_that_is_open_needs_no_amendment(
    office: Office, director: Office, bureau: Office, sheet: Timesheet
) -> None:
    change = {"line": f"{FIRST}:morning", "after": "absent", "reason": "核对"}
    assert director.send(of(sheet, "amendments"), **change).status_code == 403
    assert bureau.send(of(sheet, "amendments"), **change).status_code == 403
    assert office.send(of(sheet, "amendments"), **change).status_code == 409


def test_a_delegate_signs_but_not_for_who_appointed_them(app: Flask, county: County, sheet: Timesheet) -> None:
    deputy = make_person(county.township, "符代签", roles=[Role.DELEGATE])
    office = Office(app, deputy, Role.DELEGATE)
    assert "会签所选 1 份" in words_of(office.open("/timesheets", month="2026-10"))
    held = db.session.scalars(select(RoleHolding).where(RoleHolding.person_id == deputy.id)).one()
    held.given_by_person_id = county.doctor.id
    refused = office.send(of(sheet, "countersign"), version=sheet.version)
    assert refused.status_code == 409
    assert "由本人指定的代签人" in words_of(refused)
    held.given_by_person_id = county.director.id
    assert office.send(of(sheet, "countersign"), version=sheet.version).status_code == 302
    page = office.open(page_of(sheet))
    assert "符代签（授权代签人）" in words_of(page)
    assert f"/dispatches/{sheet.dispatch_id}" not in page.text


def test_the_way_to_a_sheet_leads_from_the_dispatch_and_for_staff_from_the_welcome(
    office: Office, visitor: Office, sheet: Timesheet
) -> None:
    assert f'href="/console{page_of(sheet)}"' in office.open(f"/dispatches/{sheet.dispatch_id}", month="2026-10").text
    assert 'href="/console/timesheets"' in visitor.open("/welcome").text
    assert "吕芬春" in words_of(visitor.open("/timesheets", month="2026-10"))
