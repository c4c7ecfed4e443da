"""The demo's rules of promotion, by the Physicians Law and an (invented) local document, and what personnel keeps.

That is service before the product with its paper, some without, a refusal, and a certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.careers.rules.drafts import PromotionRuleDraft, ServiceDraft
from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.careers.service.certificates import issue_certificate
from backend.domain.careers.service.earlier_services import Upload, enter_service
from backend.domain.careers.service.promotion_rules import approve_rule, propose_rule
from backend.domain.careers.service.refusals import record_refusal
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.paper import Paper

ASSOCIATE_CHIEF, ATTENDING = "副主任医师", "主治医师"
_BEFORE = "青禾县第二人民医院"  # where somebody served before the product came


def settle_promotion(hospital_code: str) -> None:
    """Let the hospital have its rules, and its personnel office keep papers of some who were sent."""
    personnel, dean = _holder(hospital_code, "P0001", Role.PERSONNEL), _holder(hospital_code, "D0001", Role.DEAN)
    year = clock.today().year
    with _on(date(year - 1, 1, 5)):
        for draft in _rules(year):
            rule = propose_rule(personnel, draft)
            approve_rule(dean, rule.id, rule.version)
    served, unproven, refused = _attending_physicians(hospital_code)
    enter_service(personnel, served.id, _year_elsewhere(year - 3), _paper(served.name))
    enter_service(personnel, unproven.id, _year_elsewhere(year - 4), None)
    record_refusal(personnel, refused.id, date(year - 1, 6, 3), reason="本轮派驻通知后未到岗，亦未说明正当理由")
    issue_certificate(personnel, served.id, ASSOCIATE_CHIEF)


def _rules(year: int) -> tuple[PromotionRuleDraft, ...]:
    return (
        PromotionRuleDraft(
            title=ASSOCIATE_CHIEF,
            name="医师法第四十六条",
            starts_on=date(2022, 3, 1),
            measure=ServiceMeasure.CALENDAR_DAYS,
            required_days=365,
            refusal_blocks_months=24,
            document_title="中华人民共和国医师法",
            document_number="主席令第九十四号",
        ),
        PromotionRuleDraft(
            title=ATTENDING,
            name="中级职称下乡要求",
            starts_on=date(year - 1, 1, 1),
            measure=ServiceMeasure.CALENDAR_DAYS,
            required_days=180,
            days_a_week=3,
            needs_evaluation=True,
            document_title="青禾县卫生专业技术人员晋升前下基层服务管理办法（演示）",
            document_number=f"青禾卫发〔{year - 1}〕9号",
        ),
    )


def _year_elsewhere(year: int) -> ServiceDraft:
    return ServiceDraft(
        organisation_name=_BEFORE,
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        served_days=236,
        evaluation_passed=True,
        document_title="对口支援服务证明",
        document_number=f"青禾二院〔{year + 1}〕2号",
    )


def _paper(name: str) -> Upload:
    paper = Paper("对口支援服务证明")
    paper.text(paper.width / 2, 120, "对口支援服务证明（演示）", 22, align="center", bold=True)
    paper.text(90, 190, f"兹证明{name}同志在我院服务一年，鉴定合格。", 14)
    paper.text(90, 230, _BEFORE, 14)
    return "对口支援服务证明.pdf", paper.to_pdf()


def _attending_physicians(hospital_code: str) -> list[Person]:
    statement = (
        select(Person)
        .join(Person.organisation)
        .where(Organisation.code == hospital_code, Person.title == ATTENDING, Person.staff_number.startswith("A"))
    )
    return list(db.session.scalars(statement.order_by(Person.staff_number).limit(3)))


def _holder(hospital_code: str, staff_number: str, role: Role) -> Actor:
    of_hospital = select(Person).join(Person.organisation).where(Organisation.code == hospital_code)
    person = db.session.scalars(of_hospital.where(Person.staff_number == staff_number)).one()
    return Actor(person_id=person.id, role=role, organisation_id=person.organisation_id, channel="command")


@contextmanager
def _on(day: date) -> Iterator[None]:
    with clock.as_of(datetime.combine(day, time(9), SHANGHAI)):
        yield
