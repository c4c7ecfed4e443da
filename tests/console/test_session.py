"""Logging in at the console, the gate before every page, the password, the current identity."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from backend.console.gate import TOKEN
from backend.domain.accounts.models import RoleHolding, Session
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import PASSWORD, give_password
from tests.support.console import Office, csrf_token_in, words_of
from tests.support.county import County


def log_in(client: FlaskClient, staff_number: str, password: str, **fields: str) -> tuple[int, str, str]:
    token = csrf_token_in(client.get("/console/login"))
    form = {"csrf_token": token, "staff_number": staff_number, "password": password, **fields}
    response = client.post("/console/login", data=form)
    return response.status_code, response.headers.get("Location", ""), words_of(response)


def test_staff_number_and_password_open_the_first_page_of_the_role(county: County, client: FlaskClient) -> None:
    give_password(county.medical_affairs)
    assert log_in(client, county.medical_affairs.staff_number, PASSWORD)[:2] == (302, "/console/")
    assert client.get("/console/").location == "/console/today"
    assert "今日在岗" in words_of(client.get("/console/today"))


def test_a_wrong_password_is_told_beside_the_form_and_not_typed_back(county: County, client: FlaskClient) -> None:
    give_password(county.medical_affairs)
    token = csrf_token_in(client.get("/console/login"))
    form = {"csrf_token": token, "staff_number": county.medical_affairs.staff_number, "password": "nicht-richtig-7"}
    response = client.post("/console/login", data=form)
    assert response.status_code == 401
    assert "工号或密码不正确" in words_of(response)
    assert county.medical_affairs.staff_number in response.text
    assert "nicht-richtig-7" not in response.text


def test_after_too_many_failures_even_the_right_password_waits(county: County, client: FlaskClient) -> None:
    give_password(county.medical_affairs)
    for _ in range(5):
        log_in(client, county.medical_affairs.staff_number, "falsch-falsch")
    status, _, words = log_in(client, county.medical_affairs.staff_number, PASSWORD)
    assert status == 429
    assert "尝试次数过多" in words


def test_empty_fields_are_named(county: County, client: FlaskClient) -> None:
    status, _, words = log_in(client, " ", "")
    assert status == 422
    assert words.count("请填写。") == 2


def test_a_visitor_without_session_is_asked_to_log_in_and_comes_back(county: County, client: FlaskClient) -> None:
    give_password(county.medical_affairs)
    asked = client.get("/console/dispatches?text=秦")
    assert asked.status_code == 302
    assert asked.location.startswith("/console/login?next=/console/dispatches")
    assert log_in(client, county.medical_affairs.staff_number, PASSWORD, next="/console/people")[1] == "/console/people"


def test_a_log_in_never_leads_to_somebody_elses_site(county: County, client: FlaskClient) -> None:
    give_password(county.medical_affairs)
    for place in ("https://example.com/", "//example.com/", "/\\example.com", "/console/\\example.com", "/elsewhere"):
        client.delete_cookie("session")
        assert log_in(client, county.medical_affairs.staff_number, PASSWORD, next=place)[1] == "/console/"


def test_a_part_of_a_page_whose_session_has_ended_opens_the_log_in(client: FlaskClient) -> None:
    response = client.get("/console/today", headers={"HX-Request": "true", "HX-Target": "board"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/console/login")


def test_a_form_without_the_pages_token_is_refused_with_a_way_out(office: Office) -> None:
    response = office.client.post("/console/logout")
    assert response.status_code == 400
    assert "页面已过期" in words_of(response)
    assert office.open("/today").status_code == 200


def test_logging_out_ends_the_session_on_the_server(app: Flask, office: Office) -> None:
    with office.client.session_transaction() as session:
        token = session[TOKEN]
    assert office.send("/logout").location == "/console/login"
    with office.client.session_transaction() as session:
        session[TOKEN] = token  # a copy of the cookie is worth nothing
    assert office.open("/today").location.startswith("/console/login")


def test_a_given_password_must_be_changed_before_anything_else(county: County, client: FlaskClient) -> None:
    give_password(county.medical_affairs, must_change=True)
    log_in(client, county.medical_affairs.staff_number, PASSWORD)
    assert client.get("/console/today").location == "/console/password"
    page = client.get("/console/password")
    assert "请先设置自己的密码" in words_of(page)
    form = {
        "csrf_token": csrf_token_in(page),
        "old": PASSWORD,
        "new": "一二三四五六七八九十零",
        "again": "别的密码别的密码别的",
    }
    mismatch = client.post("/console/password", data=form)
    assert mismatch.status_code == 422
    assert "不一致" in words_of(mismatch)
    changed = client.post("/console/password", data={**form, "again": form["new"]})
    assert changed.location == "/console/"
    assert client.get("/console/today").status_code == 200


def test_a_weak_password_is_refused_beside_its_field(app: Flask, county: County) -> None:
    give_password(county.medical_affairs)
    office = Office(app, county.medical_affairs, Role.MEDICAL_AFFAIRS)
    response = office.send("/password", old=PASSWORD, new="kurz", again="kurz")
    assert response.status_code == 422
    assert "密码至少10个字符" in words_of(response)


def test_switching_the_identity_changes_what_the_menu_shows(office: Office, county: County) -> None:
    db.session.add(
        RoleHolding(person_id=county.medical_affairs.id, organisation_id=county.hospital.id, role=Role.ADMIN)
    )
    assert "今日在岗" in words_of(office.open("/people"))
    switched = office.send("/role", identity=f"admin:{county.hospital.id}")
    assert switched.location == "/console/imports"
    words = words_of(office.open("/people"))
    assert "今日在岗" not in words
    assert "操作记录" in words


def test_an_identity_that_one_does_not_hold_is_refused(office: Office, county: County) -> None:
    assert office.send("/role", identity=f"bureau:{county.bureau.id}").status_code == 403
    assert office.send("/role", identity="nonsense").status_code == 422


def test_disabling_a_person_closes_the_console_at_once(office: Office, county: County) -> None:
    county.medical_affairs.disabled_at = clock.now()
    assert office.open("/today").location.startswith("/console/login")


def test_someone_who_is_only_sent_is_told_to_use_the_phone(visitor: Office) -> None:
    assert visitor.open("/").location == "/console/welcome"
    assert "小程序" in words_of(visitor.open("/welcome"))


def test_pages_allow_no_scripts_of_others_and_are_not_kept(office: Office) -> None:
    headers = office.open("/today").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/console/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_session_that_has_ended_elsewhere_opens_the_log_in(office: Office) -> None:
    for row in db.session.query(Session):
        row.ended_at = clock.now()
    assert office.open("/today").status_code == 302
