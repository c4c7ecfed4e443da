"""Rules of promotion and months that were served, as rows, for tests that start from somebody's career."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus, last_of_month
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.models.promotion import EarlierService, PromotionRule, ServiceCertificate, ServiceRefusal
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade
from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.support.factories import make_person
from tests.support.timesheets import HALVES

ASSOCIATE_CHIEF = "副主任医师"


def make_promotion_rule(
    organisation: Organisation,
    *,
    title: str = ASSOCIATE_CHIEF,
    name: str = "医师法第四十六条",
    during: Range[date] | None = None,
    measure: ServiceMeasure = ServiceMeasure.CALENDAR_DAYS,
    required_days: int = 365,
    minimum_dispatch_days: int | None = None,
    days_a_week: int | None = None,
    needs_evaluation: bool = False,
    refusal_blocks_months: int | None = None,
    status: RuleStatus = RuleStatus.APPROVED,
    proposed_by: Person | None = None,
) -> PromotionRule:
    """Return a rule that holds since 2022 at an organisation and all below it, unless told otherwise."""
    is_decided = status in (RuleStatus.APPROVED, RuleStatus.REJECTED)
    rule = PromotionRule(
        id=new_id(),
        organisation_id=organisation.id,
        title=title,
        name=name,
        during=during or Range(date(2022, 3, 1), None),
        measure=measure,
        required_days=required_days,
        minimum_dispatch_days=minimum_dispatch_days,
        days_a_week=days_a_week,
        needs_evaluation=needs_evaluation,
        refusal_blocks_months=refusal_blocks_months,
        document_title="中华人民共和国医师法",
        document_number="主席令第九十四号",
        status=status,
        proposed_by_person_id=proposed_by.id if proposed_by else None,
        decided_at=clock.now() if is_decided else None,
    )
    db.session.add(rule)
    db.session.commit()
    return rule


def serve(
    dispatch: Dispatch,
    *,
    until: date | None = None,
    leave: Collection[date] = (),
    absent: Collection[date] = (),
    unsigned: Collection[date] = (),
    signer: Person | None = None,
) -> None:
    """Serve both halves of every weekday of a dispatch, and have its months countersigned but those of `unsigned`."""
    until = until or dispatch.ends_on
    standings = dict.fromkeys(leave, Standing.LEAVE) | dict.fromkeys(absent, Standing.ABSENT)
    shifts = [
        {
            "dispatch_id": dispatch.id,
            "duty_on": day,
            "shift": shift,
            "standing": standings.get(day, Standing.PRESENT),
            "working": True,
            "leave_kind": "sick" if day in leave else None,
            "concluded_at": clock.now(),
        }
        for day in days_between(dispatch.starts_on, until)
        for shift in HALVES
        if day.isoweekday() < 6
    ]
    db.session.execute(insert(DutyShift), shifts)
    signer = signer or make_person(dispatch.recipient, "郑明卫", roles=[Role.DIRECTOR])
    for month in _months(dispatch.starts_on, until):
        if month not in unsigned:
            _countersign(dispatch, month, signer)
    db.session.commit()


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = last_of_month(month) + timedelta(days=1)


def _countersign(dispatch: Dispatch, month: date, signer: Person) -> None:
    timesheet = Timesheet(
        id=new_id(),
        dispatch_id=dispatch.id,
        month=month,
        status=TimesheetStatus.COUNTERSIGNED,
        submitted_at=clock.now(),
        countersigned_at=clock.now(),
        countersigned_by_person_id=signer.id,
        countersigned_as=Role.DIRECTOR,
        verification_code=new_id().hex[-16:].upper(),
    )
    db.session.add(timesheet)


def make_evaluation(dispatch: Dispatch, grade: Grade | None = Grade.QUALIFIED) -> Evaluation:
    """Return the completed evaluation of a dispatch, or one that waits for the person where there is no grade."""
    evaluation = Evaluation(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        status=EvaluationStatus.COMPLETED if grade else EvaluationStatus.SELF,
        grade=grade,
        completed_at=clock.now() if grade else None,
        verification_code=new_id().hex[-16:].upper() if grade else None,
    )
    db.session.add(evaluation)
    db.session.commit()
    return evaluation


def make_earlier_service(person: Person, first: date, last: date, *, served_days: int | None = None) -> EarlierService:
    """Return service that was entered without its paper."""
    service = EarlierService(
        id=new_id(),
        person_id=person.id,
        organisation_name="石桥县中医医院",
        starts_on=first,
        ends_on=last,
        served_days=served_days or (last - first).days + 1,
        document_title="对口支援证明",
    )
    db.session.add(service)
    db.session.commit()
    return service


def make_certificate(person: Person, issuer: Person) -> ServiceCertificate:
    """Return a certificate of a year elsewhere, as it would be issued."""
    segment = {
        "place": "石桥县中医医院",
        "from": "2020-01-01",
        "to": "2020-12-31",
        "is_earlier": True,
        "days": 366,
        "excluded": [],
        "counted_halves": 732,
        "evaluation": "合格（据材料）",
        "arithmetic": "366天 = 366天",
    }
    rule = {
        "name": "医师法第四十六条",
        "set_by": "云岭县卫生健康局",
        "document": "《中华人民共和国医师法》（主席令第九十四号）",
        "sentence": "累计服务满365天（按日历天数）。",
        "required_days": 365,
        "counted_halves": 732,
        "total": "366天 ≥ 365天，天数符合",
        "segments": [segment],
    }
    who = {"name": person.name, "staff_number": person.staff_number, "title": person.title, "department": ""}
    certificate = ServiceCertificate(
        id=new_id(),
        person_id=person.id,
        organisation_id=person.organisation_id,
        title=ASSOCIATE_CHIEF,
        facts={
            "person": who | {"organisation": person.organisation.name},
            "title": ASSOCIATE_CHIEF,
            "on": "2026-11-20",
            "rules": [rule],
        },
        verification_code=new_id().hex[-16:].upper(),
        issued_by_person_id=issuer.id,
        issued_at=clock.now(),
    )
    db.session.add(certificate)
    db.session.commit()
    return certificate


def make_refusal(person: Person) -> ServiceRefusal:
    """Return a refusal of today."""
    refusal = ServiceRefusal(id=new_id(), person_id=person.id, refused_on=clock.today(), reason="家中有事")
    db.session.add(refusal)
    db.session.commit()
    return refusal
