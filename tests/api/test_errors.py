"""One shape for every error under /api/v1, and nothing personal in any log."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from backend.domain.accounts import service
from backend.foundation.errors import StaleVersion
from tests.support.accounts import phone_of

LOGIN = "/api/v1/session"


def error_of(response: Any, status: int) -> dict[str, Any]:
    """Return an answer's error after a look at its shape."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/json"
    body = response.get_json()
    assert list(body) == ["error"]
    error: dict[str, Any] = body["error"]
    assert set(error) <= {"code", "message", "fields"}
    assert re.fullmatch(r"[a-z_]+", error["code"])
    assert re.search(r"[\u4e00-\u9fff]", error["message"])
    assert error["message"][-1] in "。）"
    return error


def test_an_unknown_path_is_404(client: FlaskClient) -> None:
    assert error_of(client.get("/api/v1/nothing"), 404)["code"] == "not_found"
    assert error_of(client.get("/api/v1/notifications/no-uuid/read"), 404)["code"] == "not_found"


def test_a_path_outside_of_the_api_is_not_answered_in_its_shape(client: FlaskClient) -> None:
    assert client.get("/nothing").mimetype == "text/html"


def test_a_wrong_method_is_405_and_names_the_right_ones(client: FlaskClient) -> None:
    response = client.put(LOGIN)
    assert error_of(response, 405)["code"] == "method_not_allowed"
    assert {"POST", "DELETE"} <= set(re.split(r",\s*", response.headers["Allow"]))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b"\xff\xfe", b'{"code": NaN}', b'{"code": "\\ud800"}', b'{"code": 1e999}']
)
def test_broken_json_is_400(client: FlaskClient, body: bytes) -> None:
    assert error_of(client.post(LOGIN, data=body, content_type="application/json"), 400)["code"] == "broken_json"


def test_json_nested_without_end_is_400(client: FlaskClient) -> None:
    body = b"[" * 30_000 + b"]" * 30_000
    assert error_of(client.post(LOGIN, data=body, content_type="application/json"), 400)["code"] == "broken_json"


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_what_is_not_json_is_415(client: FlaskClient, content_type: str) -> None:
    response = client.post(LOGIN, data=b'{"code": "x"}', headers={"Content-Type": content_type})
    assert error_of(response, 415)["code"] == "not_json"


def test_a_body_of_more_than_64_kilobytes_is_413(client: FlaskClient) -> None:
    body = b'{"code": "' + b"x" * 65_536 + b'"}'
    assert error_of(client.post(LOGIN, data=body, content_type="application/json"), 413)["code"] == "body_too_large"


def test_a_body_whose_length_is_not_told_is_read_no_further_than_that(client: FlaskClient) -> None:
    body = io.BytesIO(b'{"code": "' + b"x" * 100_000 + b'"}')
    response = client.post(
        LOGIN,
        input_stream=body,
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert error_of(response, 413)["code"] == "body_too_large"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"true", b"null"])
def test_json_that_is_no_object_is_422(client: FlaskClient, body: bytes) -> None:
    error = error_of(client.post(LOGIN, data=body, content_type="application/json"), 422)
    assert error["fields"] == {"body": ["应为一个对象。"]}


def test_unknown_and_missing_fields_are_each_named(client: FlaskClient) -> None:
    error = error_of(client.post(LOGIN, json={"cod": "x"}), 422)
    assert error["fields"] == {"code": ["必填。"], "cod": ["没有这个字段，请更新小程序后重试。"]}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/notifications?pag=1", "pag"),
        ("/api/v1/notifications?page=0", "page"),
        ("/api/v1/notifications?page=1.0", "page"),
        ("/api/v1/notifications?page=1&page=2", "page"),
        ("/api/v1/notifications?page=９", "page"),
        ("/api/v1/notifications?page_size=101", "page_size"),
        ("/api/v1/notifications?page=2.6e-42", "page"),
        ("/api/v1/sites", "organisation_id"),
        ("/api/v1/sites?organisation_id=1", "organisation_id"),
        ("/api/v1/sites?organisation_id=%00", "organisation_id"),
        ("/api/v1/me?role=admin", "role"),
    ],
)
def test_queries_are_as_strict_as_bodies(client: FlaskClient, path: str, field: str) -> None:
    assert list(error_of(client.get(path, headers=phone_of()), 422)["fields"]) == [field]


def test_an_odd_query_without_a_name_is_refused_too(client: FlaskClient) -> None:
    error_of(client.get("/api/v1/me?&", headers=phone_of()), 422)


def test_who_is_not_logged_in_is_not_told_what_is_wrong_with_the_input(client: FlaskClient) -> None:
    error_of(client.put("/api/v1/me/current-role", json={"nonsense": 1}), 401)
    error_of(client.put("/api/v1/me/current-role", data=b"{"), 401)


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_code: str) -> None:
        raise error

    monkeypatch.setattr(service, "log_in_phone", fail)


def test_what_nobody_foresaw_is_500_without_its_text_in_answer_or_log(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, ValueError("吕芬春 13800001111"))
    response = client.post(LOGIN, json={"code": "a-secret-code"})
    assert error_of(response, 500)["code"] == "internal_error"
    (record,) = [record for record in caplog.records if "request_failed" in str(record.msg)]
    told = str(record.msg)
    assert "ValueError" in told
    assert response.headers["X-Request-ID"] in told
    assert not any(secret in told for secret in ("吕芬春", "13800001111", "a-secret-code"))


def test_a_database_out_of_reach_is_503(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, OperationalError("SELECT", {}, Exception("server closed the connection")))
    response = client.post(LOGIN, json={"code": "x"})
    assert error_of(response, 503)["code"] == "unavailable"
    assert response.headers["Retry-After"]


def test_our_own_errors_keep_their_status_and_code(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, StaleVersion())
    assert error_of(client.post(LOGIN, json={"code": "x"}), 412)["code"] == "stale_version"


def test_every_answer_carries_its_request_id_and_headers_that_keep_others_out(client: FlaskClient) -> None:
    for path in ("/api/v1/me", "/api/v1/nothing", "/api/v1/openapi.json"):
        response = client.get(path, headers={"X-Request-ID": "a-phone-made-this-1"})
        assert response.headers["X-Request-ID"] == "a-phone-made-this-1"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space and <tag>"])
def test_a_request_id_that_could_forge_a_log_line_is_replaced(client: FlaskClient, given: str) -> None:
    response = client.get("/api/v1/me", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_the_documents_page_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "http" not in re.sub(r"charset=|http-equiv", "", page.text)
    for path in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        with client.get(f"/api/v1/{path}") as file:
            assert file.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_each_schema_is_described_once(app: Flask, client: FlaskClient) -> None:
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    assert not [name for name in schemas if name[-1].isdigit()]
    assert "HTTPError" not in schemas
