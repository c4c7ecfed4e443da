"""Papers that the personnel office keeps: earlier service, refusals, and certificates that say what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend.domain.accounts.models import Person
from backend.domain.audit.models import AuditEvent
from backend.domain.careers.errors.promotion import (
    CertificateIssued,
    CertificateNotFound,
    CertificateRevoked,
    NoRuleForTitle,
    NotEligible,
    OwnRecord,
    PaperFiled,
    PaperNotFound,
    PaperWithdrawn,
    PersonUnknown,
    ServiceInvalid,
    ServiceOverlaps,
)
from backend.domain.careers.models.promotion import ServiceCertificate
from backend.domain.careers.queries.eligibility import judge_person
from backend.domain.careers.rules.drafts import ServiceDraft
from backend.domain.careers.service.certificates import issue_certificate, readable_certificate, revoke_certificate
from backend.domain.careers.service.earlier_services import (
    enter_service,
    file_service_paper,
    read_service_paper,
    withdraw_service,
)
from backend.domain.careers.service.refusals import record_refusal, withdraw_refusal
from backend.domain.careers.service.verification import find_verified_certificate
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden
from tests.support.careers import ASSOCIATE_CHIEF, make_promotion_rule, serve
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
PDF = b"%PDF-1.7\n%%EOF\n"
PAPER = ("证明.pdf", PDF)
DRAFT = ServiceDraft(
    organisation_name="石桥县中医医院",
    starts_on=date(2020, 1, 1),
    ends_on=date(2020, 12, 31),
    served_days=250,
    evaluation_passed=True,
    document_title="对口支援服务证明",
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    county = make_county()
    make_promotion_rule(county.bureau, refusal_blocks_months=24)
    return county


@pytest.fixture
def personnel(county: County) -> Actor:
    return acting(make_person(county.hospital, "方佩佩", roles=[Role.PERSONNEL]), Role.PERSONNEL)


def is_eligible(person: Person) -> bool:
    return judge_person(person, NOW.date())[0].verdict.is_eligible


def test_earlier_service_counts_once_its_paper_is_there(county: County, personnel: Actor) -> None:
    service = enter_service(personnel, county.doctor.id, DRAFT, None)
    assert not is_eligible(county.doctor)
    file_service_paper(personnel, service.id, PAPER)
    assert is_eligible(county.doctor)
    with pytest.raises(PaperFiled):
        file_service_paper(personnel, service.id, PAPER)
    assert read_service_paper(personnel, service.id).content == PDF

    withdraw_service(personnel, service.id)
    assert not is_eligible(county.doctor)
    with pytest.raises(PaperWithdrawn):
        withdraw_service(personnel, service.id)
    enter_service(personnel, county.doctor.id, DRAFT, PAPER)  # the same days again, now that the first is withdrawn
    assert is_eligible(county.doctor)


def test_the_same_days_are_not_entered_twice(county: County, personnel: Actor) -> None:
    enter_service(personnel, county.doctor.id, DRAFT, PAPER)
    with pytest.raises(ServiceOverlaps):
        enter_service(personnel, county.doctor.id, replace(DRAFT, starts_on=date(2020, 12, 31), served_days=1), PAPER)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"served_days": 367}, "served_days"),
        ({"ends_on": date(2019, 12, 31)}, "ends_on"),
        ({"ends_on": date(2026, 11, 20)}, "ends_on"),
        ({"document_title": " "}, "document_title"),
    ],
)
def test_service_that_cannot_be_is_refused(
    county: County, personnel: Actor, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(ServiceInvalid) as refused:
        enter_service(personnel, county.doctor.id, replace(DRAFT, **wrong), PAPER)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_nobody_keeps_their_own_record_nor_anothers_from_outside(county: County, personnel: Actor) -> None:
    assert personnel.person_id is not None
    with pytest.raises(OwnRecord):
        enter_service(personnel, personnel.person_id, DRAFT, PAPER)
    with pytest.raises(OwnRecord):
        record_refusal(personnel, personnel.person_id, date(2026, 1, 1), reason="无")
    with pytest.raises(Forbidden):
        enter_service(county.office, county.doctor.id, DRAFT, PAPER)
    with pytest.raises(PersonUnknown):
        enter_service(replace(county.stranger, role=Role.PERSONNEL), county.doctor.id, DRAFT, PAPER)
    service = enter_service(personnel, county.doctor.id, DRAFT, PAPER)
    with pytest.raises(PaperNotFound):
        read_service_paper(county.stranger, service.id)


def test_a_refusal_blocks_until_it_is_withdrawn(county: County, personnel: Actor) -> None:
    enter_service(personnel, county.doctor.id, DRAFT, PAPER)
    refusal = record_refusal(personnel, county.doctor.id, date(2025, 5, 1), reason="无正当理由拒绝派驻")
    [judged] = judge_person(county.doctor, NOW.date())
    assert not judged.verdict.is_eligible
    assert judged.by == date(2027, 5, 1)
    withdraw_refusal(personnel, refusal.id)
    assert is_eligible(county.doctor)
    with pytest.raises(ServiceInvalid):
        record_refusal(personnel, county.doctor.id, date(2026, 11, 21), reason="还没到")


def test_a_certificate_is_frozen_with_its_rules_and_arithmetic(county: County, personnel: Actor) -> None:
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2026, 3, 1), ends_on=date(2026, 5, 31))
    serve(dispatch, leave=[date(2026, 3, 3)])
    enter_service(personnel, county.doctor.id, DRAFT, PAPER)
    certificate = issue_certificate(personnel, county.doctor.id, ASSOCIATE_CHIEF)

    [rule] = certificate.facts["rules"]
    assert rule["document"] == "《中华人民共和国医师法》（主席令第九十四号）"
    assert [segment["arithmetic"] for segment in rule["segments"]] == ["366天 = 366天", "92天 − 请假1天 = 91天"]
    assert rule["total"] == "366天 + 91天 = 457天 ≥ 365天，天数符合"
    assert len(certificate.verification_code) == 16
    told = db.session.scalars(select(InboxItem).where(InboxItem.person_id == county.doctor.id)).one()
    assert (told.kind, told.page) == ("certificate_issued", "/doctor/service/index")
    with pytest.raises(IntegrityError, match="the certificate is issued"):
        db.session.execute(update(ServiceCertificate).values(title="主任医师"))


def test_a_certificate_says_what_is_so(county: County, personnel: Actor) -> None:
    with pytest.raises(NotEligible):
        issue_certificate(personnel, county.doctor.id, ASSOCIATE_CHIEF)
    with pytest.raises(NoRuleForTitle):
        issue_certificate(personnel, county.doctor.id, "主任医师")
    with pytest.raises(Forbidden):
        issue_certificate(county.office, county.doctor.id, ASSOCIATE_CHIEF)


def test_one_certificate_for_a_title_holds_at_a_time(county: County, personnel: Actor) -> None:
    enter_service(personnel, county.doctor.id, DRAFT, PAPER)
    first = issue_certificate(personnel, county.doctor.id, ASSOCIATE_CHIEF)
    with pytest.raises(CertificateIssued):
        issue_certificate(personnel, county.doctor.id, ASSOCIATE_CHIEF)
    revoke_certificate(personnel, first.id, reason="按最新情况重新出具")
    assert issue_certificate(personnel, county.doctor.id, ASSOCIATE_CHIEF).verification_code != first.verification_code


def test_whoever_looks_a_certificate_up_is_told_that_its_days_are_there_no_more(
    county: County, personnel: Actor
) -> None:
    service = enter_service(personnel, county.doctor.id, DRAFT, PAPER)
    code = issue_certificate(personnel, county.doctor.id, ASSOCIATE_CHIEF).verification_code

    def is_still_met() -> bool:
        found = find_verified_certificate(code)
        return found is not None and found.still_met

    assert is_still_met()
    record_refusal(personnel, county.doctor.id, NOW.date(), reason="家中有事")  # no days less
    assert is_still_met()
    withdraw_service(personnel, service.id)
    assert not is_still_met()


def test_a_revoked_certificate_stays_and_is_revoked_once(county: County, personnel: Actor) -> None:
    enter_service(personnel, county.doctor.id, DRAFT, PAPER)
    certificate = issue_certificate(personnel, county.doctor.id, ASSOCIATE_CHIEF)
    revoke_certificate(personnel, certificate.id, reason="证明材料有误")
    with pytest.raises(CertificateRevoked):
        revoke_certificate(personnel, certificate.id, reason="再来一次")

    assert readable_certificate(county.visitor, certificate.id).revoke_reason == "证明材料有误"
    with pytest.raises(CertificateNotFound):
        readable_certificate(county.stranger, certificate.id)
    actions = set(db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == certificate.id)))
    assert actions == {"issue_certificate", "revoke_certificate"}
