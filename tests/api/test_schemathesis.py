"""Whatever a machine thinks of to send: never a server error, an undocumented answer, or a way past the log-in."""

from __future__ import annotations

import contextvars
import itertools
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from backend.app import create_app
from backend.config import Settings
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from tests.support.accounts import give_identity, phone_of
from tests.support.county import make_county
from tests.support.factories import make_dispatch
from tests.support.standin import Standin

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
]
SETTINGS = hypothesis.settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
AT_LENGTH = hypothesis.settings(SETTINGS, max_examples=25)


class Stage:
    """The application of the present test, each request in a context of its own: the test's is not the phone's."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return contextvars.Context().run(self.app, environ, start_response)


# The document is needed to name the tests, before any database or fixture is there.
STAGE = Stage(create_app(Settings.from_environment({"BANGFU_ENV": "test"})))
API = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", STAGE, config=SchemathesisConfig.from_dict({"generation": {"mode": "all"}})
)


def keep_few_kinds(schemas: dict[str, Any]) -> None:
    """Let two kinds of records stand for all, which derive from one table: they have fields of every sort."""
    mapping = schemas["ActivityInput"]["discriminator"]["mapping"]
    for kind in mapping.keys() - {"lecture", "new_technique"}:
        mapping.pop(kind)
    schemas["ActivityInput"]["oneOf"] = [{"$ref": reference} for reference in mapping.values()]
    kept = {reference.replace("Input", "Fields") for reference in mapping.values()}
    for body in ("ActivityChangeInput", "Activity"):
        fields = schemas[body]["properties"]["fields"]
        fields["anyOf"] = [one for one in fields["anyOf"] if one["$ref"] in kept]


keep_few_kinds(API.raw_schema["components"]["schemas"])


@pytest.fixture
def world(app: Flask, standin: Standin) -> dict[str, Any]:
    """Return a doctor who is sent out and has a notice, and what must be known to name them."""
    STAGE.app = app
    county = make_county()
    doctor = give_identity(county.doctor, telephone="13800001111")
    dispatch = make_dispatch(doctor, county.township, sites=[county.site])
    owe_notice(doctor.id, Notice(NoticeKind.DISPATCH_ASSIGNED, "派驻通知", "请按时到岗。"), dedupe_key="test")
    notice = db.session.query(InboxItem).one()
    return {
        "doctor": doctor,
        "standin": standin,
        "ids": {
            "dispatch_id": dispatch.id,
            "organisation_id": county.hospital.id,
            "notification_id": notice.id,
        },
    }


_turns = itertools.count()


@API.parametrize()
@SETTINGS
def test_the_api_keeps_its_word(case: Case[Any], world: dict[str, Any]) -> None:
    hold_to_its_word(case, world)


@pytest.mark.slow
@API.parametrize()
@AT_LENGTH
def test_the_api_keeps_its_word_at_length(case: Case[Any], world: dict[str, Any]) -> None:
    hold_to_its_word(case, world)


def hold_to_its_word(case: Case[Any], world: dict[str, Any]) -> None:
    """Send a case as somebody who may, naming what exists every other time, and check the answer."""
    if next(_turns) % 2 and case.meta and case.meta.generation.mode.is_positive:
        make_real(case, world)
    # A new session each time, for some cases log out; who is bound already cannot be bound.
    headers = phone_of(None if case.path == "/api/v1/me/binding" else world["doctor"])
    case.call_and_validate(headers=headers, checks=CHECKS)


def make_real(case: Case[Any], world: dict[str, Any]) -> None:
    """Name things that exist, so that the answer is more than that they do not."""
    ids: dict[str, UUID] = world["ids"]
    for container in (case.path_parameters, case.query, case.body):
        if isinstance(container, dict):
            for name in container.keys() & ids.keys():
                container[name] = str(ids[name])
    if isinstance(case.body, dict) and case.path == "/api/v1/session":
        case.body["code"] = world["standin"].login_code("somebody")
    if isinstance(case.body, dict) and "phone_code" in case.body:
        case.body["phone_code"] = world["standin"].phone_code("13900002222")
