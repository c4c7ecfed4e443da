"""Looking any printed paper up by its code: what anybody with the paper in their hands may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from backend.domain.accounts.models import Person
from backend.domain.accounts.service.throttling import CODE_BY_ADDRESS, counting_failures
from backend.domain.attendance.service.verification import Verified, find_verified, masked_name
from backend.domain.careers.errors.verification import VerificationCodeUnknown
from backend.domain.careers.models.promotion import ServiceCertificate
from backend.domain.careers.queries.eligibility import judge_person
from backend.domain.careers.queries.papers import find_certificate_by_code
from backend.domain.careers.rules.conditions import sentence_of
from backend.domain.careers.service.evaluation_verification import VerifiedEvaluation, find_verified_evaluation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.codes import tidy_code


@dataclass(frozen=True)
class VerifiedCertificate:
    """A certificate of service: no more than is needed to tell that a paper agrees with the record."""

    certificate_id: UUID
    person_id: UUID
    organisation_name: str
    masked_name: str
    title: str
    totals: tuple[tuple[str, str], ...]  # of each rule: its name, and how the days add up
    issued_on: date
    revoked_on: date | None
    still_met: bool  # by the record as it is now, with what was amended or withdrawn since


Paper = Verified | VerifiedCertificate | VerifiedEvaluation


def verify_paper(text: str, address: str) -> Paper:
    """Return what a code, as somebody typed or scanned it, stands for; `address` is where they ask from.

    Raises:
        VerificationCodeUnknown: no paper of ours carries it.
        TooManyAttempts: too many unknown codes were tried from there.
        Unavailable: attempts cannot be counted.
    """
    code = tidy_code(text)
    with counting_failures((CODE_BY_ADDRESS, address), failure=VerificationCodeUnknown):
        found = next((paper for find in _FINDERS if (paper := find(code)) is not None), None) if code else None
        if found is None:
            raise VerificationCodeUnknown
    return found


def find_verified_certificate(code: str) -> VerifiedCertificate | None:
    """Return the certificate that carries a code, a revoked one too: that it is revoked is what is to be told."""
    certificate = find_certificate_by_code(code)
    return _told(certificate) if certificate is not None else None


def _told(certificate: ServiceCertificate) -> VerifiedCertificate:
    revoked_at = certificate.revoked_at
    return VerifiedCertificate(
        certificate_id=certificate.id,
        person_id=certificate.person_id,
        organisation_name=certificate.facts["person"]["organisation"],
        masked_name=masked_name(certificate.facts["person"]["name"]),
        title=certificate.title,
        totals=tuple((rule["name"], rule["total"]) for rule in certificate.facts["rules"]),
        issued_on=clock.local(certificate.issued_at).date(),
        revoked_on=clock.local(revoked_at).date() if revoked_at else None,
        still_met=_is_still_met(certificate),
    )


def _is_still_met(certificate: ServiceCertificate) -> bool:
    """Tell whether the days of a certificate are there still: months are amended, papers withdrawn after it.

    It is judged on its own day by its own rules; what has been asked since says nothing about it.
    """
    person = db.session.get_one(Person, certificate.person_id)
    certified = {(rule["name"], rule["document"], rule["sentence"]) for rule in certificate.facts["rules"]}
    return not any(
        finding.short and (finding.demand.name, finding.demand.document, sentence_of(finding.demand)) in certified
        for judged in judge_person(person, date.fromisoformat(certificate.facts["on"]), [certificate.title])
        for finding in judged.verdict.findings
    )


_FINDERS: tuple[Callable[[str], Paper | None], ...] = (
    find_verified,
    find_verified_evaluation,
    find_verified_certificate,
)
