"""/notifications: one's own inbox and nobody else's."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from tests.support.accounts import phone_of
from tests.support.county import County, make_county


@pytest.fixture
def county(client: FlaskClient) -> County:
    county = make_county()
    for number in (1, 2):
        notice = Notice(
            NoticeKind.DISPATCH_ASSIGNED, f"派驻通知{number}", "您已被派往青石镇中心卫生院。", "pages/home/index"
        )
        owe_notice(county.doctor.id, notice, dedupe_key=f"test:{number}")
    return county


def test_the_inbox_shows_the_newest_first_with_what_is_unread(client: FlaskClient, county: County) -> None:
    inbox = client.get("/api/v1/notifications", headers=phone_of(county.doctor)).get_json()
    assert [item["title"] for item in inbox["items"]] == ["派驻通知2", "派驻通知1"]
    assert (inbox["total"], inbox["unread"], inbox["page"], inbox["page_size"]) == (2, 2, 1, 20)
    assert inbox["items"][0]["created_at"].endswith("+08:00")
    assert inbox["items"][0]["read_at"] is None


def test_reading_twice_is_reading_once(client: FlaskClient, county: County) -> None:
    headers = phone_of(county.doctor)
    notice_id = db.session.query(InboxItem.id).first()
    assert notice_id is not None
    first = client.post(f"/api/v1/notifications/{notice_id[0]}/read", headers=headers)
    second = client.post(f"/api/v1/notifications/{notice_id[0]}/read", headers=headers)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json()["read_at"] == second.get_json()["read_at"] is not None
    assert client.get("/api/v1/notifications", headers=headers).get_json()["unread"] == 1


def test_somebody_elses_notice_does_not_exist(client: FlaskClient, county: County) -> None:
    notice_id = db.session.query(InboxItem.id).first()
    assert notice_id is not None
    for headers in (phone_of(county.director), phone_of()):
        assert client.post(f"/api/v1/notifications/{notice_id[0]}/read", headers=headers).status_code == 404
        assert client.get("/api/v1/notifications", headers=headers).get_json()["total"] == 0
