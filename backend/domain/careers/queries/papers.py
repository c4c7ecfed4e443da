"""Reading what the personnel office entered about somebody: service from papers, refusals, and certificates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action
from backend.domain.careers.errors.promotion import CertificateNotFound, PaperNotFound, PersonUnknown
from backend.domain.careers.models.promotion import EarlierService, ServiceCertificate, ServiceRefusal
from backend.domain.careers.queries.eligibility import get_person_to_judge
from backend.extensions import db
from backend.foundation.actor import Actor


@dataclass(frozen=True)
class Papers:
    """All of somebody's, the latest first, withdrawn and revoked ones too."""

    services: Sequence[EarlierService]
    refusals: Sequence[ServiceRefusal]
    certificates: Sequence[ServiceCertificate]


def papers_of(person_id: UUID) -> Papers:
    """Return what was entered about somebody, without asking who reads."""
    session = db.session
    services = (
        select(EarlierService)
        .where(EarlierService.person_id == person_id)
        .options(joinedload(EarlierService.attachment))
        .order_by(EarlierService.starts_on.desc(), EarlierService.entered_at.desc())
    )
    refusals = (
        select(ServiceRefusal)
        .where(ServiceRefusal.person_id == person_id)
        .order_by(ServiceRefusal.refused_on.desc(), ServiceRefusal.entered_at.desc())
    )
    return Papers(session.scalars(services).all(), session.scalars(refusals).all(), certificates_of(person_id))


def certificates_of(person_id: UUID) -> list[ServiceCertificate]:
    """Return somebody's certificates, the latest first, without asking who reads."""
    statement = select(ServiceCertificate).where(ServiceCertificate.person_id == person_id)
    return list(db.session.scalars(statement.order_by(ServiceCertificate.issued_at.desc())))


def own_certificates(actor: Actor) -> list[ServiceCertificate]:
    """Return the actor's own certificates; none for who is on no roster."""
    return certificates_of(actor.person_id) if actor.person_id is not None else []


def valid_codes(person_ids: Collection[UUID]) -> dict[tuple[UUID, str], list[str]]:
    """Return the codes of the certificates that hold, by person and title."""
    statement = select(
        ServiceCertificate.person_id, ServiceCertificate.title, ServiceCertificate.verification_code
    ).where(ServiceCertificate.person_id.in_(person_ids), ServiceCertificate.revoked_at.is_(None))
    codes: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for person_id, title, code in db.session.execute(statement.order_by(ServiceCertificate.issued_at)):
        codes[person_id, title].append(code)
    return codes


def get_service(actor: Actor, service_id: UUID, action: Action = Action.READ) -> EarlierService:
    """Return service entered from a paper on which the actor may act so.

    Raises:
        PaperNotFound: there is none, or it is about another organisation's person.
        Forbidden: the current role has no such right.
    """
    service = db.session.get(EarlierService, service_id, populate_existing=True)
    if service is None:
        raise PaperNotFound
    _require(actor, service.person_id, action)
    return service


def get_refusal(actor: Actor, refusal_id: UUID, action: Action = Action.READ) -> ServiceRefusal:
    """Return a recorded refusal on which the actor may act so.

    Raises:
        PaperNotFound, Forbidden: as in get_service.
    """
    refusal = db.session.get(ServiceRefusal, refusal_id, populate_existing=True)
    if refusal is None:
        raise PaperNotFound
    _require(actor, refusal.person_id, action)
    return refusal


def get_certificate(actor: Actor, certificate_id: UUID, action: Action = Action.READ) -> ServiceCertificate:
    """Return a certificate on which the actor may act so.

    Raises:
        CertificateNotFound: there is none, or it is about another organisation's person.
        Forbidden: the current role has no such right.
    """
    certificate = db.session.get(ServiceCertificate, certificate_id, populate_existing=True)
    if certificate is None:
        raise CertificateNotFound
    try:
        get_person_to_judge(actor, certificate.person_id, action)
    except PersonUnknown:
        raise CertificateNotFound from None
    return certificate


def find_certificate_by_code(code: str) -> ServiceCertificate | None:
    """Return the certificate that carries this code, revoked or not."""
    statement = select(ServiceCertificate).where(ServiceCertificate.verification_code == code)
    return db.session.scalars(statement).one_or_none()


def _require(actor: Actor, person_id: UUID, action: Action) -> None:
    try:
        get_person_to_judge(actor, person_id, action)
    except PersonUnknown:
        raise PaperNotFound from None
