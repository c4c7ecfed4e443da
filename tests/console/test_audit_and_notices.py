"""The audit trail and the inbox at the console."""

from __future__ import annotations

from backend.domain.audit.service import record_event, seal_events
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from tests.support.console import Office, words_of
from tests.support.county import County


def test_the_trail_shows_who_did_what_in_words(admin: Office, county: County) -> None:
    record_event(county.office, "create_dispatch", "dispatch")
    record_event(county.office, "reveal_location", "check_in")
    words = words_of(admin.open("/audit"))
    assert "新建派驻 秦明永 医务科 管理端" in words
    assert "还没有封存" in words
    only = admin.open("/audit", action="reveal_location").text.split("<tbody>")[1]
    assert "查看原始定位" in only
    assert "新建派驻" not in only


def test_the_trail_tells_how_far_it_is_sealed(admin: Office, county: County) -> None:
    record_event(county.office, "create_dispatch", "dispatch")
    db.session.commit()
    seal = seal_events()
    assert seal is not None
    assert seal.digest.hex()[:16] in words_of(admin.open("/audit"))


def test_trails_of_other_organisations_stay_theirs(admin: Office, bureau: Office, county: County) -> None:
    record_event(county.recipient, "create_agreement", "agreement")
    record_event(county.stranger, "change_dispatch", "dispatch")
    assert "没有操作记录" in words_of(admin.open("/audit"))
    above = bureau.open("/audit").text.split("<tbody>")[1]
    assert "登记支援协议" in above
    assert "修改派驻" not in above


def test_the_trail_is_not_for_everyone(office: Office, director: Office, visitor: Office) -> None:
    assert [one.open("/audit").status_code for one in (office, director, visitor)] == [403, 403, 403]


def test_unread_notices_are_counted_and_can_be_marked(office: Office, county: County, stranger: Office) -> None:
    owe_notice(
        county.medical_affairs.id,
        Notice(NoticeKind.BINDING_REQUESTED, "有新的绑定申请", "请核实后处理。"),
        dedupe_key="one",
    )
    page = office.open("/notices")
    assert "消息 未读 1" in words_of(page)
    path = page.text.split('action="/console/notices/')[1].split('"')[0]
    assert stranger.send(f"/notices/{path}").status_code == 404
    assert office.send(f"/notices/{path}").status_code == 302
    assert "未读" not in words_of(office.open("/notices"))


def test_an_empty_inbox(office: Office) -> None:
    assert "没有消息" in words_of(office.open("/notices"))
