"""Which templates an installation has, and for which of them it asks at a tap."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from backend.app import create_app
from backend.config import ConfigurationError, Settings
from backend.domain.notifications.rules.templates import SLOTS, TemplateKey, installed_fields
from backend.domain.notifications.service.grants import add_grant
from backend.extensions import db
from tests.foundation.test_config import PRODUCTION
from tests.support.accounts import make_account, phone_of
from tests.support.factories import make_organisation, make_person

URL = "/api/v1/notifications/templates"


def settings_with(templates: object, base: dict[str, str] | None = None) -> Settings:
    return Settings.from_environment((base or {"BANGFU_ENV": "test"}) | {"WECHAT_TEMPLATES": json.dumps(templates)})


def test_development_has_every_template_of_either_kind_and_production_none_until_it_is_told() -> None:
    assert set(Settings.from_environment({}).wechat_templates) == set(TemplateKey)
    assert {one.standing for one in Settings.from_environment({}).wechat_templates.values()} == {True, False}
    assert Settings.from_environment(PRODUCTION).wechat_templates == {}


@pytest.mark.parametrize(
    "templates",
    [
        [],
        {"work_notice": "an-id"},
        {"work_notice": {"id": "", "kind": "one_time"}},
        {"work_notice": {"id": "x", "kind": "for ever"}},
        {"work_notice": {"id": "x", "kind": "one_time", "colour": "red"}},
        {"work_notice": {"id": "x", "kind": "one_time", "fields": ["thing1"]}},
    ],
)
def test_templates_that_cannot_be_read_do_not_boot(templates: object) -> None:
    with pytest.raises(ConfigurationError, match="WECHAT_TEMPLATES"):
        settings_with(templates)


@pytest.mark.parametrize(
    ("templates", "problem"),
    [
        ({"no_such": {"id": "x", "kind": "one_time"}}, "no template no_such"),
        ({"work_notice": {"id": "x", "kind": "one_time", "fields": {"colour": "thing1"}}}, "no slot colour"),
        ({"work_notice": {"id": "x", "kind": "one_time", "fields": {"title": "phrase1"}}}, "title must be a thing"),
        ({"work_notice": {"id": "x", "kind": "one_time", "fields": {"title": "thing"}}}, "title must be a thing"),
    ],
)
def test_templates_that_fit_no_message_do_not_boot(templates: object, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        create_app(settings_with(templates))


def test_fields_go_out_under_the_names_that_they_have_in_this_installation() -> None:
    ours = {slot.field: slot.label for slot in SLOTS[TemplateKey.CLINIC_CHANGED]}
    assert installed_fields(TemplateKey.CLINIC_CHANGED, {"what": "thing9", "reason": "thing1"}, ours) == {
        "thing9": "专家",
        "time2": "原定时间",
        "thing1": "变更原因",
        "thing4": "温馨提示",
    }


def test_a_tap_asks_for_its_own_templates(client: FlaskClient) -> None:
    doctor = make_person(make_organisation())
    headers = phone_of(doctor)
    assert client.get(f"{URL}?for=dispatch", headers=headers).get_json() == {
        "template_ids": ["dev-work_notice", "dev-spot_check"]
    }
    assert len(client.get(f"{URL}?for=booking", headers=headers).get_json()["template_ids"]) == 4
    assert client.get(f"{URL}?for=nothing", headers=headers).status_code == 422
    assert client.get(URL, headers=headers).status_code == 422
    assert client.get(f"{URL}?for=booking").status_code == 401


def test_standing_leave_is_asked_for_once(client: FlaskClient) -> None:
    doctor = make_person(make_organisation())
    account = make_account(doctor)
    headers = phone_of(doctor)
    add_grant(account.id, TemplateKey.CLINIC_CHANGED, standing=True)
    add_grant(account.id, TemplateKey.WORK_NOTICE, standing=False)
    db.session.commit()
    asked = client.get(f"{URL}?for=booking", headers=headers).get_json()["template_ids"]
    assert asked == ["dev-visit_reminder", "dev-booking_made", "dev-place_offered"]
    assert "dev-work_notice" in client.get(f"{URL}?for=dispatch", headers=headers).get_json()["template_ids"]
