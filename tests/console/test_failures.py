"""Pages that are not there, and faults of ours."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from backend.app import create_app
from backend.config import Settings
from backend.console import rotations
from backend.console.gate import TOKEN
from backend.domain.accounts.rules import compose_token, new_secret
from backend.extensions import db
from backend.foundation.ids import new_id
from dev.ports import pick
from tests.support.console import Office, csrf_token_in, words_of


def test_a_page_that_is_not_there_says_so_in_chinese(office: Office) -> None:
    for path in ("/nowhere", "/dispatches/nonsense", "/people/00000000-0000-0000-0000-000000000000"):
        response = office.open(path)
        assert response.status_code == 404
        assert "没有找到" in words_of(response)


def test_a_wrong_method_finds_nothing(office: Office) -> None:
    for response in (office.open("/logout"), office.send("/today")):
        assert response.status_code == 404
        assert "没有找到" in words_of(response)


def test_a_fault_of_ours_shows_no_innards(app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_actor: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(rotations, "list_rotations", break_down)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    response = office.open("/rotations")
    assert response.status_code == 500
    assert "问题已记录" in words_of(response)
    assert "secret" not in response.text


@pytest.fixture
def without_database(settings: Settings, redis: Redis) -> Iterator[FlaskClient]:
    """Return a browser that was logged in before the database went away."""
    url = f"postgresql+psycopg://nobody@127.0.0.1:{pick()}/nothing"
    app = create_app(dataclasses.replace(settings, database_url=url))
    client = app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = compose_token(new_id(), new_secret())
    yield client
    with app.app_context():
        db.engine.dispose()


def test_a_database_out_of_reach_is_told_on_a_page_that_asks_it_nothing(without_database: FlaskClient) -> None:
    response = without_database.get("/console/dispatches?state=current")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "系统暂时连不上数据服务" in words_of(response)
    assert 'href="/console/dispatches?state=current">再试一次' in response.text
    assert "psycopg" not in response.text


def test_a_form_is_not_offered_again_when_the_database_is_out_of_reach(without_database: FlaskClient) -> None:
    with without_database.session_transaction() as session:
        session.clear()
    token = csrf_token_in(without_database.get("/console/login"))
    given = {"csrf_token": token, "organisation_code": "1", "staff_number": "A1", "password": "wrong"}
    response = without_database.post("/console/login", data=given)
    assert response.status_code == 503
    assert "可能没有保存" in words_of(response)
    assert "再试一次" not in response.text


def test_a_queue_out_of_reach_is_told_too(settings: Settings, app: Flask) -> None:
    away = create_app(dataclasses.replace(settings, redis_url=f"redis://127.0.0.1:{pick()}/0"))
    client = away.test_client()
    given = {"organisation_code": "1", "staff_number": "A1", "password": "wrong"}
    response = client.post("/console/login", data=given | {"csrf_token": csrf_token_in(client.get("/console/login"))})
    with away.app_context():
        db.engine.dispose()
    assert response.status_code == 503
    assert "服务暂时不可用" in words_of(response)
