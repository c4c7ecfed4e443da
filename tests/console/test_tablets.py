"""A site's tablet: registered by its organisation, paired once, and what it shows without any log-in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.console.tablet import COOKIE
from backend.domain.attendance.models.evidence import SiteTablet
from backend.domain.attendance.service.site_codes import judge_code
from backend.domain.audit.models import AuditEvent
from backend.extensions import db
from backend.foundation import clock
from tests.support.console import Office, csrf_token_in, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch, make_site

TABLET = "/console/tablet"


def path(county: County) -> str:
    return f"/sites/{county.site.id}/tablets"


def register(director: Office, county: County, name: str = "门诊大厅") -> str:
    """Register a tablet and return the pairing code that the page shows."""
    found = re.search(r'id="pairing-code">([^<]+)<', director.send(path(county), name=name).text)
    assert found
    return found[1]


def pair(device: FlaskClient, code: str) -> TestResponse:
    token = csrf_token_in(device.get(TABLET))
    return device.post(TABLET, data={"csrf_token": token, "code": code})


@pytest.fixture
def device(app: Flask) -> FlaskClient:
    """A browser that nobody has logged in on."""
    return app.test_client()


def told(device: FlaskClient) -> dict[str, object]:
    answer = device.get(f"{TABLET}/code")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def shown_code(device: FlaskClient) -> str:
    found = re.search(r'id="digits"[^>]*>(\d{4}) (\d{4})<', device.get(TABLET).text)
    assert found
    return found[1] + found[2]


def test_a_tablet_is_registered_paired_and_shows_the_code_that_holds_at_its_site(
    director: Office, county: County, device: FlaskClient
) -> None:
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    code = register(director, county)
    paired = pair(device, code)
    assert (paired.status_code, paired.headers["Location"]) == (302, TABLET)
    page = device.get(TABLET)
    assert "青石镇中心卫生院" in words_of(page)
    assert "院本部 · 门诊大厅" in words_of(page)
    tablet = db.session.scalars(select(SiteTablet)).one()
    assert judge_code(dispatch.id, shown_code(device), clock.now()) == tablet.id
    actions = set(db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == tablet.id)))
    assert actions == {"register_tablet", "pair_tablet"}


def test_only_hashes_of_pairing_code_and_credential_are_kept(
    director: Office, county: County, device: FlaskClient
) -> None:
    code = register(director, county)
    before = db.session.scalars(select(SiteTablet.credential_hash)).one()
    pair(device, code)
    after = db.session.scalars(select(SiteTablet.credential_hash)).one()
    cookie = device.get_cookie(COOKIE, path=TABLET)
    assert cookie is not None
    assert cookie.http_only
    assert before != after
    for kept in (before, after):
        assert len(kept) == 32
        assert cookie.value.encode() not in kept


def test_a_pairing_code_works_once(director: Office, county: County, app: Flask, device: FlaskClient) -> None:
    code = register(director, county)
    pair(device, code)
    second = pair(app.test_client(), code)
    assert second.status_code == 409
    assert "配对码不正确、已用过或已超过一天" in words_of(second)


def test_a_pairing_code_is_read_however_it_is_typed(director: Office, county: County, device: FlaskClient) -> None:
    code = register(director, county)
    assert pair(device, f" {code.lower().replace('-', ' ')} ").status_code == 302


def test_a_pairing_code_is_over_after_a_day(director: Office, county: County, device: FlaskClient) -> None:
    code = register(director, county)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert pair(device, code).status_code == 409


@pytest.mark.parametrize("code", ["", "ABCD-EFGH-JK23", "x" * 41])
def test_a_code_that_nobody_gave_pairs_nothing(device: FlaskClient, code: str) -> None:
    assert pair(device, code).status_code in (409, 422)
    assert device.get_cookie(COOKIE, path=TABLET) is None


def test_a_device_that_is_no_tablet_is_told_how_to_become_one_and_gets_no_code(device: FlaskClient) -> None:
    device.set_cookie(COOKIE, "invented", path=TABLET)
    assert "启用动态码平板" in words_of(device.get(TABLET))
    assert device.get(f"{TABLET}/code").status_code == 401


def test_a_revoked_tablet_shows_nothing_and_its_code_no_longer_holds(
    director: Office, county: County, device: FlaskClient
) -> None:
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    pair(device, register(director, county))
    code = shown_code(device)
    tablet = db.session.scalars(select(SiteTablet)).one()
    assert director.send(f"{path(county)}/{tablet.id}/revoke").status_code == 302
    assert device.get(f"{TABLET}/code").status_code == 401
    assert judge_code(dispatch.id, code, clock.now()) is None
    assert "还没有平板" in words_of(director.open(path(county)))
    assert director.send(f"{path(county)}/{tablet.id}/revoke").status_code == 404


def test_a_tablet_is_told_how_long_its_code_lasts(director: Office, county: County, device: FlaskClient) -> None:
    begun = (int(clock.now().timestamp()) // 30 + 1) * 30
    with time_machine.travel(begun + 7, tick=False) as moment:
        pair(device, register(director, county))
        first = told(device)
        assert (first["lasts_ms"], first["now_ms"]) == (23_000, (begun + 7) * 1000)
        moment.move_to(begun + 29)
        assert told(device)["code"] == first["code"]
        moment.move_to(begun + 30)
        following = told(device)
        assert following["lasts_ms"] == 30_000
        assert following["code"] != first["code"]
        assert "<svg" in str(following["qr"])


def test_the_list_tells_when_a_tablet_was_last_there(director: Office, county: County, device: FlaskClient) -> None:
    code = register(director, county)
    assert "尚未启用" in words_of(director.open(path(county)))
    with time_machine.travel(clock.now(), tick=False) as moment:
        pair(device, code)
        moment.shift(timedelta(seconds=50))
        device.get(f"{TABLET}/code")
        seen = db.session.scalars(select(SiteTablet.last_seen_at)).one()
        moment.shift(timedelta(seconds=30))
        device.get(f"{TABLET}/code")
        db.session.expire_all()
        later = db.session.scalars(select(SiteTablet.last_seen_at)).one()
    assert seen is not None
    assert later == seen + timedelta(seconds=80)
    assert "郑明卫" in words_of(director.open(path(county)))


def test_a_tablet_needs_a_name(director: Office, county: County) -> None:
    assert director.send(path(county), name=" ").status_code == 422
    assert director.send(path(county), name="字" * 41).status_code == 422
    assert db.session.scalars(select(SiteTablet)).all() == []


def test_the_tablet_of_another_site_is_not_revoked_through_this_one(director: Office, county: County) -> None:
    other = make_site(county.township, "分院")
    register(director, county)
    tablet = db.session.scalars(select(SiteTablet)).one()
    assert director.send(f"/sites/{other.id}/tablets/{tablet.id}/revoke").status_code == 404
    db.session.expire_all()
    assert tablet.revoked_at is None


def test_the_director_finds_the_tablets_from_the_organisation_and_others_do_not(
    director: Office, bureau: Office, office: Office, county: County
) -> None:
    make_dispatch(county.doctor, county.township, sites=[county.site])
    link = f"/console{path(county)}"
    assert link in director.open(f"/organisations/{county.township.id}").text
    for other in (bureau, office):
        assert link not in other.open(f"/organisations/{county.township.id}").text
    assert office.open(path(county)).status_code == 404
    assert bureau.open(path(county)).status_code == 403
