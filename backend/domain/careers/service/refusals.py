"""Recording that somebody who was asked to go refused, and taking it back; what follows is a rule's."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.accounts.models import Person
from backend.domain.audit.service import record_event
from backend.domain.careers.errors.promotion import PaperWithdrawn, ServiceInvalid
from backend.domain.careers.models.promotion import ServiceRefusal
from backend.domain.careers.queries.papers import get_refusal
from backend.domain.careers.service.earlier_services import writable_person
from backend.domain.careers.service.promotion_rules import require_reason
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


def record_refusal(actor: Actor, person_id: UUID, refused_on: date, *, reason: str) -> ServiceRefusal:
    """Record that somebody refused to go.

    Raises:
        PersonUnknown, Forbidden, OwnRecord: as in writable_person.
        ReasonNeeded: nothing is said.
        ServiceInvalid: the day is still to come.
    """
    person = writable_person(actor, person_id)
    require_reason(reason)
    if refused_on > clock.today():
        raise ServiceInvalid(fields={"refused_on": ["拒绝日期不能晚于今天。"]})
    with transaction() as session:
        refusal = ServiceRefusal(
            id=new_id(),
            person_id=person_id,
            refused_on=refused_on,
            reason=reason.strip(),
            entered_by_person_id=actor.person_id,
            entered_at=clock.now(),
        )
        session.add(refusal)
        session.flush()
        _record(actor, "record_refusal", refusal, person)
        return refusal


def withdraw_refusal(actor: Actor, refusal_id: UUID) -> ServiceRefusal:
    """Take a recorded refusal back; it stays to be seen, and nothing follows from it any more.

    Raises:
        PaperNotFound, Forbidden, OwnRecord: it is not the actor's to keep.
        PaperWithdrawn: it was taken back already.
    """
    with transaction():
        refusal = get_refusal(actor, refusal_id, Action.WRITE)
        person = writable_person(actor, refusal.person_id)
        if refusal.withdrawn_at is not None:
            raise PaperWithdrawn
        refusal.withdrawn_at = clock.now()
        _record(actor, "withdraw_refusal", refusal, person)
        return refusal


def _record(actor: Actor, action: str, refusal: ServiceRefusal, person: Person) -> None:
    record_event(
        actor,
        action,
        "service_refusal",
        refusal.id,
        organisation_id=person.organisation_id,
        person_id=str(person.id),
    )
