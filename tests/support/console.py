"""The office at its browser, in-process: logged in by a row, forms with the token that the page gave."""

from __future__ import annotations

import html
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.console.gate import TOKEN
from backend.domain.accounts.models import Person
from backend.domain.organisations.models import Organisation
from backend.foundation.actor import Role
from tests.support.accounts import console_token_of


class Office:
    """Somebody of an office, in one role."""

    def __init__(self, app: Flask, person: Person, role: Role | None, organisation: Organisation | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        token = console_token_of(person, role, organisation)
        with self.client.session_transaction() as session:
            session[TOKEN] = token
        self._csrf_token = csrf_token_in(self.client.get("/console/password"))

    def open(self, path: str, **query: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(f"/console{path}", query_string=query)

    def refresh(self, path: str, target: str, **query: Any) -> TestResponse:
        """Ask for a part of a page, as htmx does."""
        headers = {"HX-Request": "true", "HX-Target": target}
        return self.client.get(f"/console{path}", query_string=query, headers=headers)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Send a form; None stands for a field that is not there."""
        given = {name: value for name, value in fields.items() if value is not None}
        return self.client.post(f"/console{path}", data={"csrf_token": self._csrf_token, **given})

    def upload(self, path: str, content: bytes, filename: str, **more: str) -> TestResponse:
        """Send a form with a file, and with whatever else it asks for."""
        # Written out: the test client would leave its temporary file of a large body open.
        texts = {name: (value.encode(), "") for name, value in {"csrf_token": self._csrf_token, **more}.items()}
        fields = {**texts, "file": (content, f'; filename="{filename}"')}
        parts = [
            f'--part\r\nContent-Disposition: form-data; name="{name}"{said}\r\n\r\n'.encode() + value + b"\r\n"
            for name, (value, said) in fields.items()
        ]
        body = b"".join(parts) + b"--part--\r\n"
        return self.client.post(f"/console{path}", data=body, content_type="multipart/form-data; boundary=part")


def csrf_token_in(response: TestResponse) -> str:
    """Return the token that the forms of a page carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert found, response.text
    return found[1]


def words_of(response: TestResponse) -> str:
    """Return what somebody reads on a page: without tags, on one line."""
    body = re.sub(r"<(head|script)\b.*?</\1>", "", response.text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())
