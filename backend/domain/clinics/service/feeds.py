"""The secret address at which a calendar reads an expert's clinics: given anew, taken back."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql

from backend.domain.accounts.rules import new_secret, secret_hash
from backend.domain.audit.service import record_event
from backend.domain.clinics.models.clinics import CalendarFeed
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden
from backend.foundation.transaction import transaction


def give_feed(actor: Actor) -> str:
    """Return the secret of a new address for the actor's clinics, which is kept as a hash; the old one ends.

    Raises:
        Forbidden: the actor is on no roster.
    """
    if actor.person_id is None:
        raise Forbidden
    secret = new_secret()
    values = {"secret_hash": secret_hash(secret), "created_at": clock.now()}
    statement = postgresql.insert(CalendarFeed).values(person_id=actor.person_id, **values)
    with transaction() as session:
        session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
        record_event(actor, "give_calendar_feed", "person", actor.person_id)
    return secret


def end_feed(actor: Actor) -> None:
    """End the address of the actor's clinics, if there is one.

    Raises:
        Forbidden: the actor is on no roster.
    """
    if actor.person_id is None:
        raise Forbidden
    with transaction() as session:
        session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == actor.person_id))
        record_event(actor, "end_calendar_feed", "person", actor.person_id)
