"""Dispatches at the console: finding, reading, sending, changing, ending, substituting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import outcome_of_place
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.encryption import encrypt
from backend.foundation.ids import new_id
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_department, make_dispatch, make_person, make_setting, make_site

EVERY_DAY = [str(half) for half in range(21) if half % 3 < 2]
_SOON = timedelta(days=7)


def outside_tap(dispatch: Dispatch, verdict: Verdict = Verdict.OUTSIDE) -> CheckIn:
    row_id, at = new_id(), clock.now() - timedelta(minutes=5)
    row = CheckIn(
        id=row_id,
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        kind=CheckInKind.IN,
        duty_on=clock.today(),
        shift=Shift.MORNING,
        effective=True,
        tapped_at=at,
        received_at=at,
        late=False,
        verdict=verdict,
        outcome=outcome_of_place(verdict),
        reasons=["outside_fence"] if verdict is Verdict.OUTSIDE else [],
        distance_m=2500.0,
        accuracy_m=30.0,
        location=encrypt("103.225300,27.300000", table="check_ins", column="location", row_id=row_id),
        note="下村义诊",
        idempotency_key=str(row_id),
        request_hash=b"",
    )
    db.session.add(row)
    db.session.flush()
    return row


def form(county: County, **changes: Any) -> dict[str, Any]:
    given = {
        "person_id": str(county.doctor.id),
        "recipient_id": str(county.township.id),
        "kind": "posted",
        "starts_on": clock.today().isoformat(),
        "ends_on": (clock.today() + timedelta(days=180)).isoformat(),
        "halves": EVERY_DAY,
    }
    return given | changes


def only_dispatch() -> Dispatch:
    return db.session.scalars(select(Dispatch)).one()


def test_the_list_is_found_by_state_recipient_and_name(office: Office, county: County) -> None:
    make_dispatch(make_person(county.hospital, "正在派驻"), county.township)
    make_dispatch(
        make_person(county.hospital, "早已结束"), county.township, starts_on=date(2025, 1, 1), ends_on=date(2025, 6, 30)
    )
    make_dispatch(make_person(county.hospital, "别的镇上"), county.other_township)
    assert all(name in office.open("/dispatches").text for name in ("正在派驻", "早已结束", "别的镇上"))
    assert "早已结束" not in office.open("/dispatches", state="current").text
    assert "别的镇上" not in office.open("/dispatches", recipient=str(county.township.id)).text
    assert "正在派驻" not in office.open("/dispatches", text="早已").text
    assert "没有符合条件的派驻" in office.open("/dispatches", text="没有这个人").text


def test_an_empty_list_says_how_to_begin(office: Office) -> None:
    assert "还没有派驻" in words_of(office.open("/dispatches"))


def test_a_dispatch_shows_its_facts_month_and_exceptions_without_coordinates(office: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    outside_tap(dispatch)
    response = office.open(f"/dispatches/{dispatch.id}")
    words = words_of(response)
    assert "吕芬春 → 青石镇中心卫生院" in words
    assert "院本部（半径 300 米）" in words
    assert "不在点内" in words
    assert "2.5 公里" in words
    assert "“下村义诊”" in words
    assert "103.2253" not in response.text


def test_another_month_can_be_turned_to(office: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2025, 9, 1), ends_on=date(2026, 2, 28))
    assert "2025年12月签到" in words_of(office.open(f"/dispatches/{dispatch.id}", month="2025-12"))
    assert "2026年2月签到" in words_of(office.open(f"/dispatches/{dispatch.id}", month="nonsense"))


def test_sending_somebody_goes_from_the_search_over_the_form_to_the_dispatch(office: Office, county: County) -> None:
    found = office.open("/dispatches/new", text="吕芬")
    assert f"person_id={county.doctor.id}" in found.text
    assert "秦明永" not in found.text.split('id="people"')[1]
    assert "去哪里" in words_of(office.open("/dispatches/new", person_id=str(county.doctor.id)))
    saved = office.send("/dispatches/new", **form(county, rotation_name="2026年下半年", leads_team="yes"))
    dispatch = only_dispatch()
    assert saved.location == f"/console/dispatches/{dispatch.id}"
    assert dispatch.patterns[0].pattern == WeeklyPattern.every_day()
    assert dispatch.sites == [county.site]
    assert dispatch.leads_team
    assert "派驻已保存" in words_of(office.open(f"/dispatches/{dispatch.id}"))
    assert "新建派驻（秦明永）" in words_of(office.open(f"/dispatches/{dispatch.id}"))


def test_the_form_offers_sites_and_departments_once_the_recipient_is_chosen(office: Office, county: County) -> None:
    make_department(county.township, "中医科")
    fields = form(county)
    part = office.refresh("/dispatches/new", "fields", **fields)
    assert "<html" not in part.text
    assert "院本部（半径 300 米）" in part.text
    assert "中医科" in part.text
    assert fields["ends_on"] in part.text
    assert (
        "还没有派驻点"
        in office.refresh("/dispatches/new", "fields", **form(county, recipient_id=str(county.other_township.id))).text
    )


def test_a_visit_has_no_preset_days_and_takes_its_own(office: Office, county: County) -> None:
    part = office.refresh("/dispatches/new", "fields", **form(county, kind="visiting"))
    assert part.text.count("checked") == 1  # the kind itself
    office.send("/dispatches/new", **form(county, kind="visiting", halves=["7", "8"]))
    dispatch = only_dispatch()
    assert dispatch.kind is DispatchKind.VISITING
    assert dispatch.patterns[0].pattern == WeeklyPattern.of([3], [Shift.AFTERNOON, Shift.NIGHT])


def test_a_visit_on_single_days_claims_these_days_alone(office: Office, county: County) -> None:
    first, second = clock.today() + timedelta(days=3), clock.today() + timedelta(days=17)
    office.send(
        "/dispatches/new", **form(county, kind="visiting", halves=["0"], single_days=f"{first}\r\n{second}，{first}")
    )
    assert [row.during.lower for row in only_dispatch().patterns] == [first, second]


def test_an_unmet_condition_is_named_and_asks_for_the_reason_of_an_exception(office: Office, county: County) -> None:
    make_setting(county.bureau, "dispatch.minimum_title", "主任医师")
    assert "职称要求主任医师及以上，现为主治医师" in office.refresh("/dispatches/new", "fields", **form(county)).text
    refused = office.send("/dispatches/new", **form(county))
    assert refused.status_code == 422
    assert "不符合派驻条件" in words_of(refused)
    assert 'name="exception_reason"' in refused.text
    assert office.send("/dispatches/new", **form(county, exception_reason="当地急需")).status_code == 302
    assert only_dispatch().exception_reason == "当地急需"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": "2020-01-01"}, "结束日期不能早于开始日期"),
        ({"starts_on": "昨天"}, "请填写日期"),
        ({"starts_on": None}, "请填写。"),
        ({"recipient_id": "nonsense"}, "请从列表中选择"),
        ({"kind": "holiday"}, "请从列表中选择"),
        ({"halves": ["99"]}, "请重新选择时段"),
        ({"kind": "visiting", "halves": []}, "定期坐诊请选择星期或日期"),
        ({"kind": "visiting", "single_days": "2026-02-30"}, "“2026-02-30”不是日期"),
        ({"rotation_name": "长" * 61}, "请控制在60字以内"),
        ({"surprise": "1"}, "提交的内容与页面不符"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    office: Office, county: County, changes: dict[str, Any], sentence: str
) -> None:
    response = office.send("/dispatches/new", **form(county, **changes))
    assert response.status_code == 422
    assert sentence in words_of(response)
    assert db.session.scalars(select(Dispatch)).all() == []


def test_two_claims_on_one_half_name_the_other_dispatch(office: Office, county: County) -> None:
    make_dispatch(county.doctor, county.other_township)
    response = office.send("/dispatches/new", **form(county))
    assert response.status_code == 409
    assert "已派驻元坝镇中心卫生院，时段重叠" in words_of(response)


def test_changing_changes_what_differs_and_no_more(office: Office, county: County) -> None:
    branch = make_site(county.township, "河西分院")
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    later = dispatch.ends_on + timedelta(days=30)
    shown = office.open(f"/dispatches/{dispatch.id}/change")
    assert dispatch.ends_on.isoformat() in shown.text
    fields = {"version": 1, "ends_on": later.isoformat(), "halves": EVERY_DAY, "site_ids": [str(branch.id)]}
    assert office.send(f"/dispatches/{dispatch.id}/change", **fields).status_code == 302
    changed = only_dispatch()
    assert (changed.ends_on, changed.sites) == (later, [branch])
    assert len(changed.patterns) == 1


def test_new_days_hold_from_their_day_on(office: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    monday = clock.today() + _SOON
    fields = {
        "version": 1,
        "ends_on": dispatch.ends_on.isoformat(),
        "halves": ["0"],
        "pattern_from": monday.isoformat(),
    }
    office.send(f"/dispatches/{dispatch.id}/change", **fields)
    assert [row.during.lower for row in only_dispatch().patterns] == [dispatch.starts_on, monday]


def test_a_change_made_meanwhile_by_somebody_else_is_not_overwritten(office: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    fields = {"version": 7, "ends_on": (dispatch.ends_on + _SOON).isoformat(), "halves": EVERY_DAY}
    response = office.send(f"/dispatches/{dispatch.id}/change", **fields)
    assert response.status_code == 412
    assert "已被他人修改" in words_of(response)


def test_ending_early_needs_a_reason_and_tells_the_doctor(office: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    last = clock.today() + _SOON
    refused = office.send(f"/dispatches/{dispatch.id}/end", version=1, ends_on=last.isoformat(), reason=" ")
    assert refused.status_code == 422
    assert "open" in refused.text.split("提前结束</summary>")[0].rsplit("<details", 1)[1]
    office.send(f"/dispatches/{dispatch.id}/end", version=1, ends_on=last.isoformat(), reason="因公返院")
    assert only_dispatch().ends_on == last
    assert "提前结束原因 因公返院" in words_of(office.open(f"/dispatches/{dispatch.id}"))


def test_no_change_reaches_into_days_that_were_served(office: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    today, deputy = clock.today(), make_person(county.hospital, "顶岗医生")
    outside_tap(dispatch)
    yesterday = (today - timedelta(days=1)).isoformat()
    late = str((today.isoweekday() - 1) * 3 + 1)  # this weekday's afternoon alone
    changed = {"version": 1, "ends_on": dispatch.ends_on.isoformat(), "halves": [late], "pattern_from": yesterday}
    taken_over = {"version": 1, "person_id": str(deputy.id), "from_day": today.isoformat(), "reason": "产假"}
    for path, fields in (
        ("end", {"version": 1, "ends_on": yesterday, "reason": "因公返院"}),
        ("change", changed),
        ("substitute", taken_over),
    ):
        refused = office.send(f"/dispatches/{dispatch.id}/{path}", **fields)
        assert refused.status_code == 409, path
        assert f"{today}上午已有签到或考勤" in words_of(refused)
    assert only_dispatch().version == 1
    tomorrow = {"pattern_from": (today + timedelta(days=1)).isoformat()}
    assert office.send(f"/dispatches/{dispatch.id}/change", **changed | tomorrow).status_code == 302


def test_a_planned_dispatch_can_be_cancelled_and_a_current_one_cannot(office: Office, county: County) -> None:
    planned = make_dispatch(county.doctor, county.township, starts_on=clock.today() + _SOON)
    assert "取消派驻" in words_of(office.open(f"/dispatches/{planned.id}"))
    assert office.send(f"/dispatches/{planned.id}/cancel", version=1, reason="计划调整").status_code == 302
    assert "取消原因 计划调整" in words_of(office.open(f"/dispatches/{planned.id}"))
    current = make_dispatch(make_person(county.hospital, "另一人"), county.township)
    assert "取消派驻" not in words_of(office.open(f"/dispatches/{current.id}"))
    assert office.send(f"/dispatches/{current.id}/cancel", version=1, reason="计划调整").status_code == 409


def test_a_substitute_takes_over_from_a_day_on(office: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    deputy = make_person(county.hospital, "顶岗医生")
    path = f"/dispatches/{dispatch.id}/substitute"
    assert str(deputy.id) in office.open(path, text="顶岗").text
    assert "顶岗医生 接替 吕芬春" in words_of(office.open(path, person_id=str(deputy.id)))
    fields = {"version": 1, "person_id": str(deputy.id), "from_day": (clock.today() + _SOON).isoformat()}
    assert office.send(path, **fields).status_code == 422
    saved = office.send(path, **fields, reason="产假")
    assert "被接替的派驻" in words_of(office.client.get(saved.location))


def test_the_raw_place_of_an_exception_is_shown_for_a_reason_and_audited(office: Office, county: County) -> None:
    tap = outside_tap(make_dispatch(county.doctor, county.township))
    path = f"/dispatches/taps/{tap.id}/location"
    assert "103.225300" not in office.open(path).text
    assert office.send(path, reason="").status_code == 422
    assert "103.225300，27.300000" in words_of(office.send(path, reason="核实是否下村"))
    looks = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "reveal_location")).all()
    assert [(look.subject_id, look.person_id) for look in looks] == [(tap.id, county.medical_affairs.id)]


def test_nobody_else_may_see_a_raw_place(director: Office, bureau: Office, stranger: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    path = f"/dispatches/taps/{outside_tap(dispatch).id}/location"
    for party, status in ((director, 403), (bureau, 403), (stranger, 404)):
        assert party.open(path).status_code == status
        assert party.send(path, reason="好奇").status_code == status
    assert "查看定位" not in director.open(f"/dispatches/{dispatch.id}").text


def test_readers_see_no_buttons_and_may_not_act(director: Office, bureau: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    for reader in (director, bureau):
        words = words_of(reader.open(f"/dispatches/{dispatch.id}"))
        assert "安排顶岗" not in words
        assert reader.open(f"/dispatches/{dispatch.id}/change").status_code == 403
        assert reader.open(f"/dispatches/{dispatch.id}/substitute").status_code == 403
        assert (
            reader.send(f"/dispatches/{dispatch.id}/end", version=1, ends_on="2030-01-01", reason="x").status_code
            == 403
        )
        assert reader.send("/dispatches/new", **form(county)).status_code == 403
        assert "新建派驻" not in words_of(reader.open("/dispatches"))


def test_another_organisation_finds_nothing(stranger: Office, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township)
    for path in ("", "/change", "/substitute"):
        assert stranger.open(f"/dispatches/{dispatch.id}{path}").status_code == 404
    for path in ("/change", "/end", "/cancel", "/substitute"):
        assert stranger.send(f"/dispatches/{dispatch.id}{path}").status_code == 404
    assert stranger.send("/dispatches/new", **form(county)).status_code == 404
    assert stranger.open("/dispatches/new", person_id=str(county.doctor.id)).status_code == 404
