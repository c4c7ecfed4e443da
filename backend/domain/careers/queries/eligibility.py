"""Reading who may apply for a title: a hospital's list in a fixed number of statements, and one person whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Party, Resource, parties_with
from backend.domain.accounts.models import Person
from backend.domain.careers.errors.promotion import PersonUnknown
from backend.domain.careers.queries.promotion_rules import demands_of
from backend.domain.careers.queries.stays import refusals_of, stays_of
from backend.domain.careers.rules.eligibility import (
    Missing,
    Verdict,
    codes_missing,
    earliest_for,
    judge_title,
    what_is_missing,
)
from backend.domain.careers.rules.service_days import Stay
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import (
    organisations_under,
    parties_to_own,
    require_right,
)
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.titles import may_follow
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.paging import Page


@dataclass(frozen=True)
class Judged:
    """Somebody's verdict for one title, with all that it rests on."""

    person: Person
    verdict: Verdict
    stays: Sequence[Stay]
    refusals: Sequence[date]

    @property
    def missing(self) -> list[Missing]:
        return what_is_missing(self.verdict, self.stays)

    @property
    def by(self) -> date | None:
        """Return the day on which the title can be applied for at the earliest, as far as anybody can tell."""
        return earliest_for(self.verdict, self.missing)


@dataclass(frozen=True)
class Wanted:
    """How the list is narrowed: `missing` is a code of `MISSING_LABELS`."""

    eligible: bool | None = None
    missing: str = ""
    text: str = ""


@dataclass(frozen=True)
class EligibilityList:
    """One page of a hospital's list, and how many of all of its people are what."""

    page: Page[Judged]
    eligible: int
    not_eligible: int


def hospitals_to_judge(actor: Actor) -> list[Organisation]:
    """Return the organisations whose people's service the actor may read: their own, of a bureau all hospitals below.

    Raises:
        Forbidden: the current role may read none.
    """
    if not parties_with(actor.role, Action.READ, Resource.PROMOTION) - {Party.SELF}:
        raise Forbidden
    if actor.organisation_id is None:
        return []
    statement = select(Organisation).where(Organisation.id == actor.organisation_id)
    if actor.role is Role.BUREAU:
        below = Organisation.id.in_(organisations_under(actor.organisation_id))
        employs = select(Person.id).where(Person.organisation_id == Organisation.id).exists()
        statement = select(Organisation).where(below, employs, Organisation.kind != OrganisationKind.BUREAU)
    return list(db.session.scalars(statement.order_by(Organisation.code)))


def titles_of(organisation_id: UUID, on: date) -> list[str]:
    """Return the titles for which somebody said what is asked."""
    return list(demands_of([organisation_id], on)[organisation_id])


def list_eligibility(
    actor: Actor,
    organisation_id: UUID,
    title: str,
    on: date,
    wanted: Wanted = Wanted(),
    *,
    page: int = 1,
    page_size: int = 50,
) -> EligibilityList:
    """Return a hospital's people, judged for a title, those who may apply first, then by what they still need.

    Raises:
        NotFound, Forbidden: the hospital's people are not the actor's to read.
    """
    everybody = judge_hospital(actor, organisation_id, title, on)
    chosen = [judged for judged in everybody if _is_wanted(judged, wanted)]
    chosen.sort(key=lambda one: (not one.verdict.is_eligible, one.verdict.tightest.short, one.person.staff_number))
    eligible = sum(judged.verdict.is_eligible for judged in everybody)
    shown = Page(chosen[(page - 1) * page_size : page * page_size], page, page_size, len(chosen))
    return EligibilityList(shown, eligible, len(everybody) - eligible)


def judge_hospital(actor: Actor, organisation_id: UUID, title: str, on: date) -> list[Judged]:
    """Return the verdict of everybody on a hospital's roster who may seek a title; of nobody where it asks nothing.

    Raises:
        NotFound, Forbidden: as in list_eligibility.
    """
    require_right(actor, Action.READ, Resource.PROMOTION, parties_to_own(actor, organisation_id))
    demands = demands_of([organisation_id], on)[organisation_id].get(title)
    if not demands:
        return []
    people = [person for person in db.session.scalars(_roster(organisation_id)) if may_follow(title, person.title)]
    ids = [person.id for person in people]
    stays, refusals = stays_of(ids), refusals_of(ids)
    return [
        Judged(
            person,
            judge_title(title, demands, stays.get(person.id, []), refusals.get(person.id, []), on),
            stays.get(person.id, []),
            refusals.get(person.id, []),
        )
        for person in people
    ]


def _roster(organisation_id: UUID) -> Select[Person]:
    return (
        select(Person)
        .where(Person.organisation_id == organisation_id, Person.disabled_at.is_(None))
        .options(joinedload(Person.department))
        .order_by(Person.staff_number)
    )


def _is_wanted(judged: Judged, wanted: Wanted) -> bool:
    if wanted.eligible is not None and judged.verdict.is_eligible is not wanted.eligible:
        return False
    if wanted.missing and wanted.missing not in codes_missing(judged.verdict):
        return False
    person, text = judged.person, wanted.text.strip()
    return not text or text in person.name or text in person.title or person.staff_number.startswith(text)


def judge_person(person: Person, on: date, titles: Iterable[str] | None = None) -> list[Judged]:
    """Return somebody's verdicts for these titles, or all that they may seek and of which something is asked.

    Who reads is settled by who calls.
    """
    demands = demands_of([person.organisation_id], on)[person.organisation_id]
    stays = stays_of([person.id]).get(person.id, [])
    refusals = refusals_of([person.id]).get(person.id, [])
    if titles is None:
        titles = [title for title in demands if may_follow(title, person.title)]
    chosen = [title for title in titles if title in demands]
    return [
        Judged(person, judge_title(title, demands[title], stays, refusals, on), stays, refusals) for title in chosen
    ]


def own_promotion(actor: Actor) -> list[Judged]:
    """Return the actor's own verdicts today; none for who is on no roster."""
    person = db.session.get(Person, actor.person_id) if actor.person_id is not None else None
    return judge_person(person, clock.today()) if person is not None else []


def get_person_to_judge(actor: Actor, person_id: UUID, action: Action = Action.READ) -> Person:
    """Return somebody on whose record the actor may act so.

    Raises:
        PersonUnknown: there is nobody of this id, or they are another organisation's.
        Forbidden: the current role has no such right.
    """
    statement = select(Person).where(Person.id == person_id)
    person = db.session.scalars(
        statement.options(joinedload(Person.department), joinedload(Person.organisation))
    ).one_or_none()
    if person is None:
        raise PersonUnknown
    parties = parties_to_own(actor, person.organisation_id)
    own = {Party.SELF} if actor.person_id == person_id else set()
    try:
        require_right(actor, action, Resource.PROMOTION, parties | own)
    except NotFound:
        raise PersonUnknown from None
    return person
