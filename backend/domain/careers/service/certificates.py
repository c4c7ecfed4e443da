"""Issuing a certificate of service (服务证明): what it says is frozen with it; and revoking one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action
from backend.domain.accounts.models import Person
from backend.domain.audit.service import record_event
from backend.domain.careers.errors.promotion import (
    CertificateIssued,
    CertificateNotFound,
    CertificateRevoked,
    NoRuleForTitle,
    NotEligible,
)
from backend.domain.careers.models.promotion import ServiceCertificate
from backend.domain.careers.printing.certificate import PrintedCertificate
from backend.domain.careers.queries.eligibility import Judged, judge_person
from backend.domain.careers.queries.papers import get_certificate, valid_codes
from backend.domain.careers.rules.conditions import sentence_of
from backend.domain.careers.rules.eligibility import Finding, arithmetic_of, total_of
from backend.domain.careers.rules.service_days import EXCLUDED_LABELS, Segment
from backend.domain.careers.service.earlier_services import writable_person
from backend.domain.careers.service.promotion_rules import require_reason
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.codes import new_verification_code
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


def issue_certificate(actor: Actor, person_id: UUID, title: str) -> ServiceCertificate:
    """Certify that somebody's service meets every rule for a title today, with the rules and the arithmetic.

    Raises:
        PersonUnknown, Forbidden, OwnRecord: as in writable_person.
        NoRuleForTitle: nobody has said what the title asks.
        NotEligible: a rule is not met.
        CertificateIssued: one that holds was issued before.
    """
    if actor.person_id is None:
        raise Forbidden
    with transaction() as session:
        person = writable_person(actor, person_id)
        one_at_a_time = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
        session.execute(one_at_a_time)
        judged = next(iter(judge_person(person, clock.today(), [title])), None)
        if judged is None:
            raise NoRuleForTitle
        if not judged.verdict.is_eligible:
            raise NotEligible
        if valid_codes([person_id]).get((person_id, title)):
            raise CertificateIssued
        certificate = ServiceCertificate(
            id=new_id(),
            person_id=person.id,
            organisation_id=person.organisation_id,
            title=title,
            facts=facts_of(judged),
            verification_code=new_verification_code(),
            issued_by_person_id=actor.person_id,
            issued_at=clock.now(),
        )
        session.add(certificate)
        session.flush()
        _record(actor, "issue_certificate", certificate)
        _tell(certificate, "服务证明已出具", f"{title}的服务证明已出具，可在“服务年限”中下载。")
        return certificate


def revoke_certificate(actor: Actor, certificate_id: UUID, *, reason: str) -> ServiceCertificate:
    """Revoke a certificate: whoever looks its code up is told so.

    Raises:
        CertificateNotFound, Forbidden: it is not the actor's to revoke.
        OwnRecord: it is about the actor.
        CertificateRevoked: it was revoked already.
        ReasonNeeded: nothing is said.
    """
    require_reason(reason)
    with transaction() as session:
        certificate = get_certificate(actor, certificate_id, Action.WRITE)
        writable_person(actor, certificate.person_id)
        session.refresh(certificate, with_for_update=True)
        if certificate.revoked_at is not None:
            raise CertificateRevoked
        certificate.revoked_at = clock.now()
        certificate.revoke_reason = reason.strip()
        session.flush()
        _record(actor, "revoke_certificate", certificate)
        _tell(certificate, "服务证明已作废", f"{certificate.title}的服务证明已作废。原因：{reason.strip()}")
        return certificate


def facts_of(judged: Judged) -> dict[str, Any]:
    """Return what a certificate says, in words: whoever reads it later needs nothing else."""
    verdict = judged.verdict
    return {
        "person": _person_facts(judged.person),
        "title": verdict.title,
        "on": verdict.on.isoformat(),
        "rules": [_rule_facts(finding) for finding in verdict.findings],
    }


def _person_facts(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "staff_number": person.staff_number,
        "title": person.title,
        "department": person.department.name if person.department else "",
        "organisation": person.organisation.name,
    }


def _rule_facts(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.demand.name,
        "set_by": finding.demand.set_by,
        "document": finding.demand.document,
        "sentence": sentence_of(finding.demand),
        "required_days": finding.demand.required_days,
        "counted_halves": finding.counted,
        "total": total_of(finding),
        "segments": [_segment_facts(segment) for segment in finding.segments],
    }


def _segment_facts(segment: Segment) -> dict[str, Any]:
    return {
        "place": segment.stay.place,
        "from": segment.starts_on.isoformat(),
        "to": segment.ends_on.isoformat(),
        "is_earlier": segment.stay.is_earlier,
        "days": segment.days,
        "excluded": [
            {"reason": EXCLUDED_LABELS[reason], "halves": halves} for reason, halves in segment.excluded.items()
        ],
        "counted_halves": segment.counted,
        "evaluation": segment.stay.evaluation_label,
        "arithmetic": arithmetic_of(segment),
    }


def readable_certificate(actor: Actor, certificate_id: UUID) -> ServiceCertificate:
    """Return a certificate to be read or printed; that another's is, leaves a trace.

    Raises:
        CertificateNotFound, Forbidden: as in get_certificate.
    """
    with transaction():
        certificate = get_certificate(actor, certificate_id)
        if certificate.person_id != actor.person_id:
            _record(actor, "read_certificate", certificate)
        return certificate


def open_own_certificate(actor: Actor, certificate_id: UUID) -> ServiceCertificate:
    """Return a certificate of the actor's own.

    Raises:
        CertificateNotFound: there is none, or it is somebody else's.
    """
    certificate = db.session.get(ServiceCertificate, certificate_id)
    if certificate is None or certificate.person_id != actor.person_id:
        raise CertificateNotFound
    return certificate


def printed_certificate(certificate: ServiceCertificate, *, verify_at: str) -> PrintedCertificate:
    """Return a certificate as it is printed; `verify_at` is the address to which the code is added."""
    revoked_at = certificate.revoked_at
    return PrintedCertificate(
        facts=certificate.facts,
        issued_on=clock.local(certificate.issued_at).date(),
        issuer=certificate.issued_by.name,
        code=certificate.verification_code,
        verify_at=verify_at,
        revoked_on=clock.local(revoked_at).date() if revoked_at else None,
    )


def _tell(certificate: ServiceCertificate, title: str, body: str) -> None:
    notice = Notice(NoticeKind.CERTIFICATE_ISSUED, title, body, "/doctor/service/index")
    owe_notice(certificate.person_id, notice, dedupe_key=f"{notice.kind}:{certificate.id}:{title}")


def _record(actor: Actor, action: str, certificate: ServiceCertificate) -> None:
    record_event(
        actor,
        action,
        "service_certificate",
        certificate.id,
        organisation_id=certificate.organisation_id,
        person_id=str(certificate.person_id),
    )
