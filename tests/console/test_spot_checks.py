"""Spot checks at the console."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask

from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.rules.spot_checks import AnswerMeans, SpotCheckKind, SpotCheckReview, SpotCheckStatus
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.attendance.service.spot_check_answers import Answer, answer_spot_check, receive_open_spot_check
from backend.domain.attendance.service.spot_check_rounds import lapse_spot_checks
from backend.domain.attendance.service.spot_checks import order_spot_check
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchKind
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from tests.support.console import Office, words_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 9, 2, 9, 0, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock: time_machine.Traveller, app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), sites=[county.site])


@pytest.fixture
def sent(county: County, dispatch: Dispatch) -> SpotCheck:
    return order_spot_check(county.office, dispatch.id, SpotCheckKind.PRESENCE)


@pytest.fixture
def missed(county: County, sent: SpotCheck, clock: time_machine.Traveller) -> SpotCheck:
    receive_open_spot_check(county.visitor)
    clock.move_to(datetime(2026, 9, 2, 9, 16, tzinfo=SHANGHAI))
    lapse_spot_checks()
    return sent


def stored() -> SpotCheck:
    db.session.expire_all()
    return db.session.query(SpotCheck).one()


def test_nobody_was_asked_yet(office: Office, director: Office) -> None:
    assert "还没有查岗" in words_of(office.open("/spot-checks"))
    assert "这段时间没有查岗" in words_of(office.open("/spot-checks/people"))
    assert "制度设置" not in words_of(director.open("/spot-checks")).split("还没有查岗")[1]


def test_one_is_ordered_from_the_page_of_a_dispatch(office: Office, dispatch: Dispatch) -> None:
    assert f"/console/spot-checks/new/{dispatch.id}" in office.open(f"/dispatches/{dispatch.id}").text
    assert "吕芬春" in words_of(office.open(f"/spot-checks/new/{dispatch.id}"))
    office.send(f"/spot-checks/new/{dispatch.id}", kind="presence", note="有群众反映")
    assert (stored().status, stored().note) == (SpotCheckStatus.SENT, "有群众反映")
    words = words_of(office.open("/spot-checks"))
    assert "吕芬春 青石镇中心卫生院 在岗查岗 指定 2026-09-02 09:00 已发出" in words


def test_who_visits_for_a_clinic_has_no_button(office: Office, county: County) -> None:
    visiting = make_dispatch(county.doctor, county.township, kind=DispatchKind.VISITING)
    assert "立即查岗" not in words_of(office.open(f"/dispatches/{visiting.id}"))


def test_an_order_that_cannot_be_says_why(office: Office, dispatch: Dispatch) -> None:
    assert "请从列表中选择" in words_of(office.send(f"/spot-checks/new/{dispatch.id}", kind="lunch"))
    refused = office.send(f"/spot-checks/new/{dispatch.id}", kind="residence")
    assert refused.status_code == 409
    assert "只在派驻日的晚上查驻地" in words_of(refused)


def test_a_call_is_recorded(office: Office, sent: SpotCheck) -> None:
    refused = office.send(f"/spot-checks/{sent.id}/call", version=sent.version, present="yes", note="")
    assert refused.status_code == 422
    assert "请填写接听人和通话情况" in words_of(refused)
    assert office.send(f"/spot-checks/{sent.id}/call", version=sent.version, present="maybe").status_code == 422
    office.send(f"/spot-checks/{sent.id}/call", version=sent.version, present="no", note="院长接听，说不在")
    assert (stored().answer_means, stored().verdict) == (AnswerMeans.LANDLINE, Verdict.OUTSIDE)
    assert "1 次查岗待核实" in words_of(office.open("/spot-checks"))


def test_a_miss_is_reviewed(office: Office, missed: SpotCheck) -> None:
    assert "吕芬春" in words_of(office.open("/spot-checks", waiting="yes"))
    page = words_of(office.open(f"/spot-checks/{missed.id}"))
    assert "未应答 待核实" in page
    stale = office.send(f"/spot-checks/{missed.id}/review", version=1, review="upheld", reason="x")
    assert stale.status_code == 412
    office.send(f"/spot-checks/{missed.id}/review", version=missed.version, review="upheld", reason="卫生院证实不在")
    assert stored().review is SpotCheckReview.UPHELD
    words = words_of(office.open(f"/spot-checks/{missed.id}"))
    assert "认定缺岗 卫生院证实不在（秦明永" in words
    assert "1 次认定缺岗" in words_of(office.open("/spot-checks/people"))


def test_how_each_answered_is_told_by_person(office: Office, county: County, sent: SpotCheck) -> None:
    answer_spot_check(county.visitor, sent.id, Answer(means=AnswerMeans.LOCATION, denied=True))
    words = words_of(office.open("/spot-checks/people"))
    assert f"吕芬春 {county.doctor.staff_number} 1 0 1 0 0 0 0% 1 次待核实" in words
    assert "这段时间没有查岗" in words_of(office.open("/spot-checks/people", last="2026-08-31"))


def test_filters_narrow_the_list(office: Office, county: County, sent: SpotCheck) -> None:
    other = make_person(county.hospital, "沈雪远")
    dispatch = make_dispatch(other, county.other_township, starts_on=date(2026, 9, 1))
    order_spot_check(county.office, dispatch.id, SpotCheckKind.PRESENCE)
    for asked in ({"text": "沈"}, {"recipient": county.other_township.id}):
        words = words_of(office.open("/spot-checks", **asked))
        assert "沈雪远" in words
        assert "吕芬春" not in words
    assert "没有符合条件的查岗" in words_of(office.open("/spot-checks", status="missed"))
    assert "沈雪远" in words_of(office.open("/spot-checks", status="nonsense", first="x"))


def test_the_director_reads_and_decides_nothing_and_others_find_nothing(
    director: Office, admin: Office, stranger: Office, bureau: Office, missed: SpotCheck
) -> None:
    page = words_of(director.open(f"/spot-checks/{missed.id}"))
    assert "保存核实结果" not in page
    given = {"version": missed.version, "review": "upheld", "reason": "不在"}
    for other, code in ((director, 403), (bureau, 403), (admin, 403), (stranger, 404)):
        assert other.send(f"/spot-checks/{missed.id}/review", **given).status_code == code, code
    assert admin.open("/spot-checks").status_code == 403
    assert stored().review is None
