"""Subsidy claims over HTTP: they work, the wrong role, another organisation's claim, bad input."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.subsidies.approval_world import Office, make_office
from tests.support.accounts import phone_of
from tests.support.factories import make_person

CLAIMS = "/api/v1/subsidy-claims"
WAITING = ClaimStatus.SUBMITTED


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office()


def headers(office: Office, role: Role | None = None) -> dict[str, str]:
    if role is None:
        return phone_of(office.county.doctor, Role.STAFF)
    return phone_of(office.approvers[role], role)


def post(client: FlaskClient, path: str, who: dict[str, str], body: dict[str, Any], status: int) -> Any:
    response = client.post(f"{CLAIMS}/{path}", headers=who, json=body)
    assert response.status_code == status, response.text
    return response.get_json()


def test_a_claim_goes_from_the_phone_of_who_earned_it_to_those_who_approve(client: FlaskClient, office: Office) -> None:
    claim_id = str(office.claim(days=10).id)
    doctor = headers(office)
    listed = client.get(CLAIMS, headers=doctor, query_string={"mine": "true"}).get_json()
    assert listed["total"] == 1
    card = listed["items"][0]
    assert {
        name: card[name] for name in ("id", "month", "month_label", "status_label", "total_fen", "total_label")
    } == {
        "id": claim_id,
        "month": "2026-10",
        "month_label": "2026年10月",
        "status_label": "待提交",
        "total_fen": 10_000,
        "total_label": "100.00元",
    }
    assert (card["step_label"], card["last_month_fen"], card["exceptions"]) == (None, None, [])

    sent = post(client, f"{claim_id}/submit", doctor, {"version": 1, "explanation": "国庆值班"}, 200)
    assert (sent["status"], sent["step_label"], sent["explanation"]) == ("submitted", "经办", "国庆值班")
    assert sent["may"] == {"submit": False, "approve": False, "return": False, "reject": False, "add_receipt": False}
    assert [one["state"] for one in sent["steps"]] == ["current", "ahead", "skipped"]

    clerk, finance = headers(office, Role.MEDICAL_AFFAIRS), headers(office, Role.FINANCE)
    waiting = client.get(CLAIMS, headers=clerk, query_string={"waiting": "true"}).get_json()
    assert [one["exceptions"] for one in waiting["items"]] == [[{"code": "explained", "text": "本人附有说明"}]]
    post(client, f"{claim_id}/approve", clerk, {"version": 2}, 200)
    back = post(client, f"{claim_id}/return", finance, {"version": 3, "reason": "请注明日期"}, 200)
    assert (back["status"], back["return_reason"]) == ("returned", "请注明日期")
    post(client, f"{claim_id}/submit", doctor, {"version": 4}, 200)
    post(client, f"{claim_id}/approve", clerk, {"version": 5}, 200)
    done = post(client, f"{claim_id}/approve", finance, {"version": 6}, 200)
    assert (done["status"], done["step_label"], done["explanation"]) == ("approved", None, "国庆值班")
    assert [one["decided_by"] for one in done["steps"]][:2] == ["秦明永", office.approvers[Role.FINANCE].name]

    line = done["lines"][0]
    why = client.get(f"{CLAIMS}/{claim_id}/lines/{line['id']}", headers=doctor).get_json()
    assert why["sentence"] == line["sentence"] == "10 天 × 10.00 元 = 100.00 元"
    assert why["rule"]["document"] == {"title": "关于对口支援人员补助的通知", "number": "云卫发〔2025〕12号"}
    assert sum(shift["counts"] for day in why["days"] for shift in day["shifts"]) == 20
    assert why["arithmetic"][-1] == {"label": "应发", "value": "100.00 元"}
    assert [one["round"] for one in why["decisions"]] == [1, 1, 2, 2]


def test_many_are_approved_together_each_whole_with_a_report(client: FlaskClient, office: Office) -> None:
    good, changed, refused = (
        office.claim(status=WAITING, step=2, dispatch=office.someone_sent()) for _number in range(3)
    )
    finance, unknown = headers(office, Role.FINANCE), str(new_id())
    post(client, f"{refused.id}/reject", finance, {"version": 1, "reason": "不在派驻期"}, 200)
    chosen = [{"id": str(one.id), "version": 1} for one in (good, refused)]
    chosen += [{"id": str(changed.id), "version": 3}, {"id": unknown, "version": 1}]
    report = post(client, "approve", finance, {"claims": chosen}, 200)
    assert report["done"] == [{"id": str(good.id), "total_fen": 10_000}]
    assert (report["done_total_fen"], report["done_total_label"]) == (10_000, "100.00元")
    assert {one["id"]: one["code"] for one in report["left"]} == {
        str(refused.id): "stale_version",
        str(changed.id): "stale_version",
        unknown: "claim_not_found",
    }


def test_who_may_not_is_told_so(client: FlaskClient, office: Office) -> None:
    claim_id = office.claim(status=WAITING).id
    foreign = phone_of(make_person(office.county.foreign_hospital, roles=[Role.FINANCE]), Role.FINANCE)
    director = phone_of(office.county.director, Role.DIRECTOR)
    codes = {
        "finance": post(client, f"{claim_id}/approve", headers(office, Role.FINANCE), {"version": 1}, 403),
        "director": post(client, f"{claim_id}/approve", director, {"version": 1}, 403),
        "foreign": post(client, f"{claim_id}/approve", foreign, {"version": 1}, 404),
        "stale": post(client, f"{claim_id}/approve", headers(office, Role.MEDICAL_AFFAIRS), {"version": 9}, 412),
        "again": post(client, f"{claim_id}/submit", headers(office), {"version": 1}, 409),
    }
    assert {name: answer["error"]["code"] for name, answer in codes.items()} == {
        "finance": "not_your_step",
        "director": "forbidden",
        "foreign": "claim_not_found",
        "stale": "stale_version",
        "again": "claim_not_open",
    }
    assert client.get(f"{CLAIMS}/{claim_id}", headers=director).status_code == 200
    assert client.get(f"{CLAIMS}/{claim_id}", headers=foreign).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("submit", {}, "version"),
        ("submit", {"version": 1, "explanation": "长" * 501}, "explanation"),
        ("approve", {"version": "1"}, "version"),
        ("return", {"version": 1}, "reason"),
        ("reject", {"version": 1, "reason": " "}, "reason"),
        ("reject", {"version": 1, "reason": "长" * 201}, "reason"),
        ("approve", {"version": 1, "total_fen": 1}, "total_fen"),
    ],
)
def test_bad_input_is_refused_by_its_field(
    client: FlaskClient, office: Office, path: str, body: dict[str, Any], field: str
) -> None:
    claim_id = office.claim(status=WAITING).id
    answer = post(client, f"{claim_id}/{path}", headers(office, Role.MEDICAL_AFFAIRS), body, 422)
    assert list(answer["error"]["fields"]) == [field]
    assert db.session.get_one(SubsidyClaim, claim_id).version == 1


def test_a_query_that_nothing_reads_is_refused(client: FlaskClient, office: Office) -> None:
    for query in ({"month": "2026-13"}, {"status": "lost"}, {"waiting": "yes"}, {"page": "0"}, {"person": "x"}):
        response = client.get(CLAIMS, headers=headers(office, Role.FINANCE), query_string=query)
        assert response.status_code == 422
        assert list(response.get_json()["error"]["fields"]) == list(query)
