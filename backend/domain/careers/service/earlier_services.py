"""Entering service that the product did not see, from its paper, and taking it back."""

from __future__ import annotations

from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.accounts.models import Person
from backend.domain.attachments.errors import PaperKindRefused
from backend.domain.attachments.queries import File, read_file
from backend.domain.attachments.rules import PAPERS
from backend.domain.attachments.service.files import store_file
from backend.domain.audit.service import record_event
from backend.domain.careers.errors.promotion import (
    OwnRecord,
    PaperFiled,
    PaperNotFound,
    PaperWithdrawn,
    ServiceInvalid,
    ServiceOverlaps,
)
from backend.domain.careers.models.promotion import EarlierService
from backend.domain.careers.queries.eligibility import get_person_to_judge
from backend.domain.careers.queries.papers import get_service
from backend.domain.careers.rules.drafts import ServiceDraft, why_not_service
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

Upload = tuple[str, bytes]
"""The name of a file and what is in it."""


def enter_service(actor: Actor, person_id: UUID, draft: ServiceDraft, paper: Upload | None) -> EarlierService:
    """Enter service from a paper; without the paper itself it is kept, but does not count.

    Raises:
        PersonUnknown, Forbidden: the person's record is not the actor's to keep.
        OwnRecord: it is the actor's own.
        ServiceInvalid: it cannot be service that somebody did.
        ServiceOverlaps: another paper of the same days was entered.
        FileEmpty, FileTooLarge, FileKindRefused, TooManyFiles, PaperKindRefused: of the paper.
    """
    person = writable_person(actor, person_id)
    wrong = why_not_service(draft, clock.today())
    if wrong:
        raise ServiceInvalid(fields=wrong)
    with transaction() as session:
        service = EarlierService(
            id=new_id(),
            person_id=person_id,
            organisation_name=draft.organisation_name.strip(),
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            served_days=draft.served_days,
            evaluation_passed=draft.evaluation_passed,
            document_title=draft.document_title.strip(),
            document_number=draft.document_number.strip(),
            attachment_id=_kept(actor, paper) if paper else None,
            entered_by_person_id=actor.person_id,
            entered_at=clock.now(),
        )
        with refusals({"earlier_services_once_excl": ServiceOverlaps}), session.begin_nested():
            session.add(service)
        _record(actor, "enter_service", service, person)
        return service


def file_service_paper(actor: Actor, service_id: UUID, paper: Upload) -> EarlierService:
    """Add the paper to service that was entered without it: from now on it counts.

    Raises:
        PaperNotFound, Forbidden, OwnRecord, PaperWithdrawn: as in withdraw_service.
        PaperFiled: it has one already.
        FileEmpty, FileTooLarge, FileKindRefused, TooManyFiles, PaperKindRefused: of the paper.
    """
    with transaction():
        service, person = _standing(actor, service_id)
        if service.attachment_id is not None:
            raise PaperFiled
        service.attachment_id = _kept(actor, paper)
        _record(actor, "file_service_paper", service, person)
        return service


def withdraw_service(actor: Actor, service_id: UUID) -> EarlierService:
    """Take service back that was entered; it stays to be seen, and counts no more.

    Raises:
        PaperNotFound, Forbidden: it is not the actor's to keep.
        OwnRecord: it is about the actor.
        PaperWithdrawn: it was taken back already.
    """
    with transaction():
        service, person = _standing(actor, service_id)
        service.withdrawn_at = clock.now()
        _record(actor, "withdraw_service", service, person)
        return service


def read_service_paper(actor: Actor, service_id: UUID) -> File:
    """Return the paper of service that was entered; it is audited.

    Raises:
        PaperNotFound: there is none.
        Forbidden: it is not the actor's to read.
    """
    with transaction():
        service = get_service(actor, service_id)
        if service.attachment_id is None:
            raise PaperNotFound
        person = get_person_to_judge(actor, service.person_id)
        _record(actor, "read_service_paper", service, person)
        return read_file(service.attachment_id)


def writable_person(actor: Actor, person_id: UUID) -> Person:
    """Return somebody whose record the actor keeps: never their own.

    Raises:
        PersonUnknown, Forbidden, OwnRecord: it is not theirs to keep.
    """
    person = get_person_to_judge(actor, person_id, Action.WRITE)
    if actor.person_id == person_id:
        raise OwnRecord
    return person


def _standing(actor: Actor, service_id: UUID) -> tuple[EarlierService, Person]:
    service = get_service(actor, service_id, Action.WRITE)
    person = writable_person(actor, service.person_id)
    if service.withdrawn_at is not None:
        raise PaperWithdrawn
    return service, person


def _kept(actor: Actor, paper: Upload) -> UUID:
    attachment = store_file(actor, *paper)
    if attachment.content_type not in PAPERS:
        raise PaperKindRefused
    return attachment.id


def _record(actor: Actor, action: str, service: EarlierService, person: Person) -> None:
    record_event(
        actor,
        action,
        "earlier_service",
        service.id,
        organisation_id=person.organisation_id,
        person_id=str(person.id),
    )
