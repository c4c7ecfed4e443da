"""Reading whether experts can be where their clinics are planned: found by query, for dispatches never call up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import contains_eager

from backend.domain.attendance.queries.absences import absences_of
from backend.domain.attendance.rules.absences import Absence
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.presence import Claim, Conflict, find_conflict, shifts_needed
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.extensions import db
from backend.foundation import clock


@dataclass(frozen=True)
class Presence:
    """Where people are sent in a period, and when they are away."""

    patterns: Mapping[UUID, list[DutyPattern]]  # by person
    absences: Mapping[UUID, list[Absence]]  # by dispatch

    def claims(self, person_id: UUID, day: date) -> list[Claim]:
        """Return what the dispatches of a person claim of a day."""
        rows = [row for row in self.patterns.get(person_id, []) if day in row.during and day <= row.dispatch.ends_on]
        return [
            Claim(
                recipient_id=row.dispatch.recipient_id,
                recipient_name=row.dispatch.recipient.name,
                supporting_id=row.dispatch.supporting_id,
                shifts=row.pattern.shifts_on(day),
                absences=self.absences.get(row.dispatch_id, []),
            )
            for row in rows
        ]


def presence_of(person_ids: Collection[UUID], first: date, last: date) -> Presence:
    """Return where these people are sent in a period, in three statements however many they are."""
    statement = (
        select(DutyPattern)
        .join(DutyPattern.dispatch)
        .join(Dispatch.recipient)
        .options(contains_eager(DutyPattern.dispatch).contains_eager(Dispatch.recipient))
        .where(
            DutyPattern.person_id.in_(person_ids),
            DutyPattern.during.overlaps(Range(first, last, bounds="[]")),
            Dispatch.cancelled_at.is_(None),
        )
        .order_by(DutyPattern.during)
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[DutyPattern]] = defaultdict(list)
    for row in db.session.scalars(statement):
        found[row.person_id].append(row)
    dispatch_ids = {row.dispatch_id for rows in found.values() for row in rows}
    return Presence(found, absences_of(dispatch_ids, first, last))


def conflicts_of(clinics: Iterable[Clinic]) -> dict[UUID, Conflict]:
    """Return by id which of these clinics their expert cannot hold, as it stands now; of those to come only."""
    now = clock.now()
    coming = [one for one in clinics if one.status is ClinicStatus.SCHEDULED and one.ends_at > now]
    if not coming:
        return {}
    first, last = min(one.held_on for one in coming), max(one.held_on for one in coming)
    presence = presence_of({one.person_id for one in coming}, first, last)
    found = {one.id: conflict_of(one, presence) for one in coming}
    return {clinic_id: conflict for clinic_id, conflict in found.items() if conflict is not None}


def conflict_of(clinic: Clinic, presence: Presence) -> Conflict | None:
    """Return what keeps the expert from a clinic, None when nothing does."""
    needed = shifts_needed(clock.local(period.starts_at).time() for period in clinic.periods)
    return find_conflict(clinic.recipient_id, clinic.held_on, needed, presence.claims(clinic.person_id, clinic.held_on))
