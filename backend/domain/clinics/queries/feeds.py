"""The clinics of one expert as a calendar reads them, by the secret of its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.accounts.models import Person
from backend.domain.accounts.rules import secret_hash
from backend.domain.clinics.models.clinics import CalendarFeed, Clinic
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.queries.named import names_of_clinic
from backend.domain.clinics.rules.closures import REASON_LABELS
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.errors import NotFound

_BEFORE, _AFTER = timedelta(days=30), timedelta(days=366)


@dataclass(frozen=True)
class FeedEntry:
    """A clinic in somebody's calendar, and why they are not to come, if they are not."""

    clinic: Clinic
    cancelled_for: str | None


@dataclass(frozen=True)
class Feed:
    """Somebody's clinics, from a month ago to a year ahead."""

    person: Person
    entries: Sequence[FeedEntry]


def get_feed(secret: str) -> Feed:
    """Return the calendar of a secret address.

    Raises:
        NotFound: no such address, or no more; or its person has been disabled.
    """
    found = (
        select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.secret_hash == secret_hash(secret), Person.disabled_at.is_(None))
    )
    person = db.session.scalars(found).one_or_none()
    if person is None:
        raise NotFound
    today = clock.today()
    clinics = _clinics_of(person, today - _BEFORE, today + _AFTER)
    closures = _closures_of(clinics)
    return Feed(person, [FeedEntry(clinic, _why_cancelled(person, clinic, closures)) for clinic in clinics])


def _clinics_of(person: Person, first: date, last: date) -> Sequence[Clinic]:
    # Those in which somebody else comes now as well: a calendar that has them must learn of it.
    statement = (
        select(Clinic)
        .where(
            or_(Clinic.person_id == person.id, Clinic.replaces_person_id == person.id),
            Clinic.held_on.between(first, last),
        )
        .options(*names_of_clinic(), joinedload(Clinic.local_doctor), selectinload(Clinic.periods))
        .order_by(Clinic.starts_at, Clinic.id)
    )
    return db.session.scalars(statement).all()


def _closures_of(clinics: Sequence[Clinic]) -> dict[object, ClinicClosure]:
    statement = select(ClinicClosure).where(ClinicClosure.clinic_id.in_([clinic.id for clinic in clinics]))
    return {closure.clinic_id: closure for closure in db.session.scalars(statement)}


def _why_cancelled(person: Person, clinic: Clinic, closures: dict[object, ClinicClosure]) -> str | None:
    if clinic.person_id != person.id:
        return f"由{clinic.expert.name}替诊"
    closure = closures.get(clinic.id)
    return f"停诊：{REASON_LABELS[closure.reason]}" if closure else None
