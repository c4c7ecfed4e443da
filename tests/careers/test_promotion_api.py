"""/me/promotion tells the one concerned what their service comes to; certificates open for them alone, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from redis import Redis

from backend.domain.careers.models.promotion import ServiceCertificate
from backend.domain.careers.printing.certificate import PrintedCertificate, write_certificate
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from tests.support.accounts import phone_of
from tests.support.careers import make_certificate, make_promotion_rule, serve
from tests.support.console import words_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch
from tests.support.printed import pages_of

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(client: FlaskClient) -> County:
    county = make_county()
    make_promotion_rule(county.bureau, required_days=100)
    return county


def test_my_service_tells_what_counts_what_does_not_and_what_is_missing(client: FlaskClient, county: County) -> None:
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), ends_on=date(2027, 2, 28))
    serve(dispatch, until=date(2026, 10, 31), leave=[date(2026, 9, 2)])
    [title] = client.get("/api/v1/me/promotion", headers=phone_of(county.doctor)).get_json()["titles"]

    assert (title["title"], title["eligible"], title["by"]) == ("副主任医师", False, "2026-12-10")
    assert (title["counted_days"], title["required_days"]) == (60, 100)
    [segment] = title["segments"]
    assert (segment["from"], segment["to"], segment["days"]) == ("2026-09-01", "2026-11-20", 81)
    assert segment["excluded"] == [{"reason": "考勤表未会签", "days": 20}, {"reason": "请假", "days": 1}]
    assert [item["text"] for item in title["missing"]] == [
        "医师法第四十六条：还差40天",
        "青石镇中心卫生院（2026-09-01至2027-02-28）：20天的考勤表未会签",
    ]
    assert title["rules"][0]["total"] == "60天 ＜ 100天，还差40天"


def test_who_is_on_no_roster_has_no_service(client: FlaskClient, county: County) -> None:
    answer = client.get("/api/v1/me/promotion", headers=phone_of())

    assert answer.get_json() == {"titles": [], "certificates": []}


def test_a_certificate_opens_for_the_one_concerned_alone(client: FlaskClient, county: County) -> None:
    certificate = make_certificate(county.doctor, county.medical_affairs)
    own = client.get(f"/api/v1/me/certificates/{certificate.id}.pdf", headers=phone_of(county.doctor))
    others = client.get(f"/api/v1/me/certificates/{certificate.id}.pdf", headers=phone_of(county.medical_affairs))
    [listed] = client.get("/api/v1/me/promotion", headers=phone_of(county.doctor)).get_json()["certificates"]

    assert own.mimetype == "application/pdf"
    assert others.status_code == 404
    assert (listed["code"], listed["revoked"]) == (certificate.verification_code, False)
    text = pages_of(own.data)[0].page.extract_text()
    for said in ("主席令第九十四号", "366天 ≥ 365天", certificate.verification_code, "吕芬春", "石桥县中医医院"):
        assert said in text, said


def test_a_certificate_of_many_stays_goes_on_on_another_page(county: County) -> None:
    certificate = make_certificate(county.doctor, county.medical_affairs)
    facts = dict(certificate.facts)
    facts["rules"] = [dict(facts["rules"][0], segments=facts["rules"][0]["segments"] * 40)]
    printed = PrintedCertificate(facts, clock.today(), "秦明永", "ABCD", "https://x/?code=", revoked_on=clock.today())
    pages = pages_of(write_certificate(printed))

    assert len(pages) >= 3
    assert all(page.outlined for page in pages)  # the mark that it is revoked
    assert write_certificate(printed) == write_certificate(printed)


def test_anybody_with_the_paper_is_told_whether_it_holds(client: FlaskClient, county: County, redis: Redis) -> None:
    certificate = make_certificate(county.doctor, county.medical_affairs)
    asked = {"code": certificate.verification_code.lower()}
    assert words_of(client.get("/console/verify", query_string=asked)) == (
        "核验通过 对口支援服务证明 出具单位 云岭县人民医院 姓名 吕** 拟申报职称 副主任医师 "
        "医师法第四十六条 366天 ≥ 365天，天数符合 出具日期 2026-11-20 与本页一致即为有效。"
    )
    db.session.get_one(ServiceCertificate, certificate.id).revoked_at = clock.now()
    certificate.revoke_reason = "有误"
    db.session.commit()
    assert words_of(client.get("/console/verify", query_string=asked)).startswith("已作废 对口支援服务证明")
